//! The values of a body, one by one: what is made of one item is gone before the next one is read.

use super::{Format, not_json};
use crate::http::error::{ApiError, ApiResult};
use livetrail_types::{
    json::{ParseError, Parser, Value, parse},
    limits,
};

/// What a body has in it.
pub(in crate::http) enum Items<'a> {
    /// One value that is not an array.
    One(Value),
    /// Items of an array, or lines.
    Many(Many<'a>),
}

/// Items that are still to be read.
pub(in crate::http) struct Many<'a> {
    source: Source<'a>,
    read: usize,
}

enum Source<'a> {
    Array(Parser<'a>),
    /// What is left of the lines.
    Lines(&'a [u8]),
}

impl<'a> Items<'a> {
    /// Begins to read.
    ///
    /// # Errors
    /// 400 for what is not JSON.
    pub(in crate::http) fn of(format: &Format, bytes: &'a [u8]) -> ApiResult<Self> {
        if let Format::Lines = format {
            return Ok(Self::Many(Many::lines(bytes)));
        }
        let mut parser = Parser::new(bytes).map_err(bad)?;
        if !parser.begin_array() {
            let value = parser.value().map_err(bad)?;
            parser.end().map_err(bad)?;
            return Ok(Self::One(value));
        }
        Ok(Self::Many(Many { source: Source::Array(parser), read: 0 }))
    }
}

/// A batch has more items than it may have.
pub(in crate::http) fn too_many_items() -> ApiError {
    ApiError::too_large(format!(
        "The batch has more than {} items: send smaller batches",
        limits::BATCH_ITEMS
    ))
}

impl<'a> Many<'a> {
    /// An item a line.
    pub(in crate::http) fn lines(text: &'a [u8]) -> Self {
        Self { source: Source::Lines(text), read: 0 }
    }

    /// The next item, or what is wrong with this one alone. `None` at the end.
    ///
    /// # Errors
    /// 400 where nothing more can be read, 413 for one item too many.
    pub(in crate::http) fn next(&mut self) -> ApiResult<Option<Result<Value, ParseError>>> {
        let item = match &mut self.source {
            Source::Array(parser) => {
                let item = parser.next_item(self.read == 0).map_err(bad)?;
                if item.is_none() {
                    parser.end().map_err(bad)?;
                }
                item
            }
            Source::Lines(rest) => next_line(rest).map(parse),
        };
        self.read += usize::from(item.is_some());
        if self.read > limits::BATCH_ITEMS {
            return Err(too_many_items());
        }
        Ok(item)
    }
}

/// The next line that is not empty.
fn next_line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest[..end].trim_ascii();
        *rest = rest.get(end + 1..).unwrap_or_default();
        if !line.is_empty() {
            return Some(line);
        }
    }
    None
}

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
fn bad(error: ParseError) -> ApiError {
    not_json(&error)
}
