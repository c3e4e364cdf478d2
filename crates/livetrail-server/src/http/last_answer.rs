use axum::{
    http::{HeaderValue, header},
    response::Response,
};

/// Marks an answer after which its connection ends.
#[derive(Clone, Copy)]
pub(super) struct LastAnswer;

/// Ends the connection with this answer, over HTTP/1.1 by a header and over HTTP/2 by the mark.
pub(super) fn make_last(answer: &mut Response) {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer.extensions_mut().insert(LastAnswer);
}
