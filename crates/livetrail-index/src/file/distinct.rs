//! Different texts as bytes. Ids are mostly a word and a number, so texts of one word are kept as numbers.

use super::{
    cells,
    reader::{Reader, write_text},
};
use crate::column::{Distinct, Texts};
use std::collections::BTreeMap;

/// Texts that would take more bytes are left out: 2 for each row of a block.
const MAX_BYTES: usize = 131_072;
/// Digits of a number that has 32 bits in any case.
const MAX_DIGITS: usize = 9;

/// Whether a text without a number is there, and the numbers.
type OfWord = (bool, Vec<u32>);

/// Writes the texts, or none where they take too much room.
pub(super) fn write(bytes: &mut Vec<u8>, texts: &Distinct) {
    let mut words = BTreeMap::<&str, OfWord>::new();
    for text in texts.0.iter() {
        let (word, number) = divided(text);
        let of_word = words.entry(word).or_default();
        match number {
            Some(number) => of_word.1.push(number),
            None => of_word.0 = true,
        }
    }
    let before = bytes.len();
    bytes.extend((words.len() as u32).to_le_bytes());
    for (word, (is_alone, mut numbers)) in words {
        write_text(bytes, word);
        bytes.push(u8::from(is_alone));
        numbers.sort_unstable();
        cells::write_ascending(bytes, numbers.into_iter());
        if bytes.len() - before > MAX_BYTES {
            bytes.truncate(before);
            bytes.extend(0_u32.to_le_bytes());
            return;
        }
    }
}

/// Reads what [`write`] has written.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Distinct> {
    let mut texts = Texts::default();
    for _ in 0..reader.u32()? {
        let (mut text, is_alone) = (reader.text()?.to_owned(), reader.u8()? == 1);
        if is_alone {
            texts.push(&text);
        }
        let word = text.len();
        for number in cells::read_ascending(reader)? {
            text.truncate(word);
            text.push_str(&number.to_string());
            texts.push(&text);
        }
    }
    Some(Distinct(texts))
}

/// A text as a word and the number that follows it, if writing that number gives the same digits.
fn divided(text: &str) -> (&str, Option<u32>) {
    let digits = text.bytes().rev().take(MAX_DIGITS).take_while(u8::is_ascii_digit).count();
    let (word, number) = text.split_at(text.len() - digits);
    // A number has no zero before it, except that 0 is one.
    let zeros = if number == "0" { 0 } else { number.bytes().take_while(|byte| *byte == b'0').count() };
    let (word, number) = if zeros == digits { (text, "") } else { text.split_at(word.len() + zeros) };
    (word, number.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn written(texts: &Distinct) -> (Option<Distinct>, usize) {
        let mut bytes = Vec::new();
        write(&mut bytes, texts);
        let mut reader = Reader::of(&bytes);
        let found = read(&mut reader);
        (found.filter(|_| reader.is_at_end()), bytes.len())
    }

    proptest! {
        #[test]
        fn texts_come_back(list in vec("[ab]{0,2}[-/]?0{0,2}[0-9]{0,12}|ü[0-9]", 0..40)) {
            let texts = Distinct::of(list.iter().map(String::as_str));
            let found = written(&texts).0.expect("texts");
            prop_assert_eq!(Distinct::of(found.0.iter()), texts);
            prop_assert_eq!(found.0.len(), Distinct::of(list.iter().map(String::as_str)).0.len());
        }
    }

    #[test]
    fn ids_of_words_and_numbers_take_little_and_others_are_left_out() {
        let ids: Vec<String> = (0..40_000_u32).map(|n| format!("document-{}", n * 97)).collect();
        let texts = Distinct::of(ids.iter().map(String::as_str));
        let (found, len) = written(&texts);
        assert!(found.is_some_and(|found| found.0.len() == 40_000) && len < 45_000, "{len}");
        let ids: Vec<String> = (0..40_000_u128)
            .map(|n| format!("{:032x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
            .collect();
        let (found, len) = written(&Distinct::of(ids.iter().map(String::as_str)));
        assert_eq!((found, len), (Some(Distinct::default()), 4));
    }
}
