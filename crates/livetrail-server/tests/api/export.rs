//! The whole list as a file.

use crate::{
    fixture::{APPLICATION, Fixture, activity, id},
    until::until,
};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) async fn export(fixture: &Fixture, query: &str) -> Response {
    let request = fixture.request(Method::GET, &format!("/api/admin/activity/export?{query}"));
    request.bearer_auth(&fixture.admin).send().await.expect("an answer")
}

/// An export that the index has answered. While the index is more than a second behind, the database answers.
pub(crate) async fn export_by_index(fixture: &Fixture, query: &str) -> Response {
    let mut answer = None;
    until(async || {
        let asked = export(fixture, query).await;
        let is_by_index = asked.headers()["livetrail-answered-by"] == "index";
        answer = Some(asked);
        is_by_index
    })
    .await;
    answer.expect("an answer")
}

pub(crate) async fn text(fixture: &Fixture, query: &str) -> String {
    let response = export(fixture, query).await;
    assert_eq!(response.status(), 200);
    response.text().await.expect("a file")
}

pub(crate) async fn lines(fixture: &Fixture, query: &str) -> Vec<Value> {
    let text = text(fixture, &format!("format=ndjson&{query}")).await;
    text.lines().map(|line| serde_json::from_str(line).expect("an object")).collect()
}

/// The rows of a CSV file, each by the names of the heading.
pub(crate) fn rows(text: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heading = reader.headers().expect("a heading").clone();
    let row = |row: csv::StringRecord| -> Value {
        heading.iter().zip(&row).map(|(name, cell)| (name.to_owned(), Value::from(cell))).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

fn each(rows: &[Value], field: &str) -> Vec<Value> {
    rows.iter().map(|row| row[field].clone()).collect()
}

#[tokio::test]
async fn an_export_has_what_the_list_has_on_all_its_pages_in_its_order() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..2_500)
        .map(|n| json!({"user_id": format!("u-{}", n % 3), "action_type": "a", "duration_ms": n * 7 % 1_000}))
        .collect();
    fixture.post(json!(batch)).await;
    for order in ["", "&sort_by=duration_ms&sort_order=asc", "&sort_by=duration_ms&user_id=u-1"] {
        let mut listed = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = fixture.list(&format!("{APPLICATION}{order}&limit=100&cursor={cursor}")).await;
            listed.extend(page.each("position"));
            match page.body["next_cursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        let exported = lines(&fixture, &format!("{APPLICATION}{order}")).await;
        assert_eq!(each(&exported, "position"), listed, "{order}");
    }
}

#[tokio::test]
async fn a_line_of_json_is_the_activity_as_the_list_has_it() {
    let fixture = Fixture::start().await;
    fixture.post(json!({"user_id": "u-1", "action_type": "user_login", "details": {"plan": "pro"}})).await;
    let listed = fixture.list(APPLICATION).await.body["data"].clone();
    assert_eq!(json!(lines(&fixture, APPLICATION).await), listed);
}

#[tokio::test]
async fn the_heading_names_every_field_of_an_activity_once() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "a")).await;
    let text = text(&fixture, APPLICATION).await;
    let names: Vec<&str> = text.lines().next().expect("a heading").split(',').collect();
    let listed = fixture.list(APPLICATION).await.body["data"][0].clone();
    let fields: BTreeSet<&str> =
        listed.as_object().expect("an activity").keys().map(String::as_str).collect();
    assert_eq!(names.iter().copied().collect::<BTreeSet<_>>(), fields);
    assert_eq!(names.len(), fields.len());
}

#[tokio::test]
async fn a_cell_has_what_its_field_has() {
    let fixture = Fixture::start().await;
    let agent =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";
    let full = json!({
        "id": id(1), "timestamp": "2026-03-01T12:00:00.25Z", "user_id": "u-1", "action_type": "user_login",
        "endpoint": "/api/login", "http_method": "POST", "status_code": 401, "error_message": "two\nlines, \"quoted\"",
        "details": {"n": 1, "text": "a,b"}, "duration_ms": 12, "ip_address": "2001:db8::1", "user_agent": agent,
        "is_admin": true, "delegate_id": "=bot", "delegate_type": "service", "via": "job",
    });
    assert_eq!(fixture.post(full).await.status, 201);
    fixture
        .call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(json!({"email": "ada@example.com"})))
        .await;
    let row = rows(&text(&fixture, APPLICATION).await).remove(0);
    for (field, cell) in [
        ("id", id(1).as_str()),
        ("timestamp", "1772366400"),
        ("occurred_at", "2026-03-01T12:00:00.250000Z"),
        ("user_email", "ada@example.com"),
        ("user_display_name", ""),
        ("status_code", "401"),
        ("success", "false"),
        ("error_message", "two\nlines, \"quoted\""),
        ("details", r#"{"n":1,"text":"a,b"}"#),
        ("ip_address", "2001:db8::1"),
        ("is_admin", "true"),
        ("delegate_id", "'=bot"),
        ("delegate_type", "service"),
        ("via", "job"),
        ("device", "Chrome 126 on Linux"),
        ("severity", "info"),
    ] {
        let found = row[field].as_str().expect("a cell");
        // PostgreSQL keeps JSON without its spaces and order.
        assert_eq!(found.replace("\": ", "\":"), cell, "{field}");
    }
}

