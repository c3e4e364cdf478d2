//! The metrics of a real server, and the documentation's list of them.

use crate::program::{Fixture, Serving, activity};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub(crate) const PREFIX: &str = "livetrail_";

/// The names of labels, by the metric.
pub(crate) type Labels = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn file(path: &str) -> String {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    std::fs::read_to_string(root.join(path)).expect("a file")
}

/// What a server says that has stored, refused and answered something.
pub(crate) async fn exposition() -> String {
    let fixture = Fixture::new().begin();
    let [writer, admin] = ["writer", "admin"].map(|role| fixture.key(role));
    let server = fixture.serve();
    server.post(&writer, &activity("u-1", "login")).await;
    server.get(&admin, "/api/admin/activity/stats").await;
    metrics_of(&server, &admin).await
}

async fn metrics_of(server: &Serving, key: &str) -> String {
    server.get(key, "/metrics").await.body.as_str().expect("text").to_owned()
}

/// The value of a series, written as Prometheus writes it.
fn value(metrics: &str, series: &str) -> f64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(&format!("{series} ")));
    line.unwrap_or_else(|| panic!("no {series}: {metrics}")).parse().expect("a number")
}

/// The metrics that a server publishes, as a query names them without the suffixes of histograms, and the names of
/// those histograms.
pub(crate) fn published(exposition: &str) -> (Labels, BTreeSet<String>) {
    let (mut labels, mut histograms) = (Labels::new(), BTreeSet::new());
    for line in exposition.lines() {
        if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|line| line.split_once(' ')) {
            let suffix = if kind == "counter" { "_total" } else { "" };
            labels.insert(format!("{name}{suffix}"), BTreeSet::new());
            if kind == "histogram" {
                histograms.insert(name.to_owned());
            }
        }
    }
    for line in exposition.lines().filter(|line| !line.starts_with('#')) {
        let (name, rest) = line.split_once(['{', ' ']).expect("a series");
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix));
        let name = base.filter(|base| histograms.contains(*base)).unwrap_or(name);
        let keys = rest.split("=\"").filter_map(|part| part.rsplit(['{', ',']).next());
        let count = rest.matches("=\"").count();
        let keys = keys.take(count).filter(|key| *key != "le").map(str::to_owned);
        labels.get_mut(name).unwrap_or_else(|| panic!("no type of {name}")).extend(keys);
    }
    (labels, histograms)
}

/// The metrics of the table in the documentation.
fn documented() -> Labels {
    let text = file("docs/operations.md");
    let (_, section) = text.split_once("### Metrics").expect("its section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let metrics = cells.map(|(metric, _)| {
        let (name, labels) = metric.trim_end_matches('}').split_once('{').unwrap_or((metric, ""));
        let labels = labels.split(',').filter(|label| !label.is_empty()).map(str::to_owned);
        (name.to_owned(), labels.collect())
    });
    metrics.filter(|(name, _): &(String, BTreeSet<String>)| name.starts_with(PREFIX)).collect()
}

#[tokio::test]
async fn the_documentation_lists_every_metric_with_its_labels_and_no_other() {
    let (published, _) = published(&exposition().await);
    let documented = documented();
    for (name, labels) in &published {
        let said = documented.get(name).unwrap_or_else(|| panic!("docs/operations.md does not list {name}"));
        assert_eq!(said, labels, "labels of {name}");
    }
    for name in documented.keys() {
        assert!(published.contains_key(name), "docs/operations.md lists {name}, which no server publishes");
    }
}

#[tokio::test]
async fn each_activity_is_counted_by_what_became_of_it() {
    let fixture = Fixture::new().begin();
    let [writer, admin] = ["writer", "admin"].map(|role| fixture.key(role));
    let server = fixture.serve();
    let with_id = |id: u8, user: &str| {
        let mut activity = activity(user, "login");
        activity["id"] = format!("00000000-0000-4000-8000-0000000000{id:02}").into();
        activity
    };
    let before = metrics_of(&server, &admin).await;
    let batch = [with_id(1, "u-1"), with_id(2, "u-2"), activity("", "login"), with_id(1, "u-1")];
    assert_eq!(server.post(&writer, &Value::from(batch.to_vec())).await.status, 200);
    assert_eq!(server.post(&writer, &with_id(2, "somebody else")).await.status, 409);
    let after = metrics_of(&server, &admin).await;
    let grew = |series: &str| value(&after, series) - value(&before, series);
    for (series, by) in [
        ("livetrail_ingest_received_total", 5.0),
        ("livetrail_ingest_stored_total{source=\"applications\"}", 2.0),
        ("livetrail_ingest_duplicates_total", 1.0),
        ("livetrail_ingest_refused_total{reason=\"invalid\"}", 1.0),
        ("livetrail_ingest_refused_total{reason=\"conflict\"}", 1.0),
        ("livetrail_ingest_refused_total{reason=\"queue_full\"}", 0.0),
        ("livetrail_ingest_failed_commits_total", 0.0),
        ("livetrail_http_requests_total{route=\"/api/activity\",status=\"2xx\"}", 1.0),
        ("livetrail_http_requests_total{route=\"/api/activity\",status=\"4xx\"}", 1.0),
    ] {
        assert!((grew(series) - by).abs() < 0.5, "{series} grew by {}", grew(series));
    }
    assert!(grew("livetrail_ingest_commit_seconds_count") >= 2.0);
    assert!(grew("livetrail_ingest_commit_seconds_sum") > 0.0);
    assert_eq!(value(&after, "livetrail_http_request_seconds_count{route=\"/api/activity\"}"), 2.0);
    assert!(value(&after, "livetrail_ingest_queue_limit_bytes") > 1e6);
}

#[tokio::test]
async fn no_address_that_a_client_makes_up_becomes_a_label() {
    let fixture = Fixture::new().begin();
    let admin = fixture.key("admin");
    let server = fixture.serve();
    let ask = async |name: &str| {
        for path in ["/", "/api/", "/api/admin/activity/", "/api/admin/keys/%22%7D"] {
            let path = format!("{path}{name}");
            assert!(server.get(&admin, &path).await.status.is_client_error(), "{path}");
        }
        metrics_of(&server, &admin).await
    };
    // A route has its histogram from its first request on.
    ask("made-up-first").await;
    let series = ask("made-up-second").await.lines().count();
    let metrics = ask("made-up-third").await;
    assert_eq!(metrics.lines().count(), series, "no series more");
    assert!(!metrics.contains("made-up"));
    let of_one = "livetrail_http_requests_total{route=\"/api/admin/activity/{id}\",status=\"4xx\"}";
    assert!(value(&metrics, of_one) >= 1.0);
    assert!(value(&metrics, "livetrail_http_requests_total{route=\"other\",status=\"4xx\"}") >= 2.0);
}
