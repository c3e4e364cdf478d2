//! How long questions take, and what an index costs.
//!
//! `cargo run --release -p livetrail-index --example questions -- 1000000 [repeats]` prints a table: wall time and CPU
//! time of this thread, since other programs may use the machine at the same time.

mod log;

use ipnet::IpNet;
use livetrail_index::{Facet, Index, PageFrom, Profiles, Selection};
use livetrail_types::{
    Catalogue, Choice, Condition, Epoch, Filter, Sort, SortBy, SortOrder, StatusPattern, TextField,
    UserProfile,
};
use log::Log;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// What the thread has used of a processor (Linux).
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or_default())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

struct Bench {
    log: Log,
    index: Index,
    profiles: Profiles,
    catalogue: Catalogue,
    repeats: usize,
}

impl Bench {
    fn of(rows: u64, repeats: usize) -> Self {
        let mut profiles = Profiles::default();
        for n in 0..50_000 {
            let email = Some(format!("Person.{n}@example.org"));
            let display_name = Some(format!("Person Number {n}"));
            profiles.put(None, &UserProfile { user_id: format!("user-{n}"), email, display_name });
        }
        let (log, index) = (Log::of(rows), Index::new(0));
        Self { log, index, profiles, catalogue: Catalogue::builtin(), repeats }
    }

    fn build(&mut self) {
        let mut used = Duration::ZERO;
        let mut longest = Duration::ZERO;
        for first in (1..=self.log.rows).step_by(1_000) {
            let last = (first + 999).min(self.log.rows);
            let activities: Vec<_> = (first..=last).map(|position| self.log.activity(position)).collect();
            let before = cpu();
            if let Err(error) = self.index.append(&activities) {
                println!("{error}");
            }
            used += cpu() - before;
            longest = longest.max(cpu() - before);
        }
        let (rows, seconds) = (self.log.rows as f64, used.as_secs_f64());
        println!(
            "building: {:.0} rows/s of CPU, longest 1,000 rows {:.1} ms",
            rows / seconds,
            millis(longest)
        );
        println!("memory of columns and summaries: {:.1} bytes a row", self.index.memory() as f64 / rows);
        self.encode();
    }

    fn encode(&self) {
        let (before, mut restored, mut used) = (cpu(), Index::new(0), Duration::ZERO);
        let (mut bytes, mut rows) = (0, 0);
        for segment in self.index.segments() {
            let Some(encoded) = self.index.encode(segment, Epoch(1)) else { continue };
            bytes += encoded.len();
            let before = cpu();
            if let Err(error) = restored.restore(&encoded, Epoch(1)) {
                println!("{error}");
            }
            used += cpu() - before;
            rows = restored.head();
        }
        let encoding = cpu() - before - used;
        println!("bytes of segments: {:.1} a row", bytes as f64 / rows as f64);
        println!("encoding {:.0} ms of CPU, restoring {:.0} ms", millis(encoding), millis(used));
    }

