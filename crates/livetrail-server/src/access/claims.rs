//! The claims of a token about its user.
//!
//! Only the claims that are needed are kept, each as one of a few plain kinds. A claim of any other form is skipped
//! without being built. No key of the input has a meaning to the parser, and nesting costs no stack.

use crate::config::{AdminClaim, ClaimNames};
use jiff::Timestamp;
use livetrail_types::{Role, limits};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{collections::BTreeMap, fmt};

/// The registered claims that are read, and `user_id` of the applications.
const REGISTERED: [&str; 8] = ["user_id", "sub", "iss", "aud", "exp", "nbf", "azp", "nonce"];
/// Most texts of one list that are kept, such as groups.
const MAX_TEXTS: usize = 256;

/// The claims of a token whose signature is right.
#[derive(Debug)]
pub(crate) struct Claims(BTreeMap<String, Claim>);

/// A claim's value, in one of the forms that are used here.
#[derive(Debug, PartialEq)]
enum Claim {
    Text(String),
    Texts(Vec<String>),
    Number { value: f64, text: String },
    Flag(bool),
    Null,
    Other,
}

/// A malformed claim.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Claims {
    /// Reads a payload; beside the registered claims, those named in `further` are kept.
    pub(super) fn parse(payload: &[u8], further: &[&str]) -> Option<Self> {
        let mut json = serde_json::Deserializer::from_slice(payload);
        let claims = Wanted(further).deserialize(&mut json).ok()?;
        json.end().ok()?;
        Some(Self(claims))
    }

    /// `user_id`, else `sub`. Some applications number their users.
    pub(crate) fn user(&self) -> Result<Option<&str>, Malformed> {
        self.user_named(&["user_id", "sub"])
    }

    /// `sub`: the issuer's own name for the user.
    pub(super) fn subject(&self) -> Result<Option<&str>, Malformed> {
        self.user_named(&["sub"])
    }

    fn user_named(&self, names: &[&str]) -> Result<Option<&str>, Malformed> {
        let user = names.iter().filter_map(|name| self.text(name)).find(|text| !text.is_empty());
        match user.is_none_or(|user| is_name(user, limits::USER_ID)) {
            true => Ok(user),
            false => Err(Malformed),
        }
    }

    /// Its issuer.
    pub(crate) fn issuer(&self) -> Option<&str> {
        self.0.get("iss").and_then(Claim::as_text)
    }

    /// Whom it is for.
    pub(super) fn audiences(&self) -> Vec<&str> {
        self.texts("aud")
    }

    /// A claim that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Claim::as_text)
    }

    /// A claim that is text or a list of it.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        match self.0.get(name) {
            Some(Claim::Texts(texts)) => texts.iter().map(String::as_str).collect(),
            Some(claim) => claim.as_text().into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// A moment in epoch seconds. A number that is too large for that is in milliseconds, a mistake by which a token
    /// would never expire.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<f64>, Malformed> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Claim::Number { value, .. }) if *value < limits::LOOKS_LIKE_MILLISECONDS => Ok(Some(*value)),
            Some(_) => Err(Malformed),
        }
    }

    /// When it ends, if it does.
    pub(crate) fn expires_at(&self) -> Option<Timestamp> {
        let seconds = self.seconds("exp").ok().flatten()?;
        Timestamp::from_second(seconds as i64).ok()
    }

    /// The tenant that it is bound to. A claim without a tenant in it is an error: it must not open every tenant.
    pub(crate) fn tenant(&self, name: Option<&str>) -> Result<Option<&str>, Malformed> {
        let Some(claim) = name.and_then(|name| self.0.get(name)) else { return Ok(None) };
        claim.as_text().filter(|text| is_name(text, limits::TENANT_ID)).map(Some).ok_or(Malformed)
    }

    /// The role that the claims give, if they do.
    pub(super) fn role(&self, names: &ClaimNames) -> Option<Role> {
        let named = names.role.as_deref().map(|name| self.texts(name)).unwrap_or_default();
        let readers = named.iter().filter_map(|text| text.parse::<Role>().ok()).filter(|role| role.reads());
        let is_admin = names.admin.as_ref().is_some_and(|claim| self.makes_admin(claim));
        readers.chain(is_admin.then_some(Role::Admin)).max_by_key(|role| rank(*role))
    }

    fn makes_admin(&self, wanted: &AdminClaim) -> bool {
        match &wanted.value {
            Some(value) => self.texts(&wanted.name).contains(&value.as_str()),
            None => self.0.get(&wanted.name) == Some(&Claim::Flag(true)),
        }
    }
}

/// Of several roles, the highest counts.
pub(super) fn rank(role: Role) -> u8 {
    match role.as_str() {
        "admin" => 3,
        "auditor" => 2,
        "viewer" => 1,
        _ => 0,
    }
}

/// Whether a text can be stored and shown as the name of a user or tenant.
pub(crate) fn is_name(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

impl Claim {
    fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number { text, .. } => Some(text),
            _ => None,
        }
    }
}

/// Reads an object and keeps some of its claims.
struct Wanted<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Wanted<'_> {
    type Value = BTreeMap<String, Claim>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = BTreeMap<String, Claim>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object of claims")
    }

    /// A claim that is there twice means one thing to one reader and another to the next, so it is refused (RFC 7519).
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kept = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if !REGISTERED.contains(&name.as_str()) && !self.0.contains(&name.as_str()) {
                map.next_value::<IgnoredAny>()?;
            } else if kept.insert(name, map.next_value()?).is_some() {
                return Err(A::Error::custom("a claim is there twice"));
            }
        }
        Ok(kept)
    }
}

impl<'de> Deserialize<'de> for Claim {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyClaim)
    }
}

struct AnyClaim;

impl AnyClaim {
    fn number(value: f64, text: String) -> Claim {
        Claim::Number { value, text }
    }
}

impl<'de> Visitor<'de> for AnyClaim {
    type Value = Claim;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a claim")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Claim, E> {
        Ok(Claim::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Claim, E> {
        Ok(Claim::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Claim, E> {
        Ok(Self::number(number as f64, number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Claim, E> {
        Ok(Self::number(number as f64, number.to_string()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Claim, E> {
        Ok(Self::number(number, number.to_string()))
    }

    fn visit_unit<E: Error>(self) -> Result<Claim, E> {
        Ok(Claim::Null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claim, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Claim::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Claim, A::Error> {
        let mut texts = Vec::new();
        while let Some(Item(text)) = list.next_element()? {
            if texts.len() < MAX_TEXTS {
                texts.extend(text);
            }
        }
        Ok(Claim::Texts(texts))
    }
}

/// An item of a list: its text, or nothing of it.
struct Item(Option<String>);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyItem)
    }
}

struct AnyItem;

impl<'de> Visitor<'de> for AnyItem {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an item of a list")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Item, E> {
        Ok(Item(Some(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Item, E> {
        Ok(Item(None))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Item, E> {
        Ok(Item(None))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Item, E> {
        Ok(Item(None))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Item, E> {
        Ok(Item(None))
    }

    fn visit_unit<E: Error>(self) -> Result<Item, E> {
        Ok(Item(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Item(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Item, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Item(None))
    }
}
