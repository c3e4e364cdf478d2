//! Excerpts of the input in error messages: at most 80 characters, however long the input is.

use crate::text::cut_with_mark;

/// Characters of the input that one message repeats.
const MAX_QUOTE: usize = 80;

/// The text as a message repeats it: cut, without quotes.
pub fn shortened(text: &str) -> String {
    cut_with_mark(text, MAX_QUOTE)
}

/// The text as a message repeats it: cut, in quotes, control characters escaped.
pub fn quoted(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// A message of a library, with what it repeats of the input (between backticks or quotes) cut.
pub fn shorten_quotes(message: &str) -> String {
    let Some(begin) = message.find(['`', '"']) else { return cut_with_mark(message, 4 * MAX_QUOTE) };
    let (before, rest) = message.split_at(begin + 1);
    // The library's own words follow the last quote of the same kind as the first one; names in between belong to the
    // input.
    let quote = if before.ends_with('`') { "`, expected" } else { "\", expected" };
    let end = rest.rfind(quote).unwrap_or(rest.len());
    let (repeated, after) = rest.split_at(end);
    format!("{before}{}{}", shortened(repeated), cut_with_mark(after, 4 * MAX_QUOTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_is_cut() {
        let long = "x".repeat(10_000);
        assert_eq!(quoted("a\n\"b\""), r#""a\n\"b\"""#);
        assert_eq!(quoted(&long).chars().count(), MAX_QUOTE + 2);
        for message in [
            format!("unknown field `{long}`, expected `token` at line 1 column 9"),
            format!("unknown field `{long}`, expected `{long}` at line 1 column 9"),
            format!("invalid type: string \"{long}\", expected u32"),
            format!("invalid value `{long}"),
            long.clone(),
        ] {
            let short = shorten_quotes(&message);
            assert!(short.chars().count() < 500, "{short}");
            assert_eq!(short.contains("expected"), message.contains("expected"), "{short}");
        }
    }

    #[test]
    fn a_short_message_stays_as_it_is() {
        for message in [
            "unknown field `tokn`, expected `token` at line 1 column 9",
            "invalid type: string \"a\", expected u32",
            "missing field `token` at line 1 column 2",
            "EOF while parsing",
        ] {
            assert_eq!(shorten_quotes(message), message);
        }
    }
}
