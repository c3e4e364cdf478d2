//! How many activities there were when: counts over time.

use super::{Answer, Asker, columns, known_actions::is_in_catalogue};
use jiff::Timestamp;
use livetrail_types::{Catalogue, Condition, Filter, Group, GroupBy, Grouping, Scalar};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const DAY: i64 = 86_400;
/// Widths that people read easily, in seconds; longer ones are whole days.
const WIDTHS: [i64; 19] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, DAY];

/// Counts over time: buckets of equal width, without a gap between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// How many activities there are.
    pub total: u64,
    /// How many seconds a bucket spans. Buckets begin at multiples of it, in UTC.
    pub bucket_seconds: i64,
    /// Oldest first; none when there is no activity.
    pub buckets: Vec<Bucket>,
}

/// What happened from `start` until the next bucket begins.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Bucket {
    /// Epoch seconds.
    pub(super) start: i64,
    pub(super) count: u64,
    pub(super) success_count: u64,
    pub(super) failed_count: u64,
    /// How many of each category that occurs.
    pub(super) categories: BTreeMap<String, u64>,
}

impl Timeline {
    pub(super) fn empty() -> Self {
        Self { total: 0, bucket_seconds: 1, buckets: Vec::new() }
    }
}

/// Which buckets a timeline has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    /// The epoch second in which the first bucket begins: a multiple of the width.
    pub(super) start: i64,
    /// Seconds of a bucket.
    pub(super) width: i64,
    pub(super) buckets: usize,
}

impl Window {
    /// At most `most` buckets (at least two) that span the dates of the filter or, where those leave it open, the time
    /// from the first activity to the last.
    pub(super) fn of(
        filter: &Filter,
        (first, last): (Timestamp, Timestamp),
        now: Timestamp,
        most: u32,
    ) -> Self {
        let (first, last) = span(filter, (first, last), now);
        let width = width(first, last, most);
        let (begin, end) = (first.div_euclid(width), last.div_euclid(width));
        let buckets = usize::try_from(end - begin + 1).unwrap_or_default();
        Self { start: begin * width, width, buckets }
    }

    fn starts(self) -> impl Iterator<Item = i64> {
        (0_i64..).take(self.buckets).map(move |n| self.start + n * self.width)
    }
}

/// The epoch seconds that the timeline begins and ends in. A filter that is open towards the end goes on until now.
fn span(filter: &Filter, (first, last): (Timestamp, Timestamp), now: Timestamp) -> (i64, i64) {
    let (mut from, mut until) = (None::<Timestamp>, None::<Timestamp>);
    for condition in filter.conditions() {
        match condition {
            Condition::From(moment) => from = Some(from.map_or(*moment, |other| other.max(*moment))),
            Condition::Until(moment) => until = Some(until.map_or(*moment, |other| other.min(*moment))),
            _ => {}
        }
    }
    let end = if from.is_some() { last.max(now) } else { last };
    let (begin, end) = (from.unwrap_or(first), until.unwrap_or(end));
    (floor_second(begin), floor_second(end).max(floor_second(last)))
}

fn floor_second(moment: Timestamp) -> i64 {
    moment.as_microsecond().div_euclid(1_000_000)
}

/// A width with which no more than `most` buckets, of which there are at least two, have all of it.
fn width(first: i64, last: i64, most: u32) -> i64 {
    let fits = |width: &i64| last.div_euclid(*width) - first.div_euclid(*width) < i64::from(most);
    // Wherever it begins, it touches no more stretches of this width than there may be.
    let whole_days = ((last - first) / i64::from(most - 1) / DAY + 1) * DAY;
    WIDTHS.into_iter().find(fits).unwrap_or(whole_days)
}