#[tokio::test]
async fn a_text_that_a_spreadsheet_would_compute_is_guarded() {
    let fixture = Fixture::start().await;
    let formula = "=HYPERLINK(\"http://192.0.2.1\",\"click\")";
    fixture
        .post(json!({"user_id": formula, "action_type": "a", "endpoint": "@x", "error_message": "-1"}))
        .await;
    let row = rows(&text(&fixture, APPLICATION).await).remove(0);
    assert_eq!(row["user_id"], format!("'{formula}"));
    assert_eq!((&row["endpoint"], &row["error_message"]), (&json!("'@x"), &json!("'-1")));
    assert!(row["description"].as_str().is_some_and(|text| text.starts_with('\'')), "{row}");
}

#[tokio::test]
async fn an_export_of_nothing_has_a_heading_only() {
    let fixture = Fixture::start().await;
    let file = text(&fixture, "user_id=nobody").await;
    assert_eq!(file.lines().count(), 1);
    assert_eq!(lines(&fixture, "user_id=nobody").await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_browser_takes_it_for_a_file_and_no_cache_keeps_it() {
    let fixture = Fixture::start().await;
    for (query, content_type, extension) in [
        ("", "text/csv; charset=utf-8; header=present", "csv"),
        ("format=csv", "text/csv; charset=utf-8; header=present", "csv"),
        ("format=ndjson", "application/x-ndjson", "ndjson"),
    ] {
        let response = export(&fixture, query).await;
        let header = |name: &str| response.headers()[name].to_str().expect("text").to_owned();
        assert_eq!(
            (header("content-type").as_str(), header("cache-control").as_str()),
            (content_type, "no-store")
        );
        let disposition = header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"livetrail-activity-20"), "{disposition}");
        assert!(disposition.ends_with(&format!(".{extension}\"")), "{disposition}");
    }
}

#[tokio::test]
async fn what_means_nothing_for_an_export_is_refused_by_name() {
    let fixture = Fixture::start().await;
    let answer = fixture
        .get("/api/admin/activity/export?format=xml&page=2&limit=5&cursor=x&sort_by=name&colour=red")
        .await;
    answer.is_problem(422);
    let mut pointers = answer.pointers();
    pointers.sort_unstable();
    assert_eq!(pointers, ["colour", "cursor", "format", "limit", "page", "sort_by"]);
    for (query, pointer, advice) in [
        ("format=ndjson&bom=true", "bom", "is for CSV only"),
        ("summary=true", "summary", "use format=ndjson, or the trailers livetrail-rows"),
        ("summary=perhaps", "summary", "must be true or false"),
        ("columns=id,usr_id", "columns", "\"usr_id\" is unknown; did you mean user_id?"),
        ("format=ndjson&columns=id,id", "columns", "names id twice"),
    ] {
        let answer = fixture.get(&format!("/api/admin/activity/export?{query}")).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), [pointer], "{query}");
        assert!(answer.detail().contains(advice), "{query}: {answer:?}");
    }
}

#[tokio::test]
async fn what_arrives_while_it_is_read_is_not_in_it() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..3_000).map(|_| activity("u-1", "a")).collect();
    fixture.post(json!(batch)).await;
    let response = export(&fixture, &format!("format=ndjson&sort_order=asc&{APPLICATION}")).await;
    // It has begun: the head is pinned before the answer's.
    fixture.post(activity("u-late", "a")).await;
    let text = response.text().await.expect("a file");
    assert_eq!(text.lines().count(), 3_000);
    assert!(!text.contains("u-late"));
}

#[tokio::test]
async fn an_export_is_recorded_with_what_it_was_of() {
    let fixture = Fixture::start().await;
    fixture.post(json!([activity("u-1", "a"), activity("u-1", "b"), activity("u-2", "a")])).await;
    let mut seen = fixture.stream("action_filter=export_generated").await;
    text(&fixture, "user_id=u-1").await;
    let recorded = seen.next_activity().await;
    assert_eq!(recorded["resource_type"], "livetrail");
    assert_eq!(
        recorded["details"],
        json!({"format": "csv", "filters_applied": {"user_id": "u-1"}, "results_count": 2})
    );
    text(&fixture, "user_id=u-2&format=csv&columns=id,position&bom=true").await;
    let details = seen.next_activity().await["details"].clone();
    assert_eq!(
        (&details["columns"], &details["filters_applied"]),
        (&json!(["id", "position"]), &json!({"user_id": "u-2"}))
    );
}

#[tokio::test]
async fn somebody_bound_to_a_tenant_exports_that_tenant_only() {
    let fixture = Fixture::start().await;
    let bound = fixture.key(json!({"role": "viewer", "name": "acme", "tenant_id": "acme"})).await;
    let of = |tenant: &str| json!({"user_id": tenant, "action_type": "a", "tenant_id": tenant});
    fixture.post(json!([of("acme"), of("globex"), activity("nobody's", "a")])).await;
    let path = format!("/api/admin/activity/export?format=ndjson&{APPLICATION}");
    let exported = fixture.call(Method::GET, &path, &bound, None).await;
    assert_eq!(exported.body["user_id"], "acme", "one line, of that tenant: {exported:?}");
    fixture.call(Method::GET, &format!("{path}&tenant_id=globex"), &bound, None).await.is_problem(403);
}
