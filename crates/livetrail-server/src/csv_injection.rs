//! Spreadsheets take some texts for formulas. In the CSV that we write, an apostrophe keeps them from it; in the CSV
//! that we read, such an apostrophe is taken off. What was written is read back exactly.

use std::borrow::Cow;

/// What formulas begin with, wide forms included.
const BEGINNINGS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The text as it may stand in a cell.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// The text that stands in a cell.
pub(crate) fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// One behind apostrophes counts, too. Otherwise a reader could not tell whether the first apostrophe is part of the
/// text.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_compute_is_guarded() {
        assert_eq!(guarded("=1+1"), "'=1+1");
        assert_eq!(guarded("'@me"), "''@me");
        assert_eq!(guarded("a=b"), "a=b");
        assert_eq!(guarded("'tis"), "'tis");
        assert_eq!(without_guard("'tis"), "'tis");
    }

    proptest! {
        #[test]
        fn a_text_comes_back_as_it_was(text in "['=+\\-@\t＝a]{0,6}") {
            let cell = guarded(&text);
            prop_assert_eq!(without_guard(&cell), text.as_str());
            prop_assert!(!cell.starts_with(BEGINNINGS));
        }
    }
}
