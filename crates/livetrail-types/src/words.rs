//! Searches by words. A word is a run of letters and digits; upper and lower case are alike.

use std::borrow::Cow;

/// The words of a search, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The different words of `query`.
    pub fn of(query: &str) -> Self {
        let mut wanted: Vec<String> = words(query).map(str::to_lowercase).collect();
        wanted.sort_unstable();
        wanted.dedup();
        Self(wanted)
    }

    /// The words, each once, in lower case.
    pub fn wanted(&self) -> &[String] {
        &self.0
    }

    /// Whether every word is a word of `message` or of `json`. Each text is read once, however many words are wanted.
    pub fn are_in(&self, message: &str, json: &str) -> bool {
        let json = without_escapes(json);
        let mut missing: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for word in words(message).chain(words(&json)) {
            if missing.is_empty() {
                break;
            }
            let word = in_lower_case(word);
            missing.retain(|wanted| *wanted != word);
        }
        missing.is_empty()
    }
}

/// Most words are in lower case already and are not copied.
fn in_lower_case(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        word.into()
    } else {
        word.to_lowercase().into()
    }
}

/// In JSON a line break is written `\n`, whose `n` is not part of the word after it.
fn without_escapes(json: &str) -> Cow<'_, str> {
    if !json.contains('\\') {
        return json.into();
    }
    let mut chars = json.chars();
    let mut plain = String::with_capacity(json.len());
    while let Some(c) = chars.next() {
        match c {
            '\\' => plain.extend(chars.next().map(|_| ' ')),
            _ => plain.push(c),
        }
    }
    plain.into()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_in_any_case_and_all_of_them_are_wanted() {
        let found = |query| Words::of(query).are_in("Connection refused", r#"{"host":"db-1"}"#);
        assert!(found("REFUSED db"));
        assert!(!found("refus"));
        assert!(!found("refused timeout"));
    }

    #[test]
    fn a_word_after_an_escape_is_a_word() {
        let found = |query| Words::of(query).are_in(r"C:\new", r#"{"note":"first\nsecond \"third\""}"#);
        assert!(found("second") && found("third") && found("new"));
        assert!(!found("nsecond"));
    }

    #[test]
    fn a_word_that_is_repeated_is_looked_for_once() {
        assert_eq!(Words::of("ipsum Lorem, ipsum; IPSUM").wanted(), ["ipsum", "lorem"]);
    }
}
