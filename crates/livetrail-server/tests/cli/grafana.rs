//! The dashboard of Grafana that draws the metrics of a server.

use crate::published_metrics::{PREFIX, exposition, file, published};
use serde_json::Value;
use std::collections::BTreeSet;

fn dashboard() -> Value {
    serde_json::from_str(&file("deploy/grafana/livetrail.json")).expect("JSON")
}

/// The names of metrics in the queries of the dashboard.
fn drawn() -> Vec<String> {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    let queries = targets.map(|target| target["expr"].as_str().expect("a query").to_owned());
    let variables = dashboard["templating"]["list"].as_array().expect("variables");
    let of_variables = variables.iter().filter_map(|variable| variable["query"]["query"].as_str());
    let words = |query: String| {
        let words = query.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned);
        words.filter(|word| word.starts_with(PREFIX)).collect::<Vec<_>>()
    };
    queries.chain(of_variables.map(str::to_owned)).flat_map(words).collect()
}

#[tokio::test]
async fn the_dashboard_of_grafana_draws_metrics_that_a_server_publishes_and_all_of_them() {
    let (published, histograms) = published(&exposition().await);
    let base = |word: &str| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| word.strip_suffix(suffix));
        base.filter(|base| histograms.contains(*base)).unwrap_or(word).to_owned()
    };
    let drawn: BTreeSet<String> = drawn().iter().map(|word| base(word)).collect();
    for name in &drawn {
        assert!(published.contains_key(name), "the dashboard draws {name}, which no server publishes");
    }
    for name in published.keys() {
        assert!(drawn.contains(name), "the dashboard does not draw {name}");
    }
}

#[test]
fn the_panels_of_the_dashboard_have_a_place_and_an_id_of_their_own() {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().expect("panels");
    let ids: BTreeSet<_> = panels.iter().map(|panel| panel["id"].as_u64()).collect();
    assert_eq!(ids.len(), panels.len());
    let mut taken = BTreeSet::new();
    for panel in panels {
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridPos"][side].as_u64().expect("a place"));
        assert!(x + w <= 24, "{panel}");
        let cells = (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y)));
        assert!(cells.into_iter().all(|cell| taken.insert(cell)), "it covers another one: {panel}");
    }
    let rows = panels.iter().filter(|panel| panel["type"] == "row");
    let rows: Vec<_> = rows.map(|row| row["title"].as_str().expect("a title")).collect();
    assert_eq!(rows, ["Ingest", "Push", "Questions", "Index", "HTTP", "Database", "Alerts"]);
}
