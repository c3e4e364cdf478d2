//! The party that acts in a user's name: an AI agent, support staff, a job. RFC 8693 calls it the actor (`act`).

use super::Activity;
use serde::Serialize;
use utoipa::ToSchema;

/// What kind of party acted in a user's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DelegateType {
    /// Another person, such as support staff.
    User,
    /// An AI agent.
    Agent,
    /// A program, such as a job.
    Service,
}

impl DelegateType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::User, Self::Agent, Self::Service];

    /// The name on the wire and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Agent => "agent",
            Self::Service => "service",
        }
    }

    /// The type of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The type that a stored row shows. An application's SQL can insert any text, and a type without an id.
    pub fn of_row(name: Option<&str>, delegate_id: Option<&str>) -> Option<Self> {
        delegate_id.filter(|id| !id.is_empty()).and(name).and_then(Self::of_name)
    }
}

/// The party that acted in a user's name, as a sentence mentions it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegate<'a> {
    /// Its id.
    pub id: &'a str,
    /// What kind of party it is, if that is known.
    pub kind: Option<DelegateType>,
}

impl Activity {
    /// The party that acted in the user's name. An empty id names no party; only an application's SQL can insert one.
    pub fn delegate(&self) -> Option<Delegate<'_>> {
        let id = self.delegate_id.as_deref().filter(|id| !id.is_empty())?;
        Some(Delegate { id, kind: self.delegate_type })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_written_and_read_by_one_name() {
        for kind in DelegateType::ALL {
            assert_eq!(DelegateType::of_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.name());
        }
        assert_eq!(DelegateType::of_name("Agent"), None);
    }

    #[test]
    fn a_row_shows_a_known_type_beside_an_id_only() {
        assert_eq!(DelegateType::of_row(Some("agent"), Some("bot")), Some(DelegateType::Agent));
        for (name, id) in [(Some("robot"), Some("bot")), (None, Some("bot")), (Some("agent"), None)] {
            assert_eq!(DelegateType::of_row(name, id), None);
        }
        assert_eq!(DelegateType::of_row(Some("agent"), Some("")), None);
    }
}
