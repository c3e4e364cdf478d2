//! Finding product tokens such as `Chrome/126.0.0.0` in a user agent.

/// What follows the first place where `token` begins a word; letters count as they are written.
pub(super) fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let begins_word = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    text.match_indices(token).find(|&(at, _)| begins_word(at)).map(|(at, found)| &text[at + found.len()..])
}

/// As [`after`], in any case of letters, where the token is a whole word.
pub(super) fn after_word<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let ends_word =
        |rest: &&str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let same = |word: &[u8]| word.eq_ignore_ascii_case(token.as_bytes());
    let bytes = text.as_bytes();
    let begins_word = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    let places = bytes.windows(token.len()).enumerate().filter(|&(at, word)| same(word) && begins_word(at));
    places.filter_map(|(at, _)| text.get(at + token.len()..)).find(ends_word)
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
