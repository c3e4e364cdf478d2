//! Reads JSON (RFC 8259) with an explicit stack: no text, however it is nested, costs more than its own length and the limits
//! of [`limits`](crate::limits) allow.
//!
//! Two things are read that the grammar does not have, because senders do send them. A lone surrogate (`"\ud800"`) becomes
//! U+FFFD. `NaN` and the infinities are read as values and reported as a fault of the value they stand in, so that one bad number
//! costs its own item of a batch and not the whole batch.

use super::{Number, Object, Value};
use crate::limits;
use std::fmt;

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

impl std::error::Error for ParseError {}

const NOT_UTF8: &str = "not UTF-8";
const TOO_DEEP: &str = "nested too deeply (at most 128 levels)";
const TOO_MANY: &str = "too many values in one item";
const NOT_FINITE: &str = "NaN and Infinity are not JSON, send null";
const OUT_OF_RANGE: &str = "number out of range";

/// Reads a text that is one JSON value.
///
/// # Errors
/// What is wrong, with its line and column.
pub fn parse(text: &[u8]) -> Result<Value, ParseError> {
    let mut parser = Parser::new(text)?;
    let value = parser.value()?;
    parser.end().map(|()| value)
}

/// Reads the answer of a server that is trusted: it may have any number of values.
///
/// # Errors
/// What is wrong, with its line and column.
pub fn parse_answer(text: &[u8]) -> Result<Value, ParseError> {
    let mut parser = Parser { most_values: usize::MAX, ..Parser::new(text)? };
    let value = parser.value()?;
    parser.end().map(|()| value)
}

/// A JSON text that is read piece by piece, so that a large array is never a tree as a whole.
pub struct Parser<'a> {
    text: &'a str,
    at: usize,
    most_values: usize,
    open: Vec<Container>,
    /// Where a value is that is well formed and still not acceptable.
    fault: Option<(&'static str, usize)>,
}

/// An array or object whose end has not come yet.
enum Container {
    Array(Vec<Value>),
    Object { entries: Object, key: String },
}

