//! The fields that a rule groups by, or whose values it counts.

use ipnet::IpNet;
use livetrail_types::{Activity, Choice, Condition, Device, StatusPattern, TextField};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, net::IpAddr};

/// A field of an activity, or a value that is read from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are named after the fields of Activity")]
pub enum Field {
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
    StatusCode,
    ErrorType,
    IpAddress,
    /// The network of the address: /24 of IPv4, /48 of IPv6.
    Network,
    UserAgent,
    /// Browser and operating system, read from the user agent.
    Device,
    DelegateId,
    Via,
}

impl Field {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 18] = [
        (Self::ActionType, "action_type"),
        (Self::UserId, "user_id"),
        (Self::TargetUserId, "target_user_id"),
        (Self::SessionId, "session_id"),
        (Self::RequestId, "request_id"),
        (Self::TraceId, "trace_id"),
        (Self::ResourceType, "resource_type"),
        (Self::TargetResourceId, "target_resource_id"),
        (Self::Endpoint, "endpoint"),
        (Self::HttpMethod, "http_method"),
        (Self::StatusCode, "status_code"),
        (Self::ErrorType, "error_type"),
        (Self::IpAddress, "ip_address"),
        (Self::Network, "network"),
        (Self::UserAgent, "user_agent"),
        (Self::Device, "device"),
        (Self::DelegateId, "delegate_id"),
        (Self::Via, "via"),
    ];

    /// The name: that of the activity's field.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(field, _)| *field == self).map_or("", |(_, name)| name)
    }

    /// The field of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(field, _)| field)
    }

    /// The value in an activity; `None` if it has none.
    pub fn of(self, activity: &Activity) -> Option<Cow<'_, str>> {
        match self {
            Self::StatusCode => activity.status_code.map(|code| code.to_string().into()),
            Self::ErrorType => activity.error_type.as_deref().map(Into::into),
            Self::IpAddress => activity.ip_address.map(|address| address.to_string().into()),
            Self::Network => activity.ip_address.map(|address| network(address).to_string().into()),
            Self::UserAgent => activity.user_agent.as_deref().map(Into::into),
            Self::Device => {
                let device = activity.user_agent.as_deref().and_then(Device::parse)?;
                Some(device.to_string().into())
            }
            _ => self.text_field()?.of(activity).filter(|text| !text.is_empty()).map(Into::into),
        }
    }

    /// The field of a filter that compares the same texts.
    pub(crate) fn text_field(self) -> Option<TextField> {
        Some(match self {
            Self::ActionType => TextField::ActionType,
            Self::UserId => TextField::UserId,
            Self::TargetUserId => TextField::TargetUserId,
            Self::SessionId => TextField::SessionId,
            Self::RequestId => TextField::RequestId,
            Self::TraceId => TextField::TraceId,
            Self::ResourceType => TextField::ResourceType,
            Self::TargetResourceId => TextField::TargetResourceId,
            Self::Endpoint => TextField::Endpoint,
            Self::HttpMethod => TextField::HttpMethod,
            Self::DelegateId => TextField::DelegateId,
            Self::Via => TextField::Via,
            Self::StatusCode
            | Self::ErrorType
            | Self::IpAddress
            | Self::Network
            | Self::UserAgent
            | Self::Device => return None,
        })
    }

    /// Whether activities with the same value of this field have the same value of `other`, too.
    pub(crate) fn implies(self, other: Self) -> bool {
        self == other
            || matches!((self, other), (Self::IpAddress, Self::Network) | (Self::UserAgent, Self::Device))
    }

    /// What a filter says for "this field has this value"; `None` where no filter can say it.
    pub fn condition(self, value: &str) -> Option<Condition> {
        match self {
            Self::StatusCode => {
                value.parse().ok().map(|code| Condition::Status(Choice::any([StatusPattern::Code(code)])))
            }
            Self::IpAddress | Self::Network => {
                let network = value.parse::<IpNet>().or_else(|_| value.parse::<IpAddr>().map(IpNet::from));
                network.ok().map(|network| Condition::Address(Choice::any([network])))
            }
            _ => self.text_field().map(|field| Condition::Text(field, Choice::any([value.to_owned()]))),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The site's network: providers give a household or an office one of this size.
fn network(address: IpAddr) -> IpNet {
    let prefix = if address.is_ipv4() { 24 } else { 48 };
    IpNet::new(address, prefix).map_or_else(|_| IpNet::from(address), |network| network.trunc())
}
