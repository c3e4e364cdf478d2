//! Input of senders: read, checked and cleaned here only.

mod address;
mod names;
mod reader;
mod stamp;
#[cfg(test)]
mod tests;

pub use names::{field_name, hint as field_hint, is_given_by_livetrail};
pub(crate) use stamp::hash_if_credential;
pub use stamp::{Fingerprint, Stamped};

use crate::{
    Change, DelegateType, FieldError, LIVETRAIL, Redaction, RedactionCounts, is_reserved,
    json::{Object, Value},
    limits, looks_like_credential, text,
};
use jiff::Timestamp;
use reader::Reader;
use serde::Serialize;
use std::net::IpAddr;
use utoipa::ToSchema;
use uuid::Uuid;

/// The sender of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A client of the API. It cannot write records that look like Livetrail's own.
    Application,
    /// The operator, who puts a log back as it was. It may have rows that an application inserted by SQL: an action of
    /// any printable characters, and numbers that the API does not take. A record with a `position` comes from an
    /// export; it may have everything that a log can hold.
    Operator,
}

/// The checks that a record has to pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rules {
    Application,
    Operator,
    /// A row of an export. It came from a log, so it is never refused for what an application wrote there. An empty
    /// text stays empty, a text that is too long is cut, and JSON that is not an object becomes the object's only
    /// value.
    Export,
}

impl Rules {
    fn of(sender: Sender, object: &mut Object) -> Self {
        match sender {
            Sender::Application => Self::Application,
            Sender::Operator if object.remove("position").is_some_and(|position| !position.is_null()) => {
                Self::Export
            }
            Sender::Operator => Self::Operator,
        }
    }
}

/// An activity as an application sends it, checked and free of control characters. Made by
/// [`NewActivity::from_json`]; becomes a [`Stamped`] activity when the server adds its own time and id.
///
/// The fields are those of [`Activity`](crate::Activity), where their meaning is written. Absent fields are not
/// serialised, so that fingerprints stay the same when a later version adds fields.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(
    description = "An activity as an application sends it. camelCase and the names of admin trackers (`adminId`, \
                        `action`, `entityType`, `entityId`, `metadata`) are understood too."
)]
#[expect(missing_docs, reason = "the fields are documented where they are shown, on Activity")]
pub struct NewActivity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// RFC 3339 with an offset, or epoch seconds.
    #[schema(value_type = Option<String>, example = "2026-03-01T12:00:00Z")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    #[schema(example = "u-1042")]
    pub user_id: String,
    #[schema(example = "user_login")]
    pub action_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_method: Option<String>,
    #[schema(minimum = 100, maximum = 599)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    #[schema(value_type = Option<BTreeMap<String, serde_json::Value>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Object>,
    #[schema(value_type = Option<BTreeMap<String, Change>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Object>,
    #[schema(minimum = 0)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i32>,
    #[schema(minimum = 0)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub db_query_count: Option<i32>,
    #[schema(value_type = Option<String>, example = "203.0.113.9")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    #[schema(required = false)]
    pub is_admin: bool,
    #[schema(example = "deploy-bot")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_id: Option<String>,
    /// Only with a `delegate_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegate_type: Option<DelegateType>,
    #[schema(example = "mcp")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
}

impl NewActivity {
    /// An activity of `user_id` with nothing but its action.
    pub fn new(user_id: impl Into<String>, action_type: impl Into<String>) -> Self {
        Self {
            id: None,
            timestamp: None,
            user_id: user_id.into(),
            action_type: action_type.into(),
            endpoint: None,
            http_method: None,
            status_code: None,
            success: None,
            error_message: None,
            error_type: None,
            target_user_id: None,
            target_resource_id: None,
            resource_type: None,
            details: None,
            changes: None,
            duration_ms: None,
            db_query_count: None,
            ip_address: None,
            user_agent: None,
            is_admin: false,
            delegate_id: None,
            delegate_type: None,
            via: None,
            session_id: None,
            request_id: None,
            trace_id: None,
            tenant_id: None,
        }
    }

    /// Reads either shape, ours or the admin tracker's (`adminId`, `entityType`, `metadata`, …).
    ///
    /// # Errors
    /// All faults, each with its JSON pointer and a valid form.
    pub fn from_json(value: impl Into<Value>) -> Result<Self, Vec<FieldError>> {
        Self::from_json_of(Sender::Application, value)
    }

    /// As [`NewActivity::from_json`], for any sender.
    ///
    /// # Errors
    /// As there.
    pub fn from_json_of(sender: Sender, value: impl Into<Value>) -> Result<Self, Vec<FieldError>> {
        let Value::Object(mut object) = value.into() else {
            return Err(vec![FieldError::new(
                "",
                "an activity is a JSON object with at least user_id and action_type",
            )]);
        };
        let rules = Rules::of(sender, &mut object);
        let mut reader = Reader::of(object, rules == Rules::Export);
        let by_admin_id = reader.has("adminId");
        reader.rename("adminId", "user_id");
        reader.rename("metadata", "details");
        let user_id =
            reader.required_text("user_id", "the id of the user who acted", limits::USER_ID, |_| Ok(()));
        let action_type = action_type(&mut reader, rules);
        let optional = NewActivity {
            resource_type: resource_type(&mut reader, rules),
            ..optional_fields(&mut reader, rules, by_admin_id)
        };
        let read =
            user_id.zip(action_type).map(|(user_id, action_type)| Self { user_id, action_type, ..optional });
        reader.finish(read)
    }

