/// A value of Sigma as a plain text; `None` if it is a pattern, which has `*` or `?` without a backslash.
pub(super) fn plain(value: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' | '?' => return None,
            '\\' => text.push(chars.next_if(|next| "*?\\".contains(*next)).unwrap_or('\\')),
            _ => text.push(c),
        }
    }
    Some(text)
}

/// The text as a filter's value that means exactly it, in the grammar of query strings.
pub(super) fn escaped(text: &str) -> String {
    let mut value = String::new();
    for c in text.chars() {
        if matches!(c, '\\' | ',' | '!') {
            value.push('\\');
        }
        value.push(c);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_needs_a_backslash_to_be_a_character() {
        for (value, text) in [
            ("a", Some("a")),
            ("a*", None),
            ("a?b", None),
            (r"a\*", Some("a*")),
            (r"a\\b", Some(r"a\b")),
            (r"a\b", Some(r"a\b")),
            (r"a\\*", None),
            (r"a\\\*", Some(r"a\*")),
        ] {
            assert_eq!(plain(value).as_deref(), text, "{value}");
        }
    }
}