    fn select(&self, conditions: &[Condition]) -> Option<Selection<'_>> {
        let filter = Filter::of(conditions.to_vec());
        self.index.select(&filter, 1..=self.log.rows, &self.profiles, &self.log).ok()
    }

    /// Asks a question again and again, its selection included.
    fn measure<T>(&self, name: &str, conditions: &[Condition], ask: impl Fn(&Selection<'_>) -> T) {
        let mut times = Vec::new();
        let before = cpu();
        for _ in 0..self.repeats {
            let begin = Instant::now();
            black_box(self.select(conditions).as_ref().map(&ask));
            times.push(begin.elapsed());
        }
        let used = (cpu() - before) / self.repeats as u32;
        times.sort_unstable();
        let at = |part: usize| millis(times[(times.len() * part / 100).min(times.len() - 1)]);
        let count = self.select(conditions).map_or(0, |selection| selection.count());
        println!("{name:44} {count:>10} {:>9.2} {:>9.2} {:>9.2}", at(50), at(99), millis(used));
    }

    fn questions(&self) {
        println!("{:44} {:>10} {:>9} {:>9} {:>9}", "question", "rows", "p50 ms", "p99 ms", "CPU ms");
        for (name, conditions) in filters() {
            self.measure(&format!("stats, {name}"), &conditions, |selection| selection.stats(Log::end()));
        }
        for (name, conditions) in filters().into_iter().take(4) {
            self.measure(&format!("facets, {name}"), &conditions, |selection| {
                selection.facets(&FACETS, 50, &self.catalogue)
            });
            self.measure(&format!("timeline, {name}"), &conditions, |selection| self.timeline(selection));
        }
        for by in [SortBy::Timestamp, SortBy::ActionType, SortBy::DurationMs, SortBy::StatusCode] {
            for page in [1, 5_000, 40_000] {
                let sort = Sort { by, order: SortOrder::Desc };
                self.measure(&format!("page {page} by {by:?}"), &[], |selection| {
                    selection.page(sort, &PageFrom::Offset((page - 1) * 20), 21)
                });
            }
        }
    }

    /// A hundred buckets, as the page shows them.
    fn timeline(&self, selection: &Selection<'_>) -> Option<usize> {
        let (first, last) = selection.span()?;
        let (first, last) = (first.as_second(), last.as_second());
        let hours = (last - first) / 360_000 + 1;
        let start = first.div_euclid(hours * 3_600) * hours * 3_600;
        Some(selection.timeline(start, hours * 3_600, 101, &self.catalogue).len())
    }
}

const FACETS: [Facet; 7] = [
    Facet::ActionType,
    Facet::Category,
    Facet::StatusCode,
    Facet::HttpMethod,
    Facet::Endpoint,
    Facet::ResourceType,
    Facet::UserId,
];

fn text(field: TextField, value: &str) -> Condition {
    Condition::Text(field, Choice::any([value.to_owned()]))
}

fn filters() -> Vec<(&'static str, Vec<Condition>)> {
    let action = || text(TextField::ActionType, "user_login");
    let client_errors = || Condition::Status(Choice::any([StatusPattern::Class(4)]));
    let since = |days: i64| Condition::From(Log::end() - jiff::SignedDuration::from_hours(24 * days));
    let network =
        |text: &str| text.parse::<IpNet>().map(|network| Condition::Address(Choice::any([network])));
    vec![
        ("no filter", vec![]),
        ("failed", vec![Condition::Success(Choice::any([false]))]),
        ("an action", vec![action()]),
        ("an action and 4xx", vec![action(), client_errors()]),
        ("4xx", vec![client_errors()]),
        (
            "not an action",
            vec![Condition::Text(TextField::ActionType, Choice::none(["user_login".to_owned()]))],
        ),
        ("a user", vec![text(TextField::UserId, "user-4711")]),
        ("a tenant", vec![text(TextField::TenantId, "tenant-4")]),
        ("a session", vec![text(TextField::SessionId, "session-12-20500")]),
        ("an endpoint", vec![text(TextField::Endpoint, "/api/v1/resource-7")]),
        ("a network", network("10.0.1.0/24").into_iter().collect()),
        ("delegated", vec![Condition::Delegated(Choice::any([true]))]),
        ("anonymous", vec![Condition::Anonymous(Choice::any([true]))]),
        ("search for an e-mail address", vec![Condition::Search("person.123@".into())]),
        ("search for part of many names", vec![Condition::UserSearch("er-1".into())]),
        ("search for an action", vec![Condition::Search("login".into())]),
        ("last 24 h", vec![since(1)]),
        ("last 7 d", vec![since(7)]),
        ("last 60 d", vec![since(60)]),
    ]
}

fn main() {
    let mut arguments =
        std::env::args().skip(1).map(|text| text.replace('_', "").parse().unwrap_or(1_000_000));
    let rows = arguments.next().unwrap_or(1_000_000);
    let mut bench = Bench::of(rows, arguments.next().unwrap_or(20) as usize);
    println!("{rows} rows");
    bench.build();
    bench.questions();
}
