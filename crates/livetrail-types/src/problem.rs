use crate::shortened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that is wrong with a request, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or the name of the query parameter.
    #[schema(example = "/user_id")]
    pub pointer: String,
    /// What is wrong and what would be right.
    #[schema(example = "is required: the id of the user who acted")]
    pub detail: String,
}

impl FieldError {
    /// An error at `pointer`, which is cut where it repeats very long names of the input.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: shortened(&pointer.into()), detail: detail.into() }
    }
}

/// A refusal, as RFC 9457 (`application/problem+json`) writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `about:blank`, or a URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, the same for each problem of its kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong this time, for people to read.
    pub detail: String,
    /// Where there are several things to mend: each of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The id under which the server's log knows this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
