//! Reads JSON (RFC 8259) with an explicit stack. The cost of a text is bounded by its length and by
//! [`limits`](crate::limits), however it is nested.
//!
//! Two things are read that the grammar does not have, because senders do send them. A lone surrogate (`"\ud800"`)
//! becomes U+FFFD. `NaN` and the infinities are read as values and reported as a fault of the item that contains them.
//! So one bad number costs its own item of a batch, not the whole batch.

use super::{Object, Value};
use crate::limits;
use std::fmt;

/// A fault of a text, and its place.
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

/// Reads a text that is one JSON value.
///
/// # Errors
/// The first fault, with its line and column.
pub fn parse(text: &[u8]) -> Result<Value, ParseError> {
    let mut parser = Parser::new(text)?;
    let value = parser.value()?;
    parser.end().map(|()| value)
}

/// Reads the answer of a server that is trusted: it may have any number of values.
///
/// # Errors
/// The first fault, with its line and column.
pub fn parse_answer(text: &[u8]) -> Result<Value, ParseError> {
    let mut parser = Parser { most_values: usize::MAX, ..Parser::new(text)? };
    let value = parser.value()?;
    parser.end().map(|()| value)
}

/// Reads a text that another application wrote into the database. It may be larger and deeper than a text of the API,
/// with numbers of any size.
///
/// # Errors
/// The first fault, with its line and column.
pub(crate) fn parse_stored(text: &[u8]) -> Result<Value, ParseError> {
    let (most_values, most_depth) = (limits::STORED_JSON_VALUES, limits::STORED_JSON_DEPTH);
    let mut parser = Parser { most_values, most_depth, ..Parser::new(text)? };
    let value = parser.any_value()?;
    parser.end().map(|()| value)
}

/// A JSON text that is read piece by piece, so that a large array is never a tree as a whole.
pub struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    most_values: usize,
    most_depth: usize,
    open: Vec<Container>,
    /// Where a value is that is well formed and still not acceptable.
    pub(super) fault: Option<(&'static str, usize)>,
    lines: Lines,
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
            let (line, column) = Lines::default().place(text, error.valid_up_to());
            ParseError { what: NOT_UTF8, line, column }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self {
            text,
            at: 0,
            most_values: limits::JSON_VALUES,
            most_depth: limits::JSON_TEXT_DEPTH,
            open: Vec::new(),
            fault: None,
            lines: Lines::default(),
        })
    }

    /// Whether the text is an array, whose items [`Parser::next_item`] reads one by one. Its opening bracket is taken.
    pub fn begin_array(&mut self) -> bool {
        self.skip_space();
        let is_array = self.peek() == Some(b'[');
        self.at += usize::from(is_array);
        is_array
    }

    /// The next item of the array; `None` at its end. `is_first` says that none was read before. The inner error is of
    /// this item alone; after the outer one nothing more can be read.
    ///
    /// # Errors
    /// The first fault, with its line and column.
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
    /// The first fault, with its line and column.
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
        if self.open.len() == self.most_depth {
            return Err(self.error(TOO_DEEP));
        }
        self.open.push(container);
        Ok(())
    }

    /// Puts a finished value into the container that it is in.
    fn close(&mut self, value: Value) -> Result<Closed, ParseError> {
        if self.open.is_empty() {
            return Ok(Closed::Whole(value));
        }
        self.skip_space();
        let next = self.peek();
        let Some(container) = self.open.last_mut() else { return Ok(Closed::Whole(value)) };
        match (container, next) {
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
            if matches!(self.open.last(), Some(Container::Object { .. })) {
                self.skip_space();
                let next_key = self.key()?;
                if let Some(Container::Object { key, .. }) = self.open.last_mut() {
                    *key = next_key;
                }
            }
            return Ok(Closed::More);
        }
        Ok(match self.open.pop() {
            Some(Container::Array(items)) => Closed::Container(Value::Array(items)),
            Some(Container::Object { entries, .. }) => Closed::Container(Value::Object(entries)),
            None => Closed::More,
        })
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

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    pub(super) fn error(&mut self, what: &'static str) -> ParseError {
        self.error_at(what, self.at)
    }

    fn error_at(&mut self, what: &'static str, at: usize) -> ParseError {
        let (line, column) = self.lines.place(self.text.as_bytes(), at);
        ParseError { what, line, column }
    }
}

/// The result of putting a value into its container.
enum Closed {
    /// The container continues.
    More,
    /// The container is complete.
    Container(Value),
    /// It was in none.
    Whole(Value),
}

/// Up to where lines are counted. Every faulty item of a batch has its place, and all of them together cost one pass
/// over it.
#[derive(Default)]
struct Lines {
    counted: usize,
    newlines: usize,
    line_begins: usize,
}

impl Lines {
    /// Line and column, from 1, of the byte `at`.
    fn place(&mut self, text: &[u8], at: usize) -> (usize, usize) {
        let at = at.min(text.len());
        if at < self.counted {
            *self = Self::default();
        }
        for (index, _) in text[self.counted..at].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.newlines += 1;
            self.line_begins = self.counted + index + 1;
        }
        self.counted = at;
        (self.newlines + 1, at - self.line_begins + 1)
    }
}
