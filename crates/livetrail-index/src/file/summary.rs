//! A summary as a file.

use super::{Column, File, Opened, Pages, Unsaved, Writer, reader::Reader};
use crate::{schema::CODED, summary::Summary};
use livetrail_types::Epoch;
use std::{array, sync::Arc};

impl Summary {
    /// The summary as a file. `None` where it is in one already.
    pub(crate) fn unsaved(&self, file: File, epoch: Epoch) -> Option<Unsaved> {
        let mut head = Vec::new();
        for number in [self.rows, self.success, self.admin] {
            head.extend(number.to_le_bytes());
        }
        let mut writer = Writer::new();
        for counts in &self.counts {
            writer.part(counts.here()?);
        }
        writer.part(self.hours.here()?);
        Some(writer.finish(file, epoch, &head))
    }

    /// The same summary with its parts in the file that the caller has written.
    pub(crate) fn saved(&self, unsaved: &Unsaved, pages: &Arc<Pages>) -> Self {
        let places: Vec<_> = unsaved.places(pages).collect();
        let stored = |n: usize| places[n].clone();
        Self {
            rows: self.rows,
            success: self.success,
            admin: self.admin,
            counts: array::from_fn(|n| Column::Stored(stored(n))),
            hours: Column::Stored(stored(CODED)),
        }
    }

    /// Reads a summary's head. `None` where the file is not there or not right.
    pub(crate) fn open(pages: &Arc<Pages>, file: File, epoch: Epoch) -> Option<Self> {
        let opened = Opened::of(pages, file, epoch)?;
        let mut reader = Reader::of(&opened.head);
        let (rows, success, admin) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let places = opened.places;
        (reader.is_at_end() && places.len() == CODED + 1).then(|| Self {
            rows,
            success,
            admin,
            counts: array::from_fn(|n| Column::Stored(places[n].clone())),
            hours: Column::Stored(places[CODED].clone()),
        })
    }
}
