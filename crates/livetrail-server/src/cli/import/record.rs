use std::borrow::Cow;

/// One record of the import.
pub(super) struct Record<'a> {
    /// The number of its line, or of its row.
    pub(super) number: u64,
    /// A line of JSON, valid or not; or the reason why it is refused without being sent.
    pub(super) json: Result<Cow<'a, [u8]>, String>,
}

/// Takes a record; false when no more are wanted.
pub(super) type Give<'a> = dyn FnMut(Record<'_>) -> bool + 'a;
