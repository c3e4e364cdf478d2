//! The tokens of JSON: strings, numbers and words.

use super::{Number, ParseError, Parser, Value};
use crate::limits;

const NOT_FINITE: &str = "NaN and Infinity are not JSON, send null";
const OUT_OF_RANGE: &str = "number out of range";

impl Parser<'_> {
    pub(super) fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let begin = self.at;
        let length = self.plain();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(self.text[begin..begin + length].to_owned());
        }
        let mut text = self.text[begin..begin + length].to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.error("a control character has to be escaped")),
                None => return Err(self.error("unexpected end of text")),
            }
            let begin = self.at;
            let length = self.plain();
            text.push_str(&self.text[begin..begin + length]);
        }
    }

    /// Passes what means nothing special in a string; how many bytes that were.
    fn plain(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let length = rest.iter().position(is_special).unwrap_or(rest.len());
        self.at += length;
        length
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let escaped = self.text.as_bytes().get(self.at + 1).copied();
        let c = match escaped {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.error("unknown escape")),
        };
        self.at += 2;
        Ok(c)
    }

    /// `\uXXXX`, and the second one of a surrogate pair.
    fn unicode(&mut self) -> Result<char, ParseError> {
        let Some(first) = self.code_unit(self.at) else {
            return Err(self.error("`\\u` needs four hexadecimal digits"));
        };
        self.at += 6;
        let second = matches!(first, 0xd800..=0xdbff).then(|| self.code_unit(self.at)).flatten();
        if let Some(second @ 0xdc00..=0xdfff) = second {
            self.at += 6;
            let code = 0x1_0000 + ((u32::from(first) & 0x3ff) << 10) + (u32::from(second) & 0x3ff);
            return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(first.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        // `from_str_radix` takes a sign, too.
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    }

    pub(super) fn number(&mut self) -> Result<Value, ParseError> {
        let begin = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'I') {
            return self.not_finite("Infinity");
        }
        let leads_with_zero = self.peek() == Some(b'0');
        let whole = self.digits();
        let mut is_number = whole == 1 || (whole > 1 && !leads_with_zero);
        if self.peek() == Some(b'.') {
            self.at += 1;
            is_number &= self.digits() > 0;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            is_number &= self.digits() > 0;
        }
        if !is_number {
            return Err(self.error("invalid number"));
        }
        let text = &self.text[begin..self.at];
        if !is_in_range(text) {
            self.fault.get_or_insert((OUT_OF_RANGE, begin));
        }
        Ok(Value::Number(Number::from_text(text)))
    }

    fn digits(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        count
    }

    pub(super) fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    pub(super) fn not_finite(&mut self, word: &str) -> Result<Value, ParseError> {
        self.fault.get_or_insert((NOT_FINITE, self.at));
        self.word(word, Value::Null)
    }
}

/// Whether every reader can hold it: neither beyond the range of `f64` nor longer than what PostgreSQL's `numeric`
/// takes.
fn is_in_range(text: &str) -> bool {
    // Most numbers are short and have no exponent, which is enough to know.
    let has_exponent = text.bytes().any(|byte| matches!(byte, b'e' | b'E'));
    if text.len() <= 300 && !has_exponent {
        return true;
    }
    let number: f64 = text.parse().unwrap_or(f64::INFINITY);
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    text.len() <= limits::JSON_NUMBER && number.is_finite() && (number != 0.0 || is_zero)
}