impl Asker<'_> {
    /// The counts over time of a filter up to and with the position `head`, in at most `most` buckets (at least two).
    ///
    /// # Errors
    /// See [`QuestionError`](super::QuestionError).
    pub async fn timeline(&self, filter: &Filter, head: u64, now: Timestamp, most: u32) -> Answer<Timeline> {
        let (catalogue, dates) = (self.catalogue(), filter.clone());
        let asked = move |selection: &columns::Selection<'_>| {
            let window = |first, last| Window::of(&dates, (first, last), now, most);
            columns::timeline(selection, window, &catalogue)
        };
        match self.ask_index(filter, head, asked).await? {
            Some(timeline) => Ok(self.by_index(timeline)),
            None => Ok(self.by_sql(self.timeline_by_sql(filter, head, now, most).await?)),
        }
    }

    pub(super) async fn timeline_by_sql(
        &self,
        filter: &Filter,
        head: u64,
        now: Timestamp,
        most: u32,
    ) -> Answer<Timeline> {
        let catalogue = self.catalogue();
        let ask = async |filter: Filter, by: Vec<GroupBy>| {
            self.grouped_by_sql(Grouping { filter, head, by, min_count: 1, limit: u32::MAX }).await
        };
        let all = ask(filter.clone(), Vec::new()).await?;
        let Some(all) = all.first() else { return Ok(Timeline::empty()) };
        let window = Window::of(filter, (all.first, all.last), now, most);
        let of_time = GroupBy::Seconds(window.width);
        let counts = ask(filter.clone(), vec![of_time]).await?;
        let is_known = is_in_catalogue(&catalogue);
        let known = ask(filter.clone().and(is_known), vec![of_time, GroupBy::ActionType]).await?;
        let mut buckets = Buckets::of(window);
        counts.iter().for_each(|group| buckets.count(group));
        known.iter().for_each(|group| buckets.count_category(group, &catalogue));
        Ok(Timeline { total: all.count, bucket_seconds: window.width, buckets: buckets.finish() })
    }
}

/// The buckets of a timeline, by when they begin.
struct Buckets(BTreeMap<i64, Bucket>);

impl Buckets {
    fn of(window: Window) -> Self {
        Self(window.starts().map(|start| (start, Bucket { start, ..Bucket::default() })).collect())
    }

    fn at(&mut self, group: &Group) -> Option<&mut Bucket> {
        match group.keys.first() {
            Some(Scalar::Number(start)) => self.0.get_mut(start),
            _ => None,
        }
    }

    fn count(&mut self, group: &Group) {
        let Some(bucket) = self.at(group) else { return };
        bucket.count = group.count;
        bucket.success_count = group.success_count;
        bucket.failed_count = group.count - group.success_count;
    }

    fn count_category(&mut self, group: &Group, catalogue: &Catalogue) {
        let action = group.keys.get(1).and_then(Scalar::as_text).unwrap_or_default();
        let category = catalogue.category_of(action).to_owned();
        let Some(bucket) = self.at(group) else { return };
        *bucket.categories.entry(category).or_default() += group.count;
    }

    /// What no action of the catalogue has is of another category.
    fn finish(self) -> Vec<Bucket> {
        let finished = self.0.into_values().map(|mut bucket| {
            let others = bucket.count.saturating_sub(bucket.categories.values().sum());
            if others > 0 {
                *bucket.categories.entry(Catalogue::OTHER.into()).or_default() += others;
            }
            bucket
        });
        finished.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths_are_those_that_people_read() {
        assert_eq!(width(0, 0, 100), 1);
        assert_eq!(width(0, 3_599, 60), 60);
        assert_eq!(width(0, 86_399, 100), 900);
        assert_eq!(width(1, 86_401, 24), 7_200, "it begins and ends in the middle of an hour");
        assert_eq!(width(0, 86_400 * 365, 100), 86_400 * 4);
        assert_eq!(width(-1, 0, 2), 1);
    }

    proptest! {
        #[test]
        fn there_are_never_more_buckets_than_asked_for(
            first in -377_705_023_201_i64..253_402_207_200, length in 0_i64..631_107_417_600, most in 2_u32..=200,
        ) {
            let moment = |second: i64| Timestamp::from_second(second).expect("a moment");
            let last = (first + length).min(253_402_207_200);
            let window = Window::of(&Filter::default(), (moment(first), moment(last)), Timestamp::UNIX_EPOCH, most);
            prop_assert!((1..=most as usize).contains(&window.buckets));
            prop_assert!(window.start <= first && last < window.starts().last().expect("one") + window.width);
        }
    }
}
