//! What a client has written about a view, checked.

use crate::{
    access::{Principal, is_name},
    app::App,
    http::{
        error::{ApiError, ApiResult},
        query::{PairReader, SortParameters},
    },
};
use axum::http::Uri;
use livetrail_types::{FieldError, limits};

const MAX_NAME: usize = 100;
/// In bytes.
const MAX_QUERY: usize = 4_096;
const MAX_COLUMNS: usize = 50;
const MAX_COLUMN: usize = 40;
/// What the page shows of a list, which the API does not take.
const OF_THE_PAGE: [&str; 2] = ["density", "window"];

pub(super) fn name(text: &str) -> ApiResult<String> {
    let text = text.trim().to_owned();
    let detail = format!("must have 1 to {MAX_NAME} characters, and no control characters");
    if is_name(&text, MAX_NAME) { Ok(text) } else { Err(fault("/name", detail)) }
}

/// A query string is a filter, an order and columns. An empty one shows the whole log.
pub(super) fn query(text: &str, app: &App, principal: &Principal) -> ApiResult<String> {
    if text.len() > MAX_QUERY {
        return Err(fault("/query", format!("must have at most {MAX_QUERY} bytes")));
    }
    let written: Option<Uri> = format!("/?{text}").parse().ok();
    let uri = written.filter(|uri| uri.query().unwrap_or_default() == text);
    let Some(uri) = uri else {
        return Err(fault("/query", "must be a query string, percent-encoded, without ? and #"));
    };
    let mut reader = PairReader::of(&uri);
    let _ = SortParameters::take(&mut reader);
    let _ = reader.number("limit", 1, limits::PAGE_LIMIT);
    if reader.take("columns").is_some_and(|columns| !are_columns(&columns)) {
        let detail = format!("must be at most {MAX_COLUMNS} names of columns with commas in between");
        reader.refuse("columns", &detail);
    }
    for name in OF_THE_PAGE {
        if reader.take(name).is_some_and(|value| !is_word(&value)) {
            reader.refuse(name, &"must be one word of small letters and digits");
        }
    }
    reader.filter(app, principal)?;
    Ok(text.to_owned())
}

fn are_columns(text: &str) -> bool {
    text.split(',').count() <= MAX_COLUMNS && text.split(',').all(is_word)
}

fn is_word(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || b"_-.".contains(&sign);
    (1..=MAX_COLUMN).contains(&text.len()) && text.bytes().all(is_sign)
}

pub(super) fn fault(pointer: &str, detail: impl Into<String>) -> ApiError {
    ApiError::invalid(vec![FieldError::new(pointer, detail)])
}
