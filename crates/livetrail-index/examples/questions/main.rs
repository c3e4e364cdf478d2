//! How long questions take, and what an index costs.
//!
//! `cargo run --release -p livetrail-index --example questions -- 1000000 [repeats] [megabytes of cache]` prints a
//! table. It has the CPU time of this thread beside the wall time, because other programs may use the machine. The
//! files of the index are in a temporary folder.

mod log;

use ipnet::IpNet;
use livetrail_index::{Facet, File, Files, Index, NamedUsers, PageFrom, Pages, Selection};
use livetrail_types::{
    Catalogue, Choice, Condition, Epoch, Filter, Sort, SortBy, SortOrder, StatusPattern, TextField, folded,
};
use log::Log;
use std::{
    fs,
    hint::black_box,
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::Arc,
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

/// The files of the index in a folder.
#[derive(Debug)]
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, file: File, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        fs::File::open(self.0.join(file.to_string()))?.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    fn list(&self) -> io::Result<Vec<File>> {
        let names =
            fs::read_dir(&self.0)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        let names = names.collect::<io::Result<Vec<String>>>()?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }
}

struct Bench {
    log: Log,
    index: Index,
    pages: Arc<Pages>,
    folder: tempfile::TempDir,
    catalogue: Catalogue,
    repeats: usize,
}

const EPOCH: Epoch = Epoch(1);

impl Bench {
    fn of(rows: u64, repeats: usize, cache: u64) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let pages = Pages::new(Box::new(Folder(folder.path().to_owned())), cache);
        Ok(Self {
            log: Log::of(rows),
            index: Index::new(0),
            pages,
            folder,
            catalogue: Catalogue::builtin(),
            repeats,
        })
    }

    fn build(&mut self) -> io::Result<()> {
        let (mut used, mut longest, mut saving, mut bytes) =
            (Duration::ZERO, Duration::ZERO, Duration::ZERO, 0);
        for first in (1..=self.log.rows).step_by(1_000) {
            let last = (first + 999).min(self.log.rows);
            let activities: Vec<_> = (first..=last).map(|position| self.log.activity(position)).collect();
            let before = cpu();
            if let Err(error) = self.index.append(&activities) {
                println!("{error}");
            }
            used += cpu() - before;
            longest = longest.max(cpu() - before);
            let before = cpu();
            while let Some(unsaved) = self.index.unsaved(EPOCH) {
                fs::write(self.folder.path().join(unsaved.file.to_string()), &unsaved.bytes)?;
                bytes += unsaved.bytes.len();
                self.index.saved(&unsaved, &self.pages);
            }
            saving += cpu() - before;
        }
        let rows = self.log.rows as f64;
        let rate = rows / used.as_secs_f64();
        println!("building: {rate:.0} rows/s of CPU, longest 1,000 rows {:.1} ms", millis(longest));
        println!("saving: {:.0} ms of CPU, {:.1} bytes a row", millis(saving), bytes as f64 / rows);
        let before = cpu();
        let opened = Index::open(&self.pages, EPOCH, 0);
        println!("opening: {:.0} ms of CPU up to position {}", millis(cpu() - before), opened.head());
        self.index = opened;
        let activities: Vec<_> =
            (self.index.head() + 1..=self.log.rows).map(|position| self.log.activity(position)).collect();
        if let Err(error) = self.index.append(&activities) {
            println!("{error}");
        }
        println!("memory apart from the cache: {:.1} MB", self.index.memory() as f64 / 1e6);
        Ok(())
    }

    fn select(&self, filter: &Filter, names: &NamedUsers) -> Option<Selection<'_>> {
        self.index.select(filter, 1..=self.log.rows, names, &self.log).ok()
    }

    /// Asks a question again and again, its selection included.
    fn measure<T>(&self, name: &str, conditions: &[Condition], ask: impl Fn(&Selection<'_>) -> T) {
        let (filter, names, mut times) = (Filter::of(conditions.to_vec()), names(conditions), Vec::new());
        let before = cpu();
        for _ in 0..self.repeats {
            let begin = Instant::now();
            black_box(self.select(&filter, &names).as_ref().map(&ask));
            times.push(begin.elapsed());
        }
        let used = (cpu() - before) / self.repeats as u32;
        times.sort_unstable();
        let at = |part: usize| millis(times[(times.len() * part / 100).min(times.len() - 1)]);
        let count = self.select(&filter, &names).map_or(0, |selection| selection.count());
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
        let (first, last) = selection.span().ok()??;
        let (first, last) = (first.as_second(), last.as_second());
        let hours = (last - first) / 360_000 + 1;
        let start = first.div_euclid(hours * 3_600) * hours * 3_600;
        selection.timeline(start, hours * 3_600, 101, &self.catalogue).ok().map(|buckets| buckets.len())
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
        ("without reads of a user", vec![Condition::ReadBy(Choice::none(["user-4711".to_owned()]))]),
        ("anonymous", vec![Condition::Anonymous(Choice::any([true]))]),
        ("search for an e-mail address", vec![Condition::Search("person.123@".into())]),
        ("search for part of many names", vec![Condition::UserSearch("er-1".into())]),
        ("search for an action", vec![Condition::Search("login".into())]),
        ("last 24 h", vec![since(1)]),
        ("last 7 d", vec![since(7)]),
        ("last 60 d", vec![since(60)]),
    ]
}

/// The users that a directory of 50,000 people finds for a search.
fn names(conditions: &[Condition]) -> NamedUsers {
    let mut names = NamedUsers::default();
    for condition in conditions {
        let needle = match condition {
            Condition::Search(sought) => Some(sought.part()),
            Condition::UserSearch(needle) => Some(needle.as_str()),
            _ => None,
        };
        if let Some(needle) = needle {
            let is_found = |n: &u32| {
                folded(&format!("Person.{n}@example.org")).contains(needle)
                    || folded(&format!("Person Number {n}")).contains(needle)
            };
            let found = (0..50_000).filter(is_found).map(|n| (None, format!("user-{n}")));
            names.put(needle, found.collect());
        }
    }
    names
}

fn main() -> io::Result<()> {
    let mut arguments =
        std::env::args().skip(1).map(|text| text.replace('_', "").parse().unwrap_or(1_000_000));
    let rows = arguments.next().unwrap_or(1_000_000);
    let (repeats, cache) = (arguments.next().unwrap_or(20) as usize, arguments.next().unwrap_or(256));
    let mut bench = Bench::of(rows, repeats, cache * 1_000_000)?;
    println!("{rows} rows, {cache} MB of cache");
    bench.build()?;
    bench.questions();
    println!("the cache has {:.1} MB", bench.pages.memory() as f64 / 1e6);
    Ok(())
}
