//! Fields that a later migration adds to a log (`0009_delegate.sql`). The application may have columns of these names
//! already, so a field's own column may have the prefix `livetrail_`.

/// The fields, in the order in which rows are stored.
pub(super) const FIELDS: [&str; 3] = ["delegate_id", "delegate_type", "via"];
/// Their columns, where the application has another of the field's name.
const BESIDE: [&str; 3] = ["livetrail_delegate_id", "livetrail_delegate_type", "livetrail_via"];

/// The column of each field, given whether the log has a column of some name.
pub(super) fn columns(has: impl Fn(&str) -> bool) -> [&'static str; FIELDS.len()] {
    std::array::from_fn(|index| if has(BESIDE[index]) { BESIDE[index] } else { FIELDS[index] })
}

/// Every name that a column of these fields may have.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().chain(BESIDE)
}
