//! The names of users in memory, folded, so that a search need not read and fold all of them.
//!
//! Changes of the directory have numbers: triggers give them, so an application's SQL and other nodes count, too. A
//! writer keeps other writers out until its transaction ends, so numbers become visible in order. A search compares the
//! number of the last change with that of its names, and reads only the profiles with higher ones. After a change that
//! removed a profile, it reads all names again.

use livetrail_types::folded;
use memchr::memmem::Finder;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Memory that names may take: those of about 300,000 users. Beyond it, each search asks the database.
const MAX_MEMORY: usize = 64 << 20;
/// What a user takes beside the texts: two references to its key, a place in the map, and what the allocator adds.
const ENTRY: usize = 160;
/// Ends a name. No text in UTF-8 has this byte, so nothing that is searched for reaches from one name to another.
const END: u8 = 0xff;
/// No change has a number this low.
const BEFORE_ALL: i64 = -1;

/// The numbers of the last change, and of the last one that removed a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) change: i64,
    pub(crate) removal: i64,
}

/// A tenant, which is empty for users without one, and a user.
type Key = (Arc<str>, Arc<str>);

/// The names of all users.
#[derive(Debug)]
pub(crate) struct Names {
    /// The state of the directory that they are of.
    version: Option<Version>,
    /// The folded names of one user after the other.
    text: Vec<u8>,
    /// In the order of their texts.
    users: Vec<User>,
    /// The index in `users` of each user that has a name.
    indices: HashMap<Key, u32>,
    tenants: HashSet<Arc<str>>,
    id_bytes: usize,
    max_memory: usize,
    is_too_large: bool,
}

#[derive(Clone, Debug)]
struct User {
    /// Where the user's names begin in the text.
    start: u32,
    /// None once the user has other names, which stand further back, or none.
    key: Option<Key>,
}

impl Default for Names {
    fn default() -> Self {
        Self::within(MAX_MEMORY)
    }
}

impl Names {
    fn within(max_memory: usize) -> Self {
        Self {
            version: None,
            text: Vec::new(),
            users: Vec::new(),
            indices: HashMap::new(),
            tenants: HashSet::new(),
            id_bytes: 0,
            max_memory,
            is_too_large: false,
        }
    }

    /// The number after which changes have to be read, in a directory that has this version; `None` when there are
    /// none. Names that have to be read whole are forgotten first.
    pub(crate) fn begin(&mut self, now: Version) -> Option<i64> {
        match self.version {
            Some(known) if known == now => None,
            Some(known) if known.removal == now.removal && self.is_too_large => None,
            // A directory that was put back may have lower numbers.
            Some(known) if known.removal == now.removal && known.change < now.change => Some(known.change),
            _ => {
                *self = Self::within(self.max_memory);
                Some(BEFORE_ALL)
            }
        }
    }

    /// Notes that everything that [`Names::begin`] asked for was put.
    pub(crate) fn finish(&mut self, now: Version) {
        self.version = Some(now);
    }

    /// Whether there are more names than may be kept. Then none is kept.
    pub(crate) fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Adds or replaces the e-mail address and the name of a user. The tenant is empty for users without one.
    pub(crate) fn put(&mut self, tenant: &str, user_id: &str, names: [Option<&str>; 2]) {
        if self.is_too_large {
            return;
        }
        let key = (self.tenant(tenant), Arc::from(user_id));
        if let Some(index) = self.indices.remove(&key) {
            self.users[index as usize].key = None;
        }
        let mut text = Vec::new();
        for name in names.into_iter().flatten() {
            text.extend_from_slice(folded(name).as_bytes());
            text.push(END);
        }
        if !text.is_empty() {
            self.push(key, &text);
        }
        if self.users.len() > 2 * self.indices.len() {
            self.compact();
        }
        if self.memory() > self.max_memory {
            *self = Self { is_too_large: true, ..Self::within(self.max_memory) };
        }
    }

    fn push(&mut self, key: Key, text: &[u8]) {
        self.id_bytes += key.1.len();
        self.indices.insert(key.clone(), self.users.len() as u32);
        self.users.push(User { start: self.text.len() as u32, key: Some(key) });
        self.text.extend_from_slice(text);
    }

    fn tenant(&mut self, tenant: &str) -> Arc<str> {
        if let Some(known) = self.tenants.get(tenant) {
            return Arc::clone(known);
        }
        let new = Arc::<str>::from(tenant);
        self.tenants.insert(Arc::clone(&new));
        self.id_bytes += tenant.len() + ENTRY / 2;
        new
    }

    /// Drops the texts of names that are no longer those of their users.
    fn compact(&mut self) {
        let mut kept = Self { version: self.version, ..Self::within(self.max_memory) };
        for (index, user) in self.users.iter().enumerate() {
            if let Some((tenant, user_id)) = &user.key {
                let key = (kept.tenant(tenant), Arc::clone(user_id));
                kept.push(key, &self.text[user.start as usize..self.end(index)]);
            }
        }
        *self = kept;
    }

