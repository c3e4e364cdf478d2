//! Exports and lists agree: in every order, of every filter, with any columns.

use crate::{
    export::{export_by_index, lines, rows},
    fixture::{APPLICATION, Fixture, now},
};
use proptest::{
    prelude::{Strategy, any, prop},
    sample::{Index, subsequence},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use std::time::Duration;

/// More than the first page of an export.
const ROWS: usize = 1_100;
const ORDERS: [&str; 8] = [
    "sort_by=timestamp&sort_order=desc",
    "sort_by=timestamp&sort_order=asc",
    "sort_by=duration_ms&sort_order=desc",
    "sort_by=duration_ms&sort_order=asc",
    "sort_by=action_type&sort_order=desc",
    "sort_by=action_type&sort_order=asc",
    "sort_by=status_code&sort_order=desc",
    "sort_by=status_code&sort_order=asc",
];
/// Filters that the index answers.
const FILTERS: [&str; 4] = ["", "user_id=u-1,u-2", "success_filter=failure&user_id=!u-0", "text=refused"];
/// Columns with a cell that is the field as text.
const COLUMNS: [&str; 12] = [
    "position",
    "occurred_at",
    "user_id",
    "action_type",
    "description",
    "success",
    "status_code",
    "duration_ms",
    "error_message",
    "tenant_id",
    "id",
    "created_at",
];

/// Activities with equal, late and absurd times, and with fields missing.
fn activity() -> impl Strategy<Value = Value> {
    let now = now();
    let times = prop::sample::select(vec![0, 86_400, now - 90 * 86_400, now - 60, now - 59, now]);
    let durations = prop::option::of(0..4);
    let statuses = prop::option::of(prop::sample::select(vec![200, 404, 500]));
    (0..4, 0..3, times, durations, statuses, any::<bool>()).prop_map(
        |(user, action, timestamp, duration_ms, status_code, is_refused)| {
            json!({
                "user_id": format!("u-{user}"), "action_type": format!("a-{action}"), "timestamp": timestamp,
                "duration_ms": duration_ms, "status_code": status_code,
                "error_message": is_refused.then_some("refused, \"because\"\nof it"),
            })
        },
    )
}

async fn listed(fixture: &Fixture, query: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = fixture.list(&format!("{query}&stats=false&limit=100&cursor={cursor}")).await;
        rows.extend(page.body["data"].as_array().expect("rows").iter().cloned());
        match page.body["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return rows,
        }
    }
}

fn in_csv(field: &Value) -> Value {
    match field {
        Value::Null => "".into(),
        Value::String(text) => text.clone().into(),
        other => other.to_string().into(),
    }
}

/// The rows with these fields alone.
fn picked(rows: &[Value], columns: &[&str], form: impl Fn(&Value) -> Value) -> Vec<Value> {
    let pick = |row: &Value| columns.iter().map(|name| ((*name).to_owned(), form(&row[*name]))).collect();
    rows.iter().map(pick).collect()
}

#[tokio::test]
async fn an_export_is_the_joined_pages_of_the_list_in_every_order_with_any_columns() {
    let fixture = Fixture::start_with_question_timeout(Duration::from_secs(60)).await;
    let mut runner = TestRunner::deterministic();
    let log = prop::collection::vec(activity(), ROWS).new_tree(&mut runner).expect("a log").current();
    assert_eq!(fixture.post(json!(log)).await.status, 200);
    let choice = (subsequence(COLUMNS.to_vec(), 1..=COLUMNS.len()), any::<Index>());
    for filter in FILTERS {
        for order in ORDERS {
            let (mut columns, turn) = choice.new_tree(&mut runner).expect("columns").current();
            let by = turn.index(columns.len());
            columns.rotate_left(by);
            let query = format!("{APPLICATION}&{filter}&{order}");
            let expected = listed(&fixture, &query).await;
            let file = format!("{query}&columns={}", columns.join(","));
            assert!(!expected.is_empty());
            assert_eq!(lines(&fixture, &file).await, picked(&expected, &columns, Value::clone), "{file}");
            let csv = export_by_index(&fixture, &file).await;
            let cells = rows(&csv.text().await.expect("a file"));
            assert_eq!(cells, picked(&expected, &columns, in_csv), "{file}");
        }
    }
}
