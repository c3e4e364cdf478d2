//! The lists that redaction goes by.

use super::constant::{self, Constant};
use crate::redact::tables::{
    CARD_ISSUERS, CARD_MAX_DIGITS, CARD_MIN_DIGITS, CARD_SHAPES, CardIssuer, KEY_FORMS, KEY_LETTERS,
    SECRET_KEYS,
};

const SOURCE: &str = include_str!("../redact/tables.rs");
const HEADING: &str = "Generated from tables.rs: the lists that redaction goes by, on the server and here.";
const ISSUER_TYPE: &str = ": readonly { first: number; last: number; lengths: readonly number[] }[] = [";

pub(super) fn python() -> String {
    constant::python(HEADING, &constants())
}

pub(super) fn typescript() -> String {
    constant::typescript(HEADING, &constants())
}

fn constants() -> [Constant; 7] {
    [
        keys(),
        forms(),
        Constant::number(SOURCE, "KEY_LETTERS", KEY_LETTERS as i64),
        Constant::number(SOURCE, "CARD_MIN_DIGITS", CARD_MIN_DIGITS as i64),
        Constant::number(SOURCE, "CARD_MAX_DIGITS", CARD_MAX_DIGITS as i64),
        shapes(),
        issuers(),
    ]
}

fn keys() -> Constant {
    let names = || SECRET_KEYS.iter().map(|name| format!("\"{name}\""));
    let python = Constant::lines("(", 4, names(), ")");
    Constant::new(SOURCE, "SECRET_KEYS", python, Constant::lines("= [", 2, names(), "]"))
}

fn forms() -> Constant {
    let names = KEY_FORMS.map(|form| format!("\"{form}\"")).join(", ");
    Constant::new(SOURCE, "KEY_FORMS", format!("({names})"), format!("= [{names}]"))
}

fn shapes() -> Constant {
    let python = Constant::lines("(", 4, CARD_SHAPES.iter().map(|shape| format!("({})", list(shape))), ")");
    let typescript =
        Constant::lines("= [", 2, CARD_SHAPES.iter().map(|shape| format!("[{}]", list(shape))), "]");
    Constant::new(SOURCE, "CARD_SHAPES", python, typescript)
}

fn issuers() -> Constant {
    let python = CARD_ISSUERS.iter().map(|(first, last, lengths)| {
        let comma = if lengths.len() == 1 { "," } else { "" };
        format!("(\"{first}\", \"{last}\", ({}{comma}))", list(lengths))
    });
    let typescript = CARD_ISSUERS.iter().map(|(first, last, lengths): &CardIssuer| {
        format!("{{ first: {first}, last: {last}, lengths: [{}] }}", list(lengths))
    });
    let python = Constant::lines("(", 4, python, ")");
    Constant::new(SOURCE, "CARD_ISSUERS", python, Constant::lines(ISSUER_TYPE, 2, typescript, "]"))
}

fn list(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