    /// Where the names of the user at an index end.
    fn end(&self, index: usize) -> usize {
        self.users.get(index + 1).map_or(self.text.len(), |next| next.start as usize)
    }

    fn memory(&self) -> usize {
        self.text.len() + self.id_bytes + self.users.len() * ENTRY
    }

    /// The users that have a folded text in their names, each with the tenant; `None` when there are too many names.
    pub(crate) fn containing(&self, needle: &str) -> Option<Vec<(Option<String>, String)>> {
        let (finder, mut found, mut from) = (Finder::new(needle), Vec::new(), 0);
        while let Some(offset) = finder.find(&self.text[from..]) {
            let is_before = |user: &User| user.start as usize <= from + offset;
            let Some(index) = self.users.partition_point(is_before).checked_sub(1) else { break };
            if let Some((tenant, user_id)) = &self.users[index].key {
                let tenant = Some(&**tenant).filter(|tenant| !tenant.is_empty());
                found.push((tenant.map(str::to_owned), (**user_id).to_owned()));
            }
            // One name is enough.
            from = self.end(index);
            if from == self.text.len() {
                break;
            }
        }
        (!self.is_too_large).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::for_all;
    use livetrail_types::contains_folded;
    use proptest::{collection::vec, option, prop_assert_eq, sample::select};
    use std::collections::BTreeMap;

    const FIRST: Version = Version { change: 1, removal: 0 };

    #[test]
    fn users_are_found_by_the_names_that_they_have_last() {
        let name = || option::of("[abÄß ]{0,3}");
        let profile = (select(vec!["", "acme"]), select(vec!["u-1", "u-2", "u-3", "a"]), name(), name());
        for_all(&(vec(profile, 0..40), "[abäs]{0,2}"), |(profiles, needle)| {
            let (mut names, mut last) = (Names::default(), BTreeMap::new());
            for (tenant, user, email, name) in &profiles {
                names.put(tenant, user, [email.as_deref(), name.as_deref()]);
                last.insert((*tenant, *user), [email, name]);
            }
            let has =
                |text: &&Option<String>| text.as_ref().is_some_and(|text| contains_folded(text, &needle));
            let named = last.into_iter().filter(|(_, texts)| texts.iter().any(has));
            let wanted: Vec<_> = named
                .map(|((tenant, user), _)| ((!tenant.is_empty()).then(|| tenant.to_owned()), user.to_owned()))
                .collect();
            let mut found = names.containing(&needle).expect("a few names");
            found.sort();
            prop_assert_eq!(found, wanted);
            Ok(())
        });
    }

    #[test]
    fn only_what_changed_since_is_read_and_everything_after_a_removal() {
        let mut names = Names::default();
        let next = |change, removal| Version { change, removal };
        assert_eq!(names.begin(FIRST), Some(BEFORE_ALL));
        assert_eq!(names.begin(FIRST), Some(BEFORE_ALL), "reading has failed");
        names.put("", "u-1", [None, Some("Ada")]);
        names.finish(FIRST);
        assert_eq!(names.begin(FIRST), None);
        assert_eq!(names.begin(next(5, 0)), Some(1));
        names.finish(next(5, 0));
        assert_eq!(names.containing("ada").expect("a few names").len(), 1);
        assert_eq!(names.begin(next(4, 0)), Some(BEFORE_ALL), "the directory was put back");
        names.finish(next(4, 0));
        assert_eq!(names.begin(next(6, 6)), Some(BEFORE_ALL));
        assert_eq!(names.containing("ada").expect("a few names"), [], "what is read again was forgotten");
    }

    #[test]
    fn names_beyond_the_bound_are_not_kept_until_some_are_removed() {
        let mut names = Names::within(2_000);
        assert_eq!(names.begin(FIRST), Some(BEFORE_ALL));
        (0..20).for_each(|n| names.put("", &n.to_string(), [None, Some("Ada")]));
        names.finish(FIRST);
        assert!(names.is_too_large() && names.text.is_empty());
        assert_eq!(names.containing("ada"), None);
        let later = Version { change: 2, ..FIRST };
        assert_eq!(names.begin(later), None, "it is not tried at each search");
        assert_eq!(names.begin(Version { change: 3, removal: 3 }), Some(BEFORE_ALL));
        assert!(!names.is_too_large());
    }

    #[test]
    fn names_that_change_again_and_again_take_no_more_memory() {
        let mut names = Names::within(2_000);
        (0..1_000).for_each(|n| names.put("acme", "u-1", [None, Some(&format!("Ada {n}"))]));
        assert!(!names.is_too_large() && names.users.len() <= 2);
        assert_eq!(names.containing("ada 999").expect("one name").len(), 1);
    }
}
