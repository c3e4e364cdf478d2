//! Finding product tokens such as `Chrome/126.0.0.0` in a user agent.

/// The text after the first place where `token` begins a word; upper and lower case differ.
pub(super) fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let begins_word = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    text.match_indices(token).find(|&(at, _)| begins_word(at)).map(|(at, found)| &text[at + found.len()..])
}

/// The number at the start: "126" of "126.0.0.0". Longer ones than any version has are none.
pub(super) fn major(text: &str) -> Option<&str> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (1..=6).contains(&digits).then(|| &text[..digits])
}

/// The name, with a version if there is one.
pub(super) fn named(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}
