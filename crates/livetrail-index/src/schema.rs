//! Which field of an activity is in which column. A new field of the vocabulary begins here.

use crate::{dictionary::Dictionary, homes::Homes};
use livetrail_types::{Activity, TextField};
use std::{
    fmt::{self, Write},
    net::IpAddr,
};

/// Columns of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coded {
    Action,
    User,
    ResourceType,
    Endpoint,
    Method,
    Tenant,
    Address,
    Delegate,
    Via,
    TargetUser,
    Status,
    Duration,
}

pub(crate) const CODED_COLUMNS: [Coded; CODED] = [
    Coded::Action,
    Coded::User,
    Coded::ResourceType,
    Coded::Endpoint,
    Coded::Method,
    Coded::Tenant,
    Coded::Address,
    Coded::Delegate,
    Coded::Via,
    Coded::TargetUser,
    Coded::Status,
    Coded::Duration,
];

/// How many columns of codes there are, and how many of them have a dictionary: the first ones.
pub(crate) const CODED: usize = 12;
pub(crate) const DICTIONARIES: usize = 10;

/// Fields of which almost every text is different, in the order of their columns.
pub(crate) const UNIQUE: [TextField; 4] =
    [TextField::SessionId, TextField::RequestId, TextField::TraceId, TextField::TargetResourceId];

/// The one of them that is searched for parts.
pub(crate) const RESOURCE: usize = 3;

/// Where a text field is.
pub(crate) enum Place {
    Coded(Coded),
    /// The number of a column of [`UNIQUE`].
    Unique(usize),
}

pub(crate) fn place(field: TextField) -> Place {
    match field {
        TextField::ActionType => Place::Coded(Coded::Action),
        TextField::UserId => Place::Coded(Coded::User),
        TextField::ResourceType => Place::Coded(Coded::ResourceType),
        TextField::Endpoint => Place::Coded(Coded::Endpoint),
        TextField::HttpMethod => Place::Coded(Coded::Method),
        TextField::TenantId => Place::Coded(Coded::Tenant),
        TextField::DelegateId => Place::Coded(Coded::Delegate),
        TextField::Via => Place::Coded(Coded::Via),
        TextField::TargetUserId => Place::Coded(Coded::TargetUser),
        TextField::SessionId => Place::Unique(0),
        TextField::RequestId => Place::Unique(1),
        TextField::TraceId => Place::Unique(2),
        TextField::TargetResourceId => Place::Unique(RESOURCE),
    }
}

/// The dictionaries of the log. The text of an anonymous user is marked, and so is the text of each delegate except the
/// empty one, which names no party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionaries {
    texts: [Dictionary; DICTIONARIES],
    pub(crate) homes: Homes,
}

impl Dictionaries {
    pub(crate) fn of(&self, column: Coded) -> &Dictionary {
        &self.texts[column as usize]
    }

    pub(crate) fn all(&self) -> &[Dictionary; DICTIONARIES] {
        &self.texts
    }

    pub(crate) fn all_mut(&mut self) -> &mut [Dictionary; DICTIONARIES] {
        &mut self.texts
    }

    /// What they take in memory, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.texts.iter().map(Dictionary::memory).sum::<usize>() + self.homes.memory()
    }

    /// How many texts each has.
    pub(crate) fn lens(&self) -> [u32; DICTIONARIES] {
        self.texts.each_ref().map(Dictionary::len)
    }

    /// The codes of an activity, in the order of [`Coded`].
    pub(crate) fn codes(&mut self, activity: &Activity) -> [u32; CODED] {
        let [action, user, resource_type, endpoint, method, tenant, address, delegate, via, target_user] =
            &mut self.texts;
        let code = |dictionary: &mut Dictionary, text: Option<&str>| {
            text.map_or(0, |text| dictionary.intern(text, || false))
        };
        let delegate_id = activity.delegate_id.as_deref();
        let ip = activity.ip_address.map(Written::of);
        [
            code(action, Some(&activity.action_type)),
            user.intern(&activity.user_id, || activity.is_anonymous()),
            code(resource_type, activity.resource_type.as_deref()),
            code(endpoint, activity.endpoint.as_deref()),
            code(method, activity.http_method.as_deref()),
            code(tenant, activity.tenant_id.as_deref()),
            code(address, ip.as_ref().map(Written::as_str)),
            delegate_id.map_or(0, |id| delegate.intern(id, || activity.delegate().is_some())),
            code(via, activity.via.as_deref()),
            code(target_user, activity.target_user_id.as_deref()),
            activity.status_code.map_or(0, |status| u32::from(status) + 1),
            activity.duration_ms.map_or(0, duration_code),
        ]
    }
}

/// The text of an address, which needs no allocation.
struct Written {
    bytes: [u8; 48],
    len: usize,
}

impl Written {
    fn of(ip: IpAddr) -> Self {
        let mut written = Self { bytes: [0; 48], len: 0 };
        // The longest address has 45 bytes.
        let _ = write!(written, "{ip}");
        written
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

impl fmt::Write for Written {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let place = self.bytes.get_mut(self.len..self.len + text.len()).ok_or(fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.len += text.len();
        Ok(())
    }
}

/// A duration as a code in the same order. 0 is null, so the most negative number becomes its neighbour. That number is
/// minus 25 days, which only an application's SQL can have stored.
pub(crate) fn duration_code(duration: i32) -> u32 {
    ((duration as u32) ^ 0x8000_0000).max(1)
}

/// The duration of a code that is not null.
pub(crate) fn duration_of(code: u32) -> i32 {
    (code ^ 0x8000_0000) as i32
}
