use crate::shortened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One error in a request, and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or the name of the query parameter.
    #[schema(example = "/user_id")]
    pub pointer: String,
    /// The error, and a valid form.
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
    /// A short summary, the same for each problem of this kind.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The cause of this problem, as text for people.
    pub detail: String,
    /// Each error, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The id of this request in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}
