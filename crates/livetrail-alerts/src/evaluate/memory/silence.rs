use super::insert_in_order;
use crate::evaluate::sighting::Entry;
use std::collections::VecDeque;

/// The latest activities of a group, as many as make it one that usually speaks.
#[derive(Debug)]
pub(in crate::evaluate) struct Silence {
    at_least: usize,
    /// By time and position.
    latest: VecDeque<Entry>,
}

impl Silence {
    pub(super) fn new(at_least: u64) -> Self {
        Self { at_least: usize::try_from(at_least).unwrap_or(usize::MAX), latest: VecDeque::new() }
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        insert_in_order(&mut self.latest, entry);
        if self.latest.len() > self.at_least {
            self.latest.pop_front();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.latest.is_empty()
    }

    pub(in crate::evaluate) fn last(&self) -> Option<&Entry> {
        self.latest.back()
    }

    /// The activities that make it a group that usually speaks, if there are enough of them within `span`.
    pub(in crate::evaluate) fn usual(&self, span: i64) -> Option<&VecDeque<Entry>> {
        let (first, last) = (self.latest.front()?, self.latest.back()?);
        (self.latest.len() == self.at_least && last.at - first.at <= span).then_some(&self.latest)
    }
}
