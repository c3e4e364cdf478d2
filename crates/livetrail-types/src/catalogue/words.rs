//! Keys in words: `two_factor_enabled` reads "two factor enabled".

/// Words of keys that are written in capitals.
const CAPITALS: [&str; 8] = ["ai", "api", "csv", "id", "ip", "pdf", "sso", "url"];

/// Appends the key in words: its parts with spaces between, in lower case except for abbreviations.
pub(super) fn push(out: &mut String, key: &str) {
    let parts = key.split(['_', '.', ':', '-', ' ']).filter(|part| !part.is_empty());
    for (place, part) in parts.enumerate() {
        if place > 0 {
            out.push(' ');
        }
        push_part(out, part);
    }
}

fn push_part(out: &mut String, part: &str) {
    if CAPITALS.iter().any(|word| part.eq_ignore_ascii_case(word)) {
        out.extend(part.chars().map(|c| c.to_ascii_uppercase()));
        return;
    }
    let mut after_small = false;
    for c in part.chars() {
        // `documentShared` is two words as well.
        if after_small && c.is_ascii_uppercase() {
            out.push(' ');
        }
        after_small = c.is_ascii_lowercase();
        out.push(c.to_ascii_lowercase());
    }
}

/// The key in words with a capital at its start: the title of an action or category.
pub(super) fn title(key: &str) -> String {
    let mut title = String::with_capacity(key.len() + 1);
    push(&mut title, key);
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}
