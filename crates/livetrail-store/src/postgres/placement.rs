//! What becomes of each activity of a batch, given what is stored.

use super::value::Moment;
use crate::Placement;
use jiff::Timestamp;
use livetrail_types::{Fingerprint, Stamped};
use std::collections::{HashMap, hash_map::Entry};
use tokio_postgres::Row;
use uuid::Uuid;

/// Something that is stored, or about to be, under an id.
struct Known {
    position: u64,
    timestamp: Timestamp,
    fingerprint: Option<Fingerprint>,
}

impl Known {
    /// What becomes of another activity with this id.
    fn placement_of(&self, fingerprint: &Fingerprint) -> Placement {
        if self.fingerprint.as_ref() == Some(fingerprint) {
            Placement::Duplicate { position: self.position, timestamp: self.timestamp }
        } else {
            Placement::Conflict
        }
    }
}

/// Decides what becomes of each activity of a batch, in a log that ends at `head`, given what is stored under its ids.
pub(super) fn decide(batch: &[Stamped], earlier: &[Row], mut head: u64) -> Vec<Placement> {
    let mut known: HashMap<(Uuid, Option<&str>), Known> = HashMap::new();
    for row in earlier {
        let of_external = |bytes: &[u8]| bytes.try_into().ok();
        let found = Known {
            position: u64::try_from(row.get::<_, i64>(2)).unwrap_or_default(),
            timestamp: row.get::<_, Moment>(3).0,
            fingerprint: row.get::<_, Option<&[u8]>>(4).and_then(of_external),
        };
        known.entry((row.get(0), row.get(1))).or_insert(found);
    }
    let mut next = || {
        head += 1;
        head
    };
    let mut placements = Vec::with_capacity(batch.len());
    for Stamped { activity, fingerprint } in batch {
        let Some(fingerprint) = fingerprint else {
            placements.push(Placement::New(next()));
            continue;
        };
        placements.push(match known.entry((activity.id, activity.tenant_id.as_deref())) {
            Entry::Occupied(known) => known.get().placement_of(fingerprint),
            Entry::Vacant(free) => {
                let position = next();
                let (timestamp, fingerprint) = (activity.timestamp, Some(*fingerprint));
                free.insert(Known { position, timestamp, fingerprint });
                Placement::New(position)
            }
        });
    }
    placements
}
