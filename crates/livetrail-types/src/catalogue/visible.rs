//! Names in sentences, with what is invisible in them. A character that cannot be seen, or that turns the order of the
//! text around it, lets one user's name look like another's.

/// Appends a name. Each such character becomes a token that names it: `⟨U+202E⟩`.
pub(super) fn push(out: &mut String, name: &str) {
    if name.is_ascii() {
        return out.push_str(name);
    }
    for char in name.chars() {
        if is_unseen(char) {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(char)));
        } else {
            out.push(char);
        }
    }
}

/// Controls of the order of text, and characters that are drawn as nothing. Joiners and variation selectors are not
/// among them, because languages and emoji need them.
fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}
