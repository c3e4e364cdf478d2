//! A question has one answer: that of the definition, of SQL and of the index.

use super::*;
use jiff::Timestamp;
use livetrail_store::{
    Row,
    conformance::{for_all, oracle, wait},
};
use livetrail_types::{ListQuery, Page, PageCursor, PageStart, Sort, Stats};
use proptest::{prelude::*, test_runner::TestCaseError};

type Checked = Result<(), TestCaseError>;

/// 2026-03-01T12:00:00Z, when the generated logs happen.
fn noon() -> Timestamp {
    Timestamp::from_second(1_772_366_400).expect("a moment")
}

#[derive(Clone, Debug)]
struct Case {
    filter: Filter,
    sort: Sort,
    limit: u32,
    page: u32,
    buckets: u32,
}

fn cases() -> impl Strategy<Value = Case> {
    let filter = prop_oneof![2 => oracle::filter(), 2 => oracle::query(), 1 => Just(Filter::default())];
    (filter, oracle::sort(), 1_u32..40, 1_u32..6, 2_u32..=200)
        .prop_map(|(filter, sort, limit, page, buckets)| Case { filter, sort, limit, page, buckets })
}

fn positions(rows: &[Row]) -> Vec<u64> {
    rows.iter().map(|row| row.0.position).collect()
}

/// What is shown of a page.
fn shown(page: &Page) -> (&[Row], u64, u32, [&Option<PageCursor>; 2]) {
    (&page.rows, page.head, page.page, [&page.next, &page.prev])
}

impl Asked {
    async fn everything(&self) -> Vec<Row> {
        let floor = self.store.head().await.expect("a head").floor;
        self.store.range(floor, 10_000).await.expect("a range").rows().expect("all are kept")
    }

    /// Compares the answers to generated questions.
    async fn agrees(&self) {
        self.until_indexed().await;
        let rows = self.everything().await;
        for_all(&cases(), |case| {
            wait(self.lists_agree(&case, &rows))?;
            wait(self.stats_agree(&case, &rows))?;
            wait(self.facets_agree(&case, &rows))?;
            wait(self.timelines_agree(&case, &rows))
        });
    }

    async fn lists_agree(&self, case: &Case, rows: &[Row]) -> Checked {
        let meant = oracle::meant(rows, &case.filter).into_iter().cloned().collect();
        let list = positions(&oracle::sorted(meant, case.sort));
        let slice = |page: u32| -> Vec<u64> {
            let skipped = (page as usize - 1) * case.limit as usize;
            list.iter().copied().skip(skipped).take(case.limit as usize).collect()
        };
        let found = self.page(case, PageStart::Number(case.page)).await?;
        prop_assert_eq!(positions(&found.rows), slice(case.page), "{:?}", case);
        if let Some(next) = found.next {
            let next = self.page(case, PageStart::Cursor(next)).await?;
            prop_assert_eq!(positions(&next.rows), slice(case.page + 1), "after {:?}", case);
        }
        if let Some(prev) = found.prev {
            let prev = self.page(case, PageStart::Cursor(prev)).await?;
            prop_assert_eq!(positions(&prev.rows), slice(case.page - 1), "before {:?}", case);
        }
        Ok(())
    }

    /// A page as the index and SQL have it.
    async fn page(&self, case: &Case, start: PageStart) -> Result<Page, TestCaseError> {
        let query = ListQuery { filter: case.filter.clone(), sort: case.sort, limit: case.limit, start };
        let (asker, by_sql) = (self.asker(), self.store.list(query.clone()).await.expect("a page"));
        let page = asker.list(query).await.expect("a page");
        prop_assert_eq!(shown(&page), shown(&by_sql), "{:?}", case);
        self.is_answered_by_index(&asker, case)?;
        Ok(page)
    }

    fn is_answered_by_index(&self, asker: &Asker<'_>, case: &Case) -> Checked {
        let is_index = asker.answered_by() == AnsweredBy::Index;
        prop_assert!(is_index, "{:?}", case);
        Ok(())
    }

