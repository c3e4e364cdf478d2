use super::Choice;

/// A filter's values as written in a request: `a,b` (any of), `!c` (none of), a backslash before a literal character.
pub(super) fn split(values: &[&str]) -> Choice<String> {
    let mut choice = Choice { any: Vec::new(), none: Vec::new() };
    for value in values {
        split_one(value, &mut choice);
    }
    choice
}

fn split_one(text: &str, into: &mut Choice<String>) {
    let mut chars = text.chars().peekable();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        let negated = chars.next_if_eq(&'!').is_some();
        let mut value = String::new();
        let mut more = false;
        while let Some(c) = chars.next() {
            match c {
                ',' => {
                    more = true;
                    break;
                }
                '\\' => value.extend(chars.next()),
                _ => value.push(c),
            }
        }
        let value = value.trim();
        if !value.is_empty() {
            if negated { &mut into.none } else { &mut into.any }.push(value.to_owned());
        }
        if !more {
            return;
        }
    }
}
