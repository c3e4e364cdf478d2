use super::{TextField, parse::canonical};
use crate::{contains_folded, folded, is_hexadecimal_id};
use ipnet::IpNet;
use uuid::Uuid;

/// What people type or paste into a search box. Part of a name or of an address finds what has it, in any case; an id
/// finds what has exactly it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sought {
    typed: String,
    folded: String,
    /// As a session of this text is stored.
    session: String,
}

impl Sought {
    /// A session that looks like a credential is stored as its hash, which `session` gives.
    pub(super) fn of(typed: &str, session: impl FnOnce(String) -> String) -> Self {
        let typed = typed.trim().to_owned();
        Self { folded: folded(&typed).into_owned(), session: session(typed.clone()), typed }
    }

    /// The text without spaces around it.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// The [`folded`] text, for what it is part of: users' ids, e-mail addresses and names, actions, addresses, and
    /// [`Sought::part_fields`]. Resource ids are asked by [`Sought::is_part_of_id`].
    pub fn part(&self) -> &str {
        &self.folded
    }

    /// The same as part of an action's key: people type "failed login" for `failed_login`.
    pub fn part_of_action(&self) -> String {
        self.folded.replace(' ', "_")
    }

    /// The text fields that [`Sought::part`] may be part of.
    pub fn part_fields() -> [TextField; 3] {
        [TextField::Endpoint, TextField::TargetResourceId, TextField::TargetUserId]
    }

    /// Whether the id of a resource has the part in it. A long hexadecimal id, such as a UUID, has to be equal: short
    /// words would be in many of them by chance.
    pub fn is_part_of_id(&self, id: &str) -> bool {
        if is_hexadecimal_id(id) { id == self.folded } else { contains_folded(id, &self.folded) }
    }

    /// The text fields that are exactly this text, and what they are then.
    pub fn exactly(&self) -> [(TextField, &str); 3] {
        [
            (TextField::SessionId, self.session.as_str()),
            (TextField::RequestId, self.typed.as_str()),
            (TextField::TraceId, self.typed.as_str()),
        ]
    }

    /// The id of an activity, where it is one.
    pub fn id(&self) -> Option<Uuid> {
        // Shorter forms are parts of other ids.
        Uuid::try_parse(&self.typed).ok().filter(|_| self.typed.len() == 36)
    }

    /// The network that addresses lie in, where it is one.
    pub fn network(&self) -> Option<IpNet> {
        self.typed.parse::<IpNet>().ok().map(|network| canonical(network.trunc()))
    }
}

impl From<&str> for Sought {
    fn from(typed: &str) -> Self {
        Self::of(typed, |session| session)
    }
}

impl From<String> for Sought {
    fn from(typed: String) -> Self {
        Self::from(typed.as_str())
    }
}
