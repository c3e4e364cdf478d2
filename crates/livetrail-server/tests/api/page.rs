//! Pages by cursor.

use crate::fixture::{APPLICATION, Fixture, activity};
use serde_json::{Value, json};

const SORTS: [&str; 5] = [
    "sort_by=timestamp",
    "sort_by=timestamp&sort_order=asc",
    "sort_by=action_type&sort_order=asc",
    "sort_by=duration_ms",
    "sort_by=status_code&sort_order=asc",
];

/// A log whose sort keys repeat and are null now and then.
async fn world_of(count: u64) -> Fixture {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..count)
        .map(|n| {
            json!({
                "user_id": format!("u-{n}"), "action_type": format!("a{}", n % 3), "timestamp": 1_700_000_000 + n % 4,
                "duration_ms": (n % 3 > 0).then_some(n % 5), "status_code": (n % 4 > 0).then_some(200 + n % 3),
            })
        })
        .collect();
    fixture.post(json!(batch)).await;
    fixture
}

async fn all_at_once(fixture: &Fixture, sort: &str) -> Vec<Value> {
    fixture.list(&format!("{APPLICATION}&{sort}&limit=100")).await.each("user_id")
}

#[tokio::test]
async fn cursors_lead_forward_and_back_over_every_row_once_while_others_write() {
    let fixture = world_of(23).await;
    for sort in SORTS {
        let whole = all_at_once(&fixture, sort).await;
        let (mut there, mut back, mut cursor) = (Vec::new(), Vec::new(), String::new());
        let mut page = fixture.list(&format!("{APPLICATION}&{sort}&limit=5")).await;
        loop {
            there.extend(page.each("user_id"));
            fixture.post(activity("late", "a0")).await;
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
            page = fixture.list(&format!("{APPLICATION}&{sort}&limit=5{cursor}")).await;
        }
        assert_eq!(there, whole, "{sort}");
        assert!(cursor.len() > 10);
        loop {
            back.splice(0..0, page.each("user_id"));
            let Some(prev) = page.body["prev_cursor"].as_str() else { break };
            page = fixture.list(&format!("{APPLICATION}&{sort}&limit=5&cursor={prev}")).await;
        }
        assert_eq!(back, whole, "{sort} backwards");
    }
}

#[tokio::test]
async fn the_total_of_a_cursors_page_is_that_of_its_first_page() {
    let fixture = world_of(7).await;
    let first = fixture.list(&format!("{APPLICATION}&limit=5")).await;
    fixture.post(activity("late", "a")).await;
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    let second = fixture.list(&format!("{APPLICATION}&limit=5&cursor={next}")).await;
    assert_eq!((&second.body["total"], &second.body["page"]), (&json!(7), &json!(2)));
    assert_eq!(second.body["stats"]["total_logs"], 7);
    assert_eq!(second.body["head_cursor"], first.body["head_cursor"]);
    assert_eq!(second.body["next_cursor"], Value::Null);
}

#[tokio::test]
async fn a_cursor_works_with_another_limit_and_with_its_filter_in_another_order() {
    let fixture = world_of(12).await;
    let first = fixture.list("action_filter=a0,a1,a2&anonymous=false&limit=5").await;
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    let rest = fixture.list(&format!("anonymous=false&action_filter=a0,a1,a2&limit=100&cursor={next}")).await;
    assert_eq!(rest.each("user_id").len(), 7);
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let fixture = world_of(12).await;
    let first = fixture.list("action_filter=a0&limit=2").await;
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    for query in
        ["action_filter=a1", "", "action_filter=a0&sort_order=asc", "action_filter=a0&sort_by=duration_ms"]
    {
        let answer = fixture.list(&format!("{query}&limit=2&cursor={next}")).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), ["cursor"], "{query}");
    }
}

#[tokio::test]
async fn a_cursor_of_another_log_is_refused() {
    let (here, there) = (world_of(3).await, world_of(3).await);
    let first = here.list("limit=1").await;
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    let answer = there.list(&format!("limit=1&cursor={next}")).await;
    assert_eq!((answer.status.as_u16(), answer.pointers()), (422, vec!["cursor"]));
}

#[tokio::test]
async fn a_cursor_survives_a_restart() {
    let fixture = world_of(7).await;
    let first = fixture.list("anonymous=false&action_filter=a0,a1,a2&limit=5").await;
    let next = first.body["next_cursor"].as_str().expect("a cursor").to_owned();
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    let second = fixture.list(&format!("anonymous=false&action_filter=a0,a1,a2&limit=5&cursor={next}")).await;
    assert_eq!(second.each("user_id").len(), 2);
}