    async fn stats_agree(&self, case: &Case, rows: &[Row]) -> Checked {
        let (asker, filter) = (self.asker(), &case.filter);
        let head = asker.head().await.expect("a head").position;
        let found = asker.stats(filter, head, noon()).await.expect("figures");
        let by_sql = self.store.stats(filter.clone(), head, noon()).await.expect("figures");
        for stats in [&found, &by_sql] {
            oracle::stats_agree(stats, rows, filter, noon()).map_err(TestCaseError::fail)?;
        }
        // Databases may round the average of the same durations otherwise.
        let unrounded = |stats: &Stats| Stats { avg_duration_ms: None, ..stats.clone() };
        prop_assert_eq!(unrounded(&found), unrounded(&by_sql), "{:?}", case);
        prop_assert_eq!(asker.count(filter, head).await.expect("a count"), found.total_logs);
        self.is_answered_by_index(&asker, case)
    }

    async fn facets_agree(&self, case: &Case, rows: &[Row]) -> Checked {
        let (asker, filter) = (self.asker(), &case.filter);
        let head = asker.head().await.expect("a head").position;
        let counts = asker.facets_by_sql(filter, head).await.expect("facets");
        let users = counts.user.iter().map(|(user, _)| user.clone()).collect();
        let users = asker.users_of_one_tenant(filter, head, users).await.expect("users");
        let in_order = |mut facets: Facets| {
            facets.users.sort();
            facets
        };
        let plain = in_order(plain::facets(&oracle::meant(rows, filter), &self.questions.catalogue));
        let asker = self.asker();
        let found = asker.facets(filter, head).await.expect("facets");
        prop_assert_eq!(&in_order(found), &plain, "{:?}", case);
        prop_assert_eq!(&in_order(Facets { counts, users }), &plain, "{:?}", case);
        self.is_answered_by_index(&asker, case)
    }

    async fn timelines_agree(&self, case: &Case, rows: &[Row]) -> Checked {
        let (asker, filter) = (self.asker(), &case.filter);
        let head = asker.head().await.expect("a head").position;
        let found = asker.timeline(filter, head, noon(), case.buckets).await.expect("a timeline");
        self.is_answered_by_index(&asker, case)?;
        let meant = oracle::meant(rows, filter);
        let plain = plain::timeline(&meant, filter, noon(), case.buckets, &self.questions.catalogue);
        prop_assert_eq!(&found, &plain, "{:?}", case);
        let by_sql = asker.timeline_by_sql(filter, head, noon(), case.buckets).await.expect("a timeline");
        prop_assert_eq!(&by_sql, &plain, "{:?}", case);
        Ok(())
    }
}

/// Drops the oldest activities, as retention does.
async fn drop_before(store: &dyn Store, floor: u64) {
    while store.drop_before(floor, 0).await.expect("a step").expect("no holds") < floor {}
}

/// A log that loses its oldest activities under the index, grows, and is then indexed anew.
async fn all_answers_agree(place: Place) {
    let store = place.open().await;
    let place = Arc::new(place);
    oracle::fill(&*store, 250).await;
    let asked = Asked::over(Arc::clone(&place), Arc::clone(&store), NO_END).await;
    asked.agrees().await;

    place.delete(1, 37);
    asked.agrees().await;
    let late: Vec<Activity> = asked.everything().await.into_iter().take(60).map(|row| row.0).collect();
    let first = Case { filter: Filter::default(), sort: Sort::default(), limit: 20, page: 1, buckets: 2 };
    let page = asked.page(&first, PageStart::Number(1)).await.expect("a page");
    asked.append(late).await;
    drop_before(&*store, 45).await;
    asked.agrees().await;
    let second = PageStart::Cursor(page.next.expect("a page after it"));
    let second = asked.page(&first, second).await.expect("the page as it was before the others came");
    assert_eq!((second.head, second.page), (page.head, 2));

    asked.questions.stop().await;
    let data = Arc::clone(&asked.data);
    drop(asked);
    place.delete(80, 85);
    drop_before(&*store, 60).await;
    Asked::with_files_in(data, place, store, NO_END).await.agrees().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_and_sqlite_agree_with_the_definition() {
    all_answers_agree(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_and_postgres_agree_with_the_definition() {
    all_answers_agree(Place::Postgres(private_postgres::database())).await;
}
