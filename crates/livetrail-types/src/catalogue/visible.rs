//! Names in sentences, with their invisible characters shown. An invisible character, or one that reverses the text
//! around it, makes one user's name look like another's. The dashboard shows names by the same rules, in
//! `visible-text.ts`.

use icu_properties::{
    CodePointSetData,
    props::{
        DefaultIgnorableCodePoint, EmojiModifier, EnumeratedProperty, ExtendedPictographic, GeneralCategory,
        GeneralCategoryGroup, Script,
    },
};
use std::borrow::Cow;

/// Arabic letters that never join the next one: a non-joiner behind them changes nothing.
const NON_JOINING: &str = "ءآأؤإةادذرزوىٱژۀە";

/// A text of an untrusted client with its invisible characters shown, controls too: U+202E is written as `⟨U+202E⟩`.
/// A text that is shown already stays as it is.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    push(&mut shown, text);
    Cow::Owned(shown)
}

/// Appends a name. Each character that hides something becomes a token that names it: `⟨U+202E⟩`.
pub(super) fn push(out: &mut String, name: &str) {
    if is_plain(name) {
        return out.push_str(name);
    }
    let mut place = Place::default();
    let mut chars = name.chars().peekable();
    while let Some(char) = chars.next() {
        place.after = chars.peek().copied();
        if place.hides(char) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(char)));
        } else {
            out.push(char);
        }
        place.before = [place.before[1], Some(char)];
    }
}

/// Whether a text is plain, as most names are: visible ASCII with single spaces in it.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_edge = |byte: Option<&u8>| byte == Some(&b' ');
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
        && !is_edge(bytes.first())
        && !is_edge(bytes.last())
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// The neighbours of a character.
#[derive(Default)]
struct Place {
    /// The two characters before it, the nearest one last.
    before: [Option<char>; 2],
    after: Option<char>,
}

impl Place {
    /// Whether a character makes the name look like another.
    fn hides(&self, char: char) -> bool {
        match is_space(char) {
            true => self.is_lost_space(char),
            false => is_unseen(char) && !self.is_meant(char),
        }
    }

    /// Whether HTML drops the space, or it looks like the ordinary one without being it.
    fn is_lost_space(&self, space: char) -> bool {
        !matches!(space, ' ' | '\u{3000}') || self.before[1].is_none() || self.after.is_none_or(is_space)
    }

    /// Whether languages or emoji use the character where it stands, so that it changes what is seen.
    fn is_meant(&self, char: char) -> bool {
        let [farther, before] = self.before;
        let follows = |class: fn(char) -> bool| before.is_some_and(class);
        let precedes = |class: fn(char) -> bool| self.after.is_some_and(class);
        match char {
            // Emoji: the style of one, of a keycap, and the joint between two.
            '\u{fe0e}' | '\u{fe0f}' if follows(is_picture) => true,
            '\u{fe0f}' => follows(|c| matches!(c, '0'..='9' | '#' | '*')) && self.after == Some('\u{20e3}'),
            '\u{200d}' if precedes(is_picture) => {
                follows(is_picture) || follows(changes_picture) && farther.is_some_and(is_picture)
            }
            // Persian and its neighbours: a letter that would join the next one does not.
            '\u{200c}' if follows(is_arabic) => follows(|c| !NON_JOINING.contains(c)) && precedes(is_arabic),
            // Scripts of India: the form of a consonant after a virama.
            '\u{200c}' | '\u{200d}' => follows(is_virama) && precedes(is_letter),
            // Signs of Arabic, Syriac and Kaithi numbers that Unicode counts among the format characters.
            '\u{600}'..='\u{605}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'
            | '\u{891}'
            | '\u{8e2}'
            | '\u{110bd}'
            | '\u{110cd}' => true,
            _ => false,
        }
    }
}

/// Controls, formats and separators of lines, what Unicode calls ignorable by default, and the empty pattern of
/// Braille.
fn is_unseen(char: char) -> bool {
    let unseen = GeneralCategoryGroup::Control
        .union(GeneralCategoryGroup::Format)
        .union(GeneralCategoryGroup::LineSeparator)
        .union(GeneralCategoryGroup::ParagraphSeparator);
    char == '\u{2800}'
        || unseen.contains(GeneralCategory::for_char(char))
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(char)
}

fn is_space(char: char) -> bool {
    GeneralCategory::for_char(char) == GeneralCategory::SpaceSeparator
}

fn is_letter(char: char) -> bool {
    GeneralCategoryGroup::Letter.contains(GeneralCategory::for_char(char))
}

fn is_picture(char: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(char)
}

fn changes_picture(char: char) -> bool {
    char == '\u{fe0f}' || CodePointSetData::new::<EmojiModifier>().contains(char)
}

fn is_arabic(char: char) -> bool {
    Script::for_char(char) == Script::Arabic
}

fn is_virama(char: char) -> bool {
    matches!(
        char,
        '\u{94d}'
            | '\u{9cd}'
            | '\u{a4d}'
            | '\u{acd}'
            | '\u{b4d}'
            | '\u{bcd}'
            | '\u{c4d}'
            | '\u{ccd}'
            | '\u{d4d}'
            | '\u{dca}'
    )
}