    /// Replaces secrets in every text by `[redacted]`, and says how many of which kind there were.
    pub fn redact(&mut self, redaction: &Redaction) -> RedactionCounts {
        redaction.new_activity(self)
    }
}

fn action_type(reader: &mut Reader, rules: Rules) -> Option<String> {
    reader.required_text("action_type", "what was done, as in user_login", limits::ACTION_TYPE, |action| {
        let is_allowed = |c: char| match rules {
            Rules::Application => c.is_ascii_alphanumeric() || "_.:-".contains(c),
            Rules::Operator => !c.is_control(),
            Rules::Export => true,
        };
        if action.chars().all(is_allowed) {
            Ok(())
        } else {
            Err("may have letters, digits and _ . : - only".into())
        }
    })
}

fn optional_fields(reader: &mut Reader, rules: Rules, by_admin_id: bool) -> NewActivity {
    let (status, count) = match rules {
        Rules::Application => (100..=599, 0..=i32::MAX),
        // As the log shows rows that an application has inserted by SQL.
        Rules::Operator | Rules::Export => (0..=u16::MAX.into(), i32::MIN..=i32::MAX),
    };
    let (delegate_id, delegate_type) = delegate(reader);
    NewActivity {
        id: reader.uuid("id"),
        timestamp: reader.moment("timestamp"),
        user_id: String::new(),
        action_type: String::new(),
        endpoint: endpoint(reader),
        http_method: http_method(reader),
        status_code: reader.integer("status_code", &status).and_then(|status| u16::try_from(status).ok()),
        success: reader.boolean("success"),
        error_message: searched_text(reader, "error_message"),
        error_type: reader.text("error_type", limits::ERROR_TYPE),
        target_user_id: reader.text("target_user_id", limits::TARGET_ID),
        target_resource_id: reader.text("target_resource_id", limits::TARGET_ID),
        resource_type: None,
        details: reader.object("details"),
        changes: reader.changes("changes"),
        duration_ms: reader.integer("duration_ms", &count),
        db_query_count: reader.integer("db_query_count", &count),
        ip_address: reader.address("ip_address"),
        user_agent: searched_text(reader, "user_agent"),
        is_admin: reader.boolean("is_admin").unwrap_or(by_admin_id),
        delegate_id,
        delegate_type,
        via: reader.text("via", limits::VIA),
        session_id: session_id(reader),
        request_id: reader.text("request_id", limits::REQUEST_ID),
        trace_id: reader.text("trace_id", limits::TRACE_ID),
        tenant_id: reader.text("tenant_id", limits::TENANT_ID),
    }
}

/// Text that [`NewActivity::stamp`] cuts to its limit, after redaction.
fn searched_text(reader: &mut Reader, name: &'static str) -> Option<String> {
    reader.long_text(name).map(|text| text::cut(text, limits::SEARCHED_TEXT))
}

/// The query string of a path is where tokens and searches stand, so it is cut off before anything is kept.
fn endpoint(reader: &mut Reader) -> Option<String> {
    let mut path = reader.long_text("endpoint")?;
    if let Some(end) = path.find(['?', '#']) {
        path.truncate(end);
    }
    let path =
        reader.within(path, limits::ENDPOINT).map_err(|detail| reader.refuse("endpoint", detail)).ok()?;
    (!path.is_empty()).then_some(path)
}

fn http_method(reader: &mut Reader) -> Option<String> {
    let mut method = reader.text("http_method", limits::HTTP_METHOD)?;
    method.make_ascii_uppercase();
    Some(method)
}

fn resource_type(reader: &mut Reader, rules: Rules) -> Option<String> {
    reader.text_that(
        "resource_type",
        |_| limits::RESOURCE_TYPE,
        |given| {
            if rules == Rules::Application && is_reserved(given) {
                return Err(format!(
                    "{LIVETRAIL} is reserved for Livetrail's own activities: choose another name"
                ));
            }
            Ok(())
        },
    )
}

/// Who acted in the user's name. A type without an id says nothing, so it is refused.
fn delegate(reader: &mut Reader) -> (Option<String>, Option<DelegateType>) {
    let errors_before = reader.error_count();
    let id = reader.text("delegate_id", limits::DELEGATE_ID);
    // An id that is refused was given all the same, so one mistake has one error.
    let is_given = id.is_some() || reader.error_count() > errors_before;
    if reader.is_export && id.is_none() {
        reader.leave_out("delegate_type");
    }
    let kind = reader.text_that(
        "delegate_type",
        |_| usize::MAX,
        |given| match DelegateType::of_name(given) {
            None => Err("must be one of user, agent, service".into()),
            Some(_) if !is_given => Err("needs delegate_id, the id of the party that acted".into()),
            Some(_) => Ok(()),
        },
    );
    (id, kind.as_deref().and_then(DelegateType::of_name))
}

fn session_id(reader: &mut Reader) -> Option<String> {
    let most = |given: &str| match looks_like_credential(given) {
        true => limits::SESSION_TOKEN,
        false => limits::SESSION_ID,
    };
    reader.text_that("session_id", most, |_| Ok(()))
}
