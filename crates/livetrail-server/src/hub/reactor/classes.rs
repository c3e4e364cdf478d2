use crate::hub::Transport;
use livetrail_types::Filter;
use std::{collections::HashMap, sync::Arc};

/// Clients with the same filter and transport. The filter is applied once for all of them.
pub(super) struct Class {
    pub(super) filter: Arc<Filter>,
    pub(super) transport: Transport,
    fingerprint: u64,
    /// Their indices in the slab.
    pub(super) members: Vec<usize>,
}

/// The classes of a reactor's clients.
#[derive(Default)]
pub(super) struct Classes {
    classes: slab::Slab<Class>,
    by_fingerprint: HashMap<u64, Vec<usize>>,
}

impl Classes {
    /// Adds a client to the class of its filter. Returns the class, and the client's index among the members.
    pub(super) fn join(
        &mut self,
        filter: Arc<Filter>,
        transport: Transport,
        client: usize,
    ) -> (usize, usize) {
        let fingerprint = filter.fingerprint();
        let alike = self.by_fingerprint.entry(fingerprint).or_default();
        // Different filters may have the same fingerprint, so the filters are compared.
        let known = alike.iter().find(|n| {
            self.classes.get(**n).is_some_and(|class| class.filter == filter && class.transport == transport)
        });
        let n = known.copied().unwrap_or_else(|| {
            let n = self.classes.insert(Class { filter, transport, fingerprint, members: Vec::new() });
            alike.push(n);
            n
        });
        let members = &mut self.classes[n].members;
        members.push(client);
        (n, members.len() - 1)
    }

    /// Takes a client out of its class. If another client moves to its index among the members, that client is
    /// returned.
    pub(super) fn leave(&mut self, n: usize, place: usize) -> Option<usize> {
        let class = self.classes.get_mut(n)?;
        class.members.swap_remove(place);
        let moved = class.members.get(place).copied();
        if class.members.is_empty() {
            let Class { fingerprint, .. } = self.classes.remove(n);
            if let Some(alike) = self.by_fingerprint.get_mut(&fingerprint) {
                alike.retain(|other| *other != n);
                if alike.is_empty() {
                    self.by_fingerprint.remove(&fingerprint);
                }
            }
        }
        moved
    }

    /// The filter and transport of a class.
    pub(super) fn wanted(&self, n: usize) -> Option<(Arc<Filter>, Transport)> {
        self.classes.get(n).map(|class| (Arc::clone(&class.filter), class.transport))
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.classes.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Class> {
        self.classes.iter().map(|(_, class)| class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use livetrail_types::{Choice, Condition, TextField};

    fn of(user: &str) -> Arc<Filter> {
        let condition = Condition::Text(TextField::UserId, Choice::any([user.to_owned()]));
        Arc::new(Filter::of(vec![condition]))
    }

    #[test]
    fn the_same_filter_is_the_same_class_until_its_last_member_leaves() {
        let mut classes = Classes::default();
        let (first, _) = classes.join(of("u-1"), Transport::Events, 10);
        assert_eq!(classes.join(of("u-1"), Transport::Events, 11), (first, 1));
        assert_eq!(classes.join(of("u-1"), Transport::Events, 12), (first, 2));
        let (other, place) = classes.join(of("u-2"), Transport::Events, 13);
        assert_ne!(other, first);
        assert_eq!(classes.len(), 2);
        assert_eq!(classes.leave(first, 0), Some(12), "the last one has taken the first one's place");
        assert_eq!(classes.leave(first, 1), None);
        assert_eq!(classes.leave(first, 0), None);
        assert_eq!(classes.leave(other, place), None);
        assert_eq!(classes.len(), 0);
        assert!(classes.by_fingerprint.is_empty());
    }

    #[test]
    fn event_streams_and_websockets_are_classes_apart() {
        let mut classes = Classes::default();
        let (events, _) = classes.join(of("u-1"), Transport::Events, 10);
        let (messages, _) = classes.join(of("u-1"), Transport::WebSocket, 11);
        assert_ne!(events, messages);
    }
}
