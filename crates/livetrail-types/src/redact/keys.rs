//! Names of keys whose values are secret.
//!
//! A key is compared by its letters and digits alone: `API-Key`, `apiKey` and `api_key` are one name. Its words matter
//! too. A key whose last words are a secret's name (`new_password`, `x-api-key`, `userPassword`) holds a secret. So
//! does a key that adds `key`, `value`, `hash` or `text` to such a name (`secret_key`, `password_hash`). `tokens_used`,
//! `password_changed_at` and `token_count` do not.

use std::{borrow::Cow, collections::BTreeSet};

use super::tables::{KEY_FORMS, KEY_LETTERS, SECRET_KEYS};

/// How a key names a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// It is one of the names: numbers are secrets too.
    Whole,
    /// Its last words are one: numbers under it are counts and times.
    Ending,
}

/// The names that count, in a form that rejects ordinary keys quickly.
#[derive(Debug, Clone, Default)]
pub(super) struct SecretKeys {
    names: Vec<String>,
    /// A bit for each letter that a name or a form ends with.
    endings: u32,
    /// The last three letters of each name and form. Most keys end with none of them and need no further comparison.
    tails: Vec<u32>,
}

impl SecretKeys {
    pub(super) fn new(extra: impl IntoIterator<Item = String>) -> Self {
        let mut keys = Self::default();
        let extra = extra.into_iter().map(|name| plain(&fold(&name)).collect::<String>());
        for name in SECRET_KEYS.map(str::to_owned).into_iter().chain(extra) {
            // A name of separators alone would stand for every other such name, and for the empty one.
            if !name.is_empty() {
                keys.add_ending(&name);
                keys.names.push(name);
            }
        }
        KEY_FORMS.into_iter().for_each(|form| keys.add_ending(form));
        keys
    }

    /// The names that are not built in, sorted, each once.
    pub(super) fn extra(&self) -> Vec<String> {
        let is_extra = |name: &&String| !SECRET_KEYS.contains(&name.as_str());
        let names: BTreeSet<&String> = self.names.iter().filter(is_extra).collect();
        names.into_iter().cloned().collect()
    }

    fn add_ending(&mut self, name: &str) {
        self.endings |= name.chars().next_back().map_or(0, bit);
        let tail = tail(name.as_bytes());
        if !self.tails.contains(&tail) {
            self.tails.push(tail);
        }
    }

    /// Whether and how the key names a secret.
    pub(super) fn find(&self, key: &str) -> Option<Named> {
        if key.is_ascii() { self.find_ascii(key.as_bytes()) } else { self.find_folded(&fold(key)) }
    }

    /// Whether a key that ends with this byte may name a secret.
    pub(super) fn may_end(&self, last: u8) -> bool {
        let letter = last.to_ascii_lowercase();
        last.is_ascii_digit() || (letter.is_ascii_lowercase() && self.endings & bit(char::from(letter)) != 0)
    }

    fn find_folded(&self, key: &str) -> Option<Named> {
        if key.is_ascii() {
            return self.find_ascii(key.as_bytes());
        }
        self.names.iter().any(|name| plain(key).eq(name.chars())).then_some(Named::Whole)
    }

    fn find_ascii(&self, key: &[u8]) -> Option<Named> {
        let last = key.iter().rev().find(|byte| byte.is_ascii_alphanumeric())?;
        if !self.may_end(*last) || !self.tails.contains(&tail(key)) {
            return None;
        }
        let words = Words::of(key);
        let letters = words.letters();
        if words.is_all && self.names.iter().any(|name| name.as_bytes() == letters) {
            return Some(Named::Whole);
        }
        let numberless =
            letters.len() - letters.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let form = KEY_FORMS.iter().find(|form| words.end_with(numberless, form));
        let without_form = numberless - form.map_or(0, |form| form.len());
        let ends = |end| SECRET_KEYS.iter().any(|name| words.end_with(end, name));
        (ends(numberless) || (form.is_some() && ends(without_form))).then_some(Named::Ending)
    }
}

/// The last three letters of a key, without the digits behind them, as one number.
fn tail(key: &[u8]) -> u32 {
    let letters = key.iter().rev().filter(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii());
    let numberless = letters.skip_while(|byte| byte.is_ascii_digit());
    numberless.take(3).fold(0, |tail, byte| tail << 8 | u32::from(byte.to_ascii_lowercase()))
}

/// The letters and digits at the end of a key, in lower case, and where its words begin.
struct Words {
    buffer: [u8; KEY_LETTERS],
    /// Where the letters begin in the buffer, which is filled from its end.
    first: usize,
    /// A bit for each place of the buffer that begins a word.
    starts: u64,
    is_all: bool,
}

impl Words {
    fn of(key: &[u8]) -> Self {
        let mut words = Self { buffer: [0; KEY_LETTERS], first: KEY_LETTERS, starts: 0, is_all: true };
        for (at, byte) in key.iter().enumerate().rev().filter(|(_, byte)| byte.is_ascii_alphanumeric()) {
            if words.first == 0 {
                words.is_all = false;
                break;
            }
            words.first -= 1;
            words.buffer[words.first] = byte.to_ascii_lowercase();
            words.starts |= u64::from(begins_word(key, at)) << words.first;
        }
        words
    }

    fn letters(&self) -> &[u8] {
        &self.buffer[self.first..]
    }

    /// Whether the letters up to `end` end with `name`, as whole words.
    fn end_with(&self, end: usize, name: &str) -> bool {
        let Some(start) = end.checked_sub(name.len()) else { return false };
        self.letters()[start..end] == *name.as_bytes() && self.starts >> (self.first + start) & 1 == 1
    }
}

/// Whether a word begins here: behind a separator, or with a capital letter (`userPassword`, `APIKey`).
fn begins_word(key: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| key[before]) else { return true };
    let hump = key[at].is_ascii_uppercase()
        && (!before.is_ascii_uppercase() || key.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    !before.is_ascii_alphanumeric() || hump
}

/// A key with its look-alikes folded. Full-width letters become ASCII (as NFKC does). Invisible characters (Unicode's
/// default ignorable code points and combining accents) are removed.
fn fold(key: &str) -> Cow<'_, str> {
    if key.is_ascii() {
        return Cow::Borrowed(key);
    }
    key.chars().filter(|&c| !is_invisible(c)).map(|c| if is_space(c) { ' ' } else { narrow(c) }).collect()
}

fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn is_space(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name without its separators and in lower case.
fn plain(name: &str) -> impl Iterator<Item = char> {
    let separator = |c: &char| c.is_ascii() && !c.is_ascii_alphanumeric();
    name.chars().filter(move |c| !separator(c)).flat_map(char::to_lowercase)
}

/// Letters have a bit each, and everything else that a name may end with shares one.
fn bit(last: char) -> u32 {
    if last.is_ascii_lowercase() { 1 << (last as u32 - 'a' as u32) } else { 1 << 26 }
}
