use crate::{
    access::{AccessError, OidcError, Refusal},
    ingest::IngestError,
    questions::QuestionError,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use livetrail_store::StoreError;
use livetrail_types::{FieldError, limits};

/// Why a request was not answered as it hoped. [`problems::finish`](super::problems::finish) writes it down.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    /// For the client.
    pub(super) detail: String,
    pub(super) errors: Vec<FieldError>,
    /// When trying again may help, in seconds.
    pub(super) retry_after: Option<u32>,
    /// Whether it is a limit that requests of other clients have reached, for a moment. An event stream then answers
    /// 200 and says when to come back, because an `EventSource` would stop for ever at an error.
    pub(super) is_passing: bool,
    /// For the server's log only.
    pub(super) cause: Option<String>,
    /// The credential that was shown and is not valid: such failures are counted.
    pub(super) failed: Option<FailedCredential>,
}

/// A credential that opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailedCredential {
    /// The page's session, which the browser shows by itself.
    Session,
    /// Any other.
    Other,
}

/// Said without a look-up, so it tells nothing about which keys there are.
const MISTYPED: &str = "this secret was never issued: a character is wrong or missing";

pub(super) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            is_passing: false,
            cause: None,
            failed: None,
        }
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method")
    }

    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    pub(super) fn larger_than(most: usize) -> Self {
        let most = if most >= 1_000_000 {
            format!("{} MB", most / 1_000_000)
        } else {
            format!("{} KiB", most / 1024)
        };
        Self::too_large(format!("The body is larger than {most}"))
    }

    /// The memory for bodies of activities is in use, or this credential's part of it.
    pub(super) fn too_much_intake() -> Self {
        let detail = "More is being sent at once than can be read; try again shortly, with fewer or smaller requests \
            at a time";
        Self { retry_after: Some(1), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    pub(super) fn unsupported(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }

    /// Some fields are not right. The detail says the first of them, since many clients show nothing else.
    pub(super) fn invalid(mut errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [] => "The request is not valid".into(),
            [only] => in_a_sentence(only),
            [first, others @ ..] => format!("{} (and {} more)", in_a_sentence(first), others.len()),
        };
        errors.truncate(limits::ERRORS);
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail) }
    }

    pub(super) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(super) fn internal(cause: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on the server");
        Self { cause: Some(cause.into()), ..error }
    }

    pub(super) fn unavailable(cause: impl Into<String>) -> Self {
        let error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "The store is not available; try again shortly");
        Self { cause: Some(cause.into()), retry_after: Some(2), ..error }
    }

    /// There are as many connections from the client's address as there may be.
    pub(super) fn too_many_connections() -> Self {
        let detail = "There are as many connections from your address as there may be; try again shortly";
        Self { retry_after: Some(2), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// The page's session has ended.
    pub(super) fn dead_session() -> Self {
        Self { failed: Some(FailedCredential::Session), ..Refusal::InvalidToken.into() }
    }

    /// Too many credentials that are not valid have come from the client's address.
    pub(super) fn too_many_failures(seconds: u32) -> Self {
        let detail =
            "Too many credentials from your address were not valid; try again later, or with a valid one";
        Self { retry_after: Some(seconds), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// Too many bytes of answers wait for this client.
    pub(super) fn too_much_unread() -> Self {
        let detail =
            "You have not read the answers to your other requests; read them first, or ask for smaller pages";
        Self { retry_after: Some(2), ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }

    /// There are as many streams as there may be, or this credential has most of them.
    pub(super) fn full() -> Self {
        let detail = "As many streams are open as there may be; try again shortly";
        Self { retry_after: Some(2), is_passing: true, ..Self::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }
}

fn in_a_sentence(error: &FieldError) -> String {
    let name = error.pointer.trim_start_matches('/');
    if name.is_empty() { error.detail.clone() } else { format!("{name} {}", error.detail) }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let about_identity = refusal.is_about_identity();
        let status = if about_identity { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        let is_failure = matches!(refusal, Refusal::InvalidToken | Refusal::MistypedToken);
        let errors = match refusal {
            Refusal::MistypedToken => vec![FieldError::new("", MISTYPED)],
            _ => Vec::new(),
        };
        let failed = is_failure.then_some(FailedCredential::Other);
        Self { errors, failed, ..Self::new(status, refusal.detail()) }
    }
}

impl From<AccessError> for ApiError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Refused(refusal) => refusal.into(),
            AccessError::Store(error) => error.into(),
        }
    }
}

impl From<OidcError> for ApiError {
    fn from(error: OidcError) -> Self {
        let status = match error {
            OidcError::NotBegunHere | OidcError::Declined | OidcError::InvalidToken => {
                StatusCode::UNAUTHORIZED
            }
            OidcError::NoGroup => StatusCode::FORBIDDEN,
            OidcError::TooMany(seconds) => return Self::too_many_failures(seconds),
            OidcError::Away | OidcError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        };
        let retry_after = match error {
            OidcError::Away => Some(30),
            OidcError::Busy => Some(5),
            _ => None,
        };
        Self {
            failed: (status == StatusCode::UNAUTHORIZED).then_some(FailedCredential::Other),
            retry_after,
            ..Self::new(status, error.to_string())
        }
    }
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Full => Self {
                retry_after: Some(1),
                ..Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "More activities arrive than can be stored; try again shortly",
                )
            },
            IngestError::Unavailable => Self::unavailable(error.to_string()),
            IngestError::Internal => Self::internal(error.to_string()),
        }
    }
}

impl From<QuestionError> for ApiError {
    fn from(error: QuestionError) -> Self {
        let cause = Some(error.to_string());
        let ended = |detail| Self { cause, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail) };
        match error {
            // The same request would fail again, so the answer has no Retry-After.
            QuestionError::TookTooLong(limit) => ended(format!(
                "This question took longer than {limit:?} and was ended. Narrow it: a shorter range of dates \
                 (date_from and date_to, or window), a user or an action, fewer values and fewer words to search for"
            )),
            QuestionError::NoTurn(limit) => Self {
                retry_after: Some(2),
                ..ended(format!(
                    "Other questions were answered for {limit:?}, and this one had no turn. Ask fewer at once, and \
                     narrower ones"
                ))
            },
            QuestionError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::CursorMismatch => Self::invalid(vec![FieldError::new(
                "cursor",
                "belongs to another list: begin again without it",
            )]),
            StoreError::Unavailable(cause) | StoreError::Unsynced(cause) => Self::unavailable(cause),
            other => Self::internal(other.to_string()),
        }
    }
}
