//! Payment card numbers: an issuer's prefix, a length that the issuer uses, and a right check digit (ISO/IEC 7812).
//!
//! A number counts if it is a separate token: one run of digits, or groups of digits with single spaces or hyphens
//! between them, in a shape that cards have. Other numbers of that length are common in a log (times in microseconds,
//! telephone numbers, ids). One in ten has a valid check digit by chance, so prefix and shape are checked, too.

use std::ops::Range;

use super::tables::{CARD_ISSUERS, CARD_MAX_DIGITS, CARD_MIN_DIGITS, CARD_SHAPES, CardIssuer};

/// The smallest number of 13 digits.
const SMALLEST: u64 = 1_000_000_000_000;

/// Whether a number is one of a card.
pub(super) fn is_card(number: u64) -> bool {
    number >= SMALLEST && is_card_text(number.to_string().as_bytes())
}

/// The first card number in the run of digit groups that begins at `at`, or else where the run ends.
pub(super) fn in_run(text: &str, at: usize) -> Result<Range<usize>, usize> {
    let bytes = text.as_bytes();
    let mut start = at;
    loop {
        let end = end_of_group(bytes, start);
        match at_group(bytes, start, end).filter(|card| stands_alone(text, card)) {
            Some(card) => return Ok(card),
            None => start = next_group(bytes, end).ok_or(end)?,
        }
    }
}

fn end_of_group(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The start of the group that a single space or hyphen joins to one that ends here.
fn next_group(bytes: &[u8], end: usize) -> Option<usize> {
    let joined = matches!(bytes.get(end..end + 2), Some([b' ' | b'-', b'0'..=b'9']));
    joined.then_some(end + 1)
}

/// A card number that consists of this group, alone or with those after it.
fn at_group(bytes: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let is_card = |card: &Range<usize>| is_card_text(&bytes[card.clone()]);
    // Nearly all numbers are short ones that stand alone.
    if end - start >= CARD_MIN_DIGITS {
        return Some(start..end).filter(is_card);
    }
    next_group(bytes, end)?;
    let shapes = CARD_SHAPES.iter().filter(|shape| shape[0] == end - start);
    shapes.filter_map(|shape| end_of_shape(bytes, start, shape)).map(|end| start..end).find(is_card)
}

/// Where the groups end that begin here, if they have the shape and the same separator throughout.
fn end_of_shape(bytes: &[u8], start: usize, shape: &[usize]) -> Option<usize> {
    let separator = bytes.get(start + shape[0]);
    let mut at = start;
    for (place, &length) in shape.iter().enumerate() {
        if place > 0 {
            at = next_group(bytes, at).filter(|_| bytes.get(at) == separator)?;
        }
        let end = end_of_group(bytes, at);
        at = (end - at == length).then_some(end)?;
    }
    Some(at)
}

/// Whether a card number is part of nothing else: a word, a fraction, a telephone number or a UUID.
fn stands_alone(text: &str, card: &Range<usize>) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let (before, after) = (&text[..card.start], &text[card.end..]);
    let part_of_word = before.ends_with(in_word) || after.starts_with(in_word);
    !part_of_word
        && !is_whole_part(before)
        && !is_dialled(text.as_bytes(), card)
        && !in_uuid(text.as_bytes(), card)
}

/// Whether a text ends with the whole part of a decimal number and its point, so that a fraction follows. Up to three
/// digits, as more leave no room for a long fraction, and not the end of a card number.
fn is_whole_part(text: &str) -> bool {
    let Some(whole) = text.strip_suffix('.') else { return false };
    let before = whole.trim_end_matches(|c: char| c.is_ascii_digit());
    let groups_before = before.strip_suffix([' ', '-']).map_or(&[][..], str::as_bytes);
    let in_card = groups_before.iter().rev().take(4).filter(|byte| byte.is_ascii_digit()).count() == 4;
    (1..=3).contains(&(whole.len() - before.len())) && !in_card
}

fn is_card_text(text: &[u8]) -> bool {
    let mut digits = [0; CARD_MAX_DIGITS];
    let mut length = 0;
    for &digit in text.iter().filter(|byte| byte.is_ascii_digit()) {
        let Some(place) = digits.get_mut(length) else { return false };
        *place = digit;
        length += 1;
    }
    length >= CARD_MIN_DIGITS && is_card_number(&digits[..length])
}

/// A telephone number in its international form (E.164: a plus and at most 15 digits).
fn is_dialled(bytes: &[u8], card: &Range<usize>) -> bool {
    let digits = bytes[card.clone()].iter().filter(|byte| byte.is_ascii_digit()).count();
    digits <= 15 && bytes[..card.start].ends_with(b"+")
}

/// A UUID whose digits happen to include a card number.
fn in_uuid(bytes: &[u8], card: &Range<usize>) -> bool {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'-';
    let start = card.start - bytes[..card.start].iter().rev().take(36).take_while(part).count();
    let end = card.end + bytes[card.end..].iter().take(36).take_while(part).count();
    let word = &bytes[start..end];
    let hyphen = |place: usize| matches!(place, 8 | 13 | 18 | 23);
    let fits =
        |(place, byte): (usize, &u8)| if hyphen(place) { *byte == b'-' } else { byte.is_ascii_hexdigit() };
    word.len() == 36 && word.iter().enumerate().all(fits)
}

fn is_card_number(digits: &[u8]) -> bool {
    passes_luhn(digits) && CARD_ISSUERS.iter().any(|issuer| issued(digits, issuer))
}

fn issued(digits: &[u8], (first, last, lengths): &CardIssuer) -> bool {
    let prefix =
        digits.iter().take(first.ilog10() as usize + 1).fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
    (*first..=*last).contains(&prefix) && lengths.contains(&digits.len())
}

fn passes_luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let digits = digits.iter().rev().map(|digit| u32::from(digit - b'0')).enumerate();
    digits.map(|(place, digit)| if place % 2 == 1 { doubled(digit) } else { digit }).sum::<u32>() % 10 == 0
}
