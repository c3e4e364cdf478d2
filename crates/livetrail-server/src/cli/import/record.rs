use std::borrow::Cow;

/// One activity to be.
pub(super) struct Record<'a> {
    /// The number of its line, or of its row.
    pub(super) number: u64,
    /// A line of JSON, or of what was meant to be; or why it is refused without being sent.
    pub(super) json: Result<Cow<'a, [u8]>, String>,
}

/// Takes a record; false when no more are wanted.
pub(super) type Give<'a> = dyn FnMut(Record<'_>) -> bool + 'a;
