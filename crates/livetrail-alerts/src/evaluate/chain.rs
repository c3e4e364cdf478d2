//! Ordered steps: a chain is enough activities of the first step, then, later, enough of the second, and so
//! on. Equal times are ordered by position.

use super::{judge::Evidence, sighting::Entry};

/// The evidence of the earliest window with a chain that the new activity is part of.
///
/// The new activity can be the first of its step in the chain, or the second, and so on. For each possibility
/// the chain with the latest begin and that with the earliest end are put together, since they are the shortest.
pub(super) fn earliest(entries: &[Entry], new: usize, span: i64, wanted: &[u64]) -> Option<Evidence> {
    let mut earliest: Option<i64> = None;
    for step in (0..wanted.len()).filter(|step| entries[new].is_of(*step)) {
        let others = usize::try_from(wanted[step]).unwrap_or(usize::MAX) - 1;
        let begins = ends_of_chains(
            entries[..new].iter().rev(),
            entries[new].at,
            others,
            &(0..step).rev(),
            step,
            wanted,
        );
        let ends = ends_of_chains(
            entries[new + 1..].iter(),
            entries[new].at,
            others,
            &(step + 1..wanted.len()),
            step,
            wanted,
        );
        for (before, begin) in begins.iter().enumerate() {
            let (Some(begin), Some(Some(end))) = (begin, ends.get(others - before)) else { continue };
            if end - begin <= span {
                let start = entries[entries.partition_point(|entry| entry.at < end - span)].at;
                earliest = Some(earliest.map_or(start, |known| known.min(start)));
            }
        }
    }
    let start = earliest?;
    Evidence::of(entries.iter().filter(|entry| start <= entry.at && entry.at <= start + span))
}

/// The times at which the chain is complete in one direction, if it takes 0, 1, … `others` further activities
/// of the new one's step first.
fn ends_of_chains<'a>(
    entries: impl Iterator<Item = &'a Entry> + Clone,
    now: i64,
    others: usize,
    steps: &(impl Iterator<Item = usize> + Clone),
    own: usize,
    wanted: &[u64],
) -> Vec<Option<i64>> {
    let mut ends = Vec::with_capacity(others + 1);
    let mut rest = entries;
    let mut end = now;
    for taken in 0..=others {
        if taken > 0 {
            match rest.find(|entry| entry.is_of(own)) {
                Some(entry) => end = entry.at,
                None => break,
            }
        }
        ends.push(complete_from(rest.clone(), end, steps.clone(), wanted));
    }
    ends
}

fn complete_from<'a>(
    mut rest: impl Iterator<Item = &'a Entry>,
    mut end: i64,
    steps: impl Iterator<Item = usize>,
    wanted: &[u64],
) -> Option<i64> {
    for step in steps {
        for _ in 0..wanted[step] {
            end = rest.find(|entry| entry.is_of(step))?.at;
        }
    }
    Some(end)
}
