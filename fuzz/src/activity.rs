//! Bodies of activities: NDJSON, or one JSON text.

use jiff::Timestamp;
use livetrail_server::http::fuzzing::items;
use livetrail_types::{Activity, FieldError, Json, NewActivity, Redaction, json, limits};
use uuid::Uuid;

const SESSION_KEY: [u8; 32] = [7; 32];
/// Longest detail of one mistake: it repeats at most 80 characters of the input, and may list the known fields.
const MAX_DETAIL: usize = 1_500;

/// Whatever a body holds is refused in a few words or becomes an activity within every limit.
pub fn check(body: &[u8]) {
    let redaction = Redaction::standard();
    for is_lines in [false, true] {
        items(body, is_lines, |item| match item {
            Ok(value) => match NewActivity::from_json(value) {
                Ok(new) => check_new(new, &redaction),
                Err(errors) => check_errors(&errors),
            },
            Err(detail) => assert!(detail.len() <= MAX_DETAIL, "{detail}"),
        });
    }
}

fn check_errors(errors: &[FieldError]) {
    assert!((1..=limits::ERRORS + 1).contains(&errors.len()), "{errors:?}");
    for FieldError { pointer, detail } in errors {
        assert!(detail.len() <= MAX_DETAIL && pointer.len() <= MAX_DETAIL, "{pointer}: {detail}");
    }
}

fn check_new(mut new: NewActivity, redaction: &Redaction) {
    let written = json::to_vec(&new);
    let again = json::parse(&written).map(NewActivity::from_json);
    assert_eq!(again.as_ref().map(Result::as_ref), Ok(Ok(&new)), "{}", String::from_utf8_lossy(&written));
    new.redact(redaction);
    let mut twice = new.clone();
    twice.redact(redaction);
    assert_eq!(twice, new, "redaction has nothing left to do");
    let stamped = new.clone().stamp(Timestamp::UNIX_EPOCH, Uuid::max(), &SESSION_KEY);
    let same = new.stamp(Timestamp::UNIX_EPOCH, Uuid::max(), &SESSION_KEY);
    assert_eq!(stamped, same);
    check_activity(&stamped.activity);
}

fn check_activity(activity: &Activity) {
    let texts = [
        (Some(&activity.user_id), limits::USER_ID),
        (Some(&activity.action_type), limits::ACTION_TYPE),
        (activity.endpoint.as_ref(), limits::ENDPOINT),
        (activity.http_method.as_ref(), limits::HTTP_METHOD),
        (activity.error_message.as_ref(), limits::ERROR_MESSAGE),
        (activity.error_type.as_ref(), limits::ERROR_TYPE),
        (activity.target_user_id.as_ref(), limits::TARGET_ID),
        (activity.target_resource_id.as_ref(), limits::TARGET_ID),
        (activity.resource_type.as_ref(), limits::RESOURCE_TYPE),
        (activity.user_agent.as_ref(), limits::USER_AGENT),
        (activity.delegate_id.as_ref(), limits::DELEGATE_ID),
        (activity.via.as_ref(), limits::VIA),
        (activity.session_id.as_ref(), limits::SESSION_ID),
        (activity.request_id.as_ref(), limits::REQUEST_ID),
        (activity.trace_id.as_ref(), limits::TRACE_ID),
        (activity.tenant_id.as_ref(), limits::TENANT_ID),
    ];
    for (text, most) in texts {
        let Some(text) = text else { continue };
        assert!(text.chars().count() <= most, "more than {most} characters: {text:?}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\t' && c != '\n'), "{text:?}");
    }
    assert!(activity.delegate_type.is_none() || activity.delegate_id.is_some(), "{activity:?}");
    for json in [&activity.details, &activity.changes].into_iter().flatten() {
        assert!(Json::from_text(json.as_str().to_owned()).is_some(), "{}", json.as_str());
        assert!(!json.as_str().contains("\\u0000"), "{}", json.as_str());
    }
}