impl<'a> Parser<'a> {
    /// Begins to read; a byte order mark is skipped.
    ///
    /// # Errors
    /// That the text is not UTF-8.
    pub fn new(text: &'a [u8]) -> Result<Self, ParseError> {
        let text = std::str::from_utf8(text).map_err(|error| {
            let (line, column) = place(text, error.valid_up_to());
            ParseError { what: NOT_UTF8, line, column }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self { text, at: 0, most_values: limits::JSON_VALUES, open: Vec::new(), fault: None })
    }

    /// Whether the text is an array, whose items [`Parser::next_item`] reads one by one. Its opening bracket is taken.
    pub fn begin_array(&mut self) -> bool {
        self.skip_space();
        let is_array = self.peek() == Some(b'[');
        self.at += usize::from(is_array);
        is_array
    }

    /// The next item of the array; `None` at its end. `is_first` says that none was read before. The inner error is of this
    /// item alone; after the outer one nothing more can be read.
    ///
    /// # Errors
    /// What is wrong, with its line and column.
    pub fn next_item(&mut self, is_first: bool) -> Result<Option<Result<Value, ParseError>>, ParseError> {
        self.skip_space();
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                return Ok(None);
            }
            Some(b',') if !is_first => self.at += 1,
            Some(_) if is_first => {}
            _ => return Err(self.error("expected `,` or `]`")),
        }
        let value = self.any_value()?;
        Ok(Some(self.without_fault(value)))
    }

    /// The next value.
    ///
    /// # Errors
    /// What is wrong, with its line and column.
    pub fn value(&mut self) -> Result<Value, ParseError> {
        let value = self.any_value()?;
        self.without_fault(value)
    }

    /// Checks that nothing but white space follows.
    ///
    /// # Errors
    /// Where something does.
    pub fn end(&mut self) -> Result<(), ParseError> {
        self.skip_space();
        if self.at == self.text.len() { Ok(()) } else { Err(self.error("unexpected text after the end")) }
    }

    fn without_fault(&mut self, value: Value) -> Result<Value, ParseError> {
        match self.fault.take() {
            None => Ok(value),
            Some((what, at)) => Err(self.error_at(what, at)),
        }
    }

    fn any_value(&mut self) -> Result<Value, ParseError> {
        self.open.clear();
        let mut values = 0;
        loop {
            values += 1;
            if values > self.most_values {
                return Err(self.error(TOO_MANY));
            }
            let Some(mut value) = self.begin()? else { continue };
            loop {
                match self.close(value)? {
                    Closed::Whole(whole) => return Ok(whole),
                    Closed::Container(container) => value = container,
                    Closed::More => break,
                }
            }
        }
    }

    /// Reads a value up to where it has its first part: `None` for a container that is not empty.
    fn begin(&mut self) -> Result<Option<Value>, ParseError> {
        self.skip_space();
        let value = match self.peek() {
            Some(b'{') => return self.begin_object(),
            Some(b'[') => {
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return Ok(Some(Value::Array(Vec::new())));
                }
                self.push(Container::Array(Vec::new()))?;
                return Ok(None);
            }
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'N') => self.not_finite("NaN")?,
            Some(b'I') => self.not_finite("Infinity")?,
            Some(_) => return Err(self.error("expected a value")),
            None => return Err(self.error("unexpected end of text")),
        };
        Ok(Some(value))
    }

    fn begin_object(&mut self) -> Result<Option<Value>, ParseError> {
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Some(Value::Object(Object::new())));
        }
        let key = self.key()?;
        self.push(Container::Object { entries: Object::new(), key })?;
        Ok(None)
    }

    fn push(&mut self, container: Container) -> Result<(), ParseError> {
        if self.open.len() == limits::JSON_TEXT_DEPTH {
            return Err(self.error(TOO_DEEP));
        }
        self.open.push(container);
        Ok(())
    }

    /// Puts a finished value into the container that it is in.
    fn close(&mut self, value: Value) -> Result<Closed, ParseError> {
        let Some(mut container) = self.open.pop() else { return Ok(Closed::Whole(value)) };
        self.skip_space();
        let next = self.peek();
        match (&mut container, next) {
            (Container::Array(items), Some(b',' | b']')) => items.push(value),
            (Container::Object { entries, key }, Some(b',' | b'}')) => {
                entries.insert(std::mem::take(key), value);
            }
            (_, None) => return Err(self.error("unexpected end of text")),
            (Container::Array(_), _) => return Err(self.error("expected `,` or `]`")),
            (Container::Object { .. }, _) => return Err(self.error("expected `,` or `}`")),
        }
        self.at += 1;
        if next == Some(b',') {
            if let Container::Object { key, .. } = &mut container {
                self.skip_space();
                *key = self.key()?;
            }
            self.open.push(container);
            return Ok(Closed::More);
        }
        Ok(Closed::Container(match container {
            Container::Array(items) => Value::Array(items),
            Container::Object { entries, .. } => Value::Object(entries),
        }))
    }

    fn key(&mut self) -> Result<String, ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.error("expected a key in double quotes"));
        }
        let key = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.error("expected `:`"));
        }
        self.at += 1;
        Ok(key)
    }

    fn string(&mut self) -> Result<String, ParseError> {
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

    fn number(&mut self) -> Result<Value, ParseError> {
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

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn not_finite(&mut self, word: &str) -> Result<Value, ParseError> {
        self.fault.get_or_insert((NOT_FINITE, self.at));
        self.word(word, Value::Null)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn error(&self, what: &'static str) -> ParseError {
        self.error_at(what, self.at)
    }

    fn error_at(&self, what: &'static str, at: usize) -> ParseError {
        let (line, column) = place(self.text.as_bytes(), at);
        ParseError { what, line, column }
    }
}

/// What became of a value that was put into its container.
enum Closed {
    /// The container goes on.
    More,
    /// The container is complete.
    Container(Value),
    /// It was in none.
    Whole(Value),
}

/// Line and column, from 1, of the byte `at`.
fn place(text: &[u8], at: usize) -> (usize, usize) {
    let before = &text[..at.min(text.len())];
    let line_begins = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    (line, before.len() - line_begins + 1)
}

/// Whether every reader can hold it: neither beyond the range of `f64` nor longer than what PostgreSQL's `numeric` takes.
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
