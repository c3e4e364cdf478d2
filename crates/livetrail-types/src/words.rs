//! Searches by words. A word is a run of letters and digits of the folded text.

use crate::text::folded;
use std::borrow::Cow;

/// The words of a search, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The different words of `query`.
    pub fn of(query: &str) -> Self {
        Self::different(words(&folded(query)))
    }

    /// The different words of a message and of JSON, as [`Words::are_in`] finds them.
    pub fn of_texts(message: &str, json: &str) -> Self {
        let json = without_escapes(json);
        Self::different(words(&folded(message)).chain(words(&folded(&json))))
    }

    fn different<'a>(found: impl Iterator<Item = &'a str>) -> Self {
        let mut found: Vec<&str> = found.collect();
        found.sort_unstable();
        found.dedup();
        Self(found.into_iter().map(str::to_owned).collect())
    }

    /// The words, each once, folded.
    pub fn wanted(&self) -> &[String] {
        &self.0
    }

    /// Whether every word is a word of `message` or of `json`. Each text is read once, however many words are wanted.
    pub fn are_in(&self, message: &str, json: &str) -> bool {
        let (message, json) = (folded(message), without_escapes(json));
        let json = folded(&json);
        let mut missing: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for word in words(&message).chain(words(&json)) {
            if missing.is_empty() {
                break;
            }
            missing.retain(|wanted| *wanted != word);
        }
        missing.is_empty()
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
        assert!(Words::of("re\u{301}union").are_in("Réunion", ""), "a mark does not end a word");
    }

    #[test]
    fn a_word_after_an_escape_is_a_word() {
        let found = |query| Words::of(query).are_in(r"C:\new", r#"{"note":"first\nsecond \"third\""}"#);
        assert!(found("second") && found("third") && found("new"));
        assert!(!found("nsecond"));
    }

    #[test]
    fn the_words_of_texts_are_those_that_are_found_in_them() {
        let (message, json) = (r"C:\new Réunion", r#"{"note":"first\nSecond \"third\"","a":[1.5]}"#);
        let words = Words::of_texts(message, json);
        assert_eq!(
            words.wanted(),
            ["1", "5", "a", "c", "first", "new", "note", "réunion", "second", "third"]
        );
        assert!(words.wanted().iter().all(|word| Words::of(word).are_in(message, json)));
    }

    #[test]
    fn a_word_that_is_repeated_is_looked_for_once() {
        assert_eq!(Words::of("ipsum Lorem, ipsum; IPSUM").wanted(), ["ipsum", "lorem"]);
    }
}
