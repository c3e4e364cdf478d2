use super::Sought;
use crate::{Activity, UserProfile, actions};
use ipnet::IpNet;
use jiff::Timestamp;

/// The subject of a filter: an activity, and its user's profile in the directory.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The activity.
    pub activity: &'a Activity,
    /// The profile of its user, if there is one.
    pub profile: Option<&'a UserProfile>,
}

/// One thing that has to hold. The text of `UserSearch` and `Words` is [`folded`](crate::folded).
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A text field is, or is not, one of some values.
    Text(TextField, Choice<String>),
    /// The status is one of some codes or classes.
    Status(Choice<StatusPattern>),
    /// The address lies in one of some networks.
    Address(Choice<IpNet>),
    /// It worked, or not.
    Success(Choice<bool>),
    /// It was an admin's doing, or not.
    IsAdmin(Choice<bool>),
    /// The user is anonymous (`anon-…`), or not.
    Anonymous(Choice<bool>),
    /// Another party acted in the user's name, or not.
    Delegated(Choice<bool>),
    /// It records that one of some users has read the log, or it does not record that one of others has.
    ReadBy(Choice<String>),
    /// It happened at this moment or later.
    From(Timestamp),
    /// It happened at this moment or earlier.
    Until(Timestamp),
    /// Part of the user's e-mail address, name or id.
    UserSearch(String),
    /// Part of a name, or an id, as [`Sought`] says.
    Search(Sought),
    /// Words of the error message and the details.
    Words(String),
}

impl Condition {
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Self::From(_) | Self::Until(_))
    }
}

/// The user who has read the log, if that is what an activity records.
pub(super) fn reader(activity: &Activity) -> Option<&str> {
    (activity.action_type == actions::ADMIN_VIEW_ACTIVITY_LOGS).then_some(&*activity.user_id)
}

/// Any of some values, or of all when there are none, and none of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<T> {
    /// One of these, if there are any.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
}

impl<T> Choice<T> {
    /// One of `values`.
    pub fn any(values: impl IntoIterator<Item = T>) -> Self {
        Self { any: values.into_iter().collect(), none: Vec::new() }
    }

    /// None of `values`.
    pub fn none(values: impl IntoIterator<Item = T>) -> Self {
        Self { any: Vec::new(), none: values.into_iter().collect() }
    }
}

/// A field of text that is compared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are named after the fields of Activity")]
pub enum TextField {
    ActionType,
    UserId,
    TargetUserId,
    SessionId,
    RequestId,
    TraceId,
    ResourceType,
    TargetResourceId,
    Endpoint,
    HttpMethod,
    TenantId,
    DelegateId,
    Via,
}

impl TextField {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::ActionType,
        Self::UserId,
        Self::TargetUserId,
        Self::SessionId,
        Self::RequestId,
        Self::TraceId,
        Self::ResourceType,
        Self::TargetResourceId,
        Self::Endpoint,
        Self::HttpMethod,
        Self::TenantId,
        Self::DelegateId,
        Self::Via,
    ];

    /// The parameter of a query that asks for it.
    pub(super) fn parameter(self) -> &'static str {
        match self {
            Self::ActionType => "action_filter",
            Self::UserId => "user_id",
            Self::TargetUserId => "target_user_id",
            Self::SessionId => "session_id",
            Self::RequestId => "request_id",
            Self::TraceId => "trace_id",
            Self::ResourceType => "resource_type",
            Self::TargetResourceId => "resource_id",
            Self::Endpoint => "endpoint",
            Self::HttpMethod => "method",
            Self::TenantId => "tenant_id",
            Self::DelegateId => "delegate_id",
            Self::Via => "via",
        }
    }

    /// Its value in `activity`.
    pub fn of(self, activity: &Activity) -> Option<&str> {
        match self {
            Self::ActionType => Some(&activity.action_type),
            Self::UserId => Some(&activity.user_id),
            Self::TargetUserId => activity.target_user_id.as_deref(),
            Self::SessionId => activity.session_id.as_deref(),
            Self::RequestId => activity.request_id.as_deref(),
            Self::TraceId => activity.trace_id.as_deref(),
            Self::ResourceType => activity.resource_type.as_deref(),
            Self::TargetResourceId => activity.target_resource_id.as_deref(),
            Self::Endpoint => activity.endpoint.as_deref(),
            Self::HttpMethod => activity.http_method.as_deref(),
            Self::TenantId => activity.tenant_id.as_deref(),
            Self::DelegateId => activity.delegate_id.as_deref(),
            Self::Via => activity.via.as_deref(),
        }
    }
}

/// A status (`404`) or a class of them (`4xx`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusPattern {
    /// This code.
    Code(u16),
    /// The hundred codes that begin with this digit.
    Class(u16),
}

impl StatusPattern {
    /// The first and the last code that are meant.
    pub fn range(self) -> (u16, u16) {
        match self {
            Self::Code(code) => (code, code),
            Self::Class(digit) => (digit * 100, digit * 100 + 99),
        }
    }
}
