//! Whether an action succeeds, and what is reported with it: status, error, duration.

use super::{actions::Action, chance::Chance};

const FAILURES: f64 = 0.04;
/// How far durations spread around their median: two of three lie between a third of it and its triple.
const SPREAD: f64 = 1.1;
const MAX_DURATION_MS: f64 = 120_000.0;

pub(super) struct Outcome {
    pub(super) status: u16,
    pub(super) error: Option<Error>,
}

pub(super) struct Error {
    pub(super) kind: &'static str,
    pub(super) message: &'static str,
}

/// Each as often as it occurs here.
const REFUSALS: [u16; 16] = [400, 400, 401, 403, 403, 403, 404, 404, 404, 404, 409, 422, 422, 429, 500, 503];

impl Outcome {
    pub(super) fn draw(action: &Action, chance: &mut Chance) -> Self {
        if chance.is(FAILURES) {
            let status = if action.signs_in { 401 } else { chance.pick(&REFUSALS) };
            return Self { status, error: Some(error(status)) };
        }
        let status = match action.method {
            "GET" if chance.is(0.1) => 304,
            "DELETE" => 204,
            "POST" if !action.signs_in => 201,
            _ => 200,
        };
        Self { status, error: None }
    }
}

fn error(status: u16) -> Error {
    let (kind, message) = match status {
        400 => ("BadRequest", "The request could not be read"),
        401 => ("InvalidCredentials", "E-mail or password is wrong"),
        403 => ("PermissionDenied", "This needs a role that the user does not have"),
        404 => ("NotFound", "There is no such resource"),
        409 => ("Conflict", "Another request has changed the resource"),
        422 => ("ValidationError", "A field has an invalid value"),
        429 => ("RateLimited", "Too many requests within a minute"),
        503 => ("UpstreamTimeout", "The database did not answer within 5 seconds"),
        _ => ("InternalError", "Unexpected error while the request was handled"),
    };
    Error { kind, message }
}

/// A log-normal duration in milliseconds. Failures end early.
pub(super) fn duration_ms(action: &Action, failed: bool, chance: &mut Chance) -> i32 {
    let median = if failed { action.median_ms / 3.0 } else { action.median_ms };
    (median * (SPREAD * chance.normal()).exp()).min(MAX_DURATION_MS) as i32
}
