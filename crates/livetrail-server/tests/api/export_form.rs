//! The columns of an export, and what stands before its rows.

use crate::{
    export::{export, export_by_index, text},
    fixture::{APPLICATION, Fixture, activity, id},
};
use serde_json::json;

async fn filled() -> Fixture {
    let fixture = Fixture::start().await;
    let first = json!({"id": id(1), "user_id": "=ada", "action_type": "user_login", "status_code": 200,
                       "details": {"n": 1}, "ip_address": "192.0.2.7", "user_agent": "curl/8.5.0"});
    assert_eq!(fixture.post(first).await.status, 201);
    let second = json!({"id": id(2), "user_id": "u-2", "action_type": "a", "success": false});
    assert_eq!(fixture.post(second).await.status, 201);
    fixture
}

#[tokio::test]
async fn a_file_has_the_columns_that_are_named_in_that_order() {
    let fixture = filled().await;
    let query = format!("{APPLICATION}&sort_order=asc&columns=status_code,user_id,success,id");
    let csv = format!("status_code,user_id,success,id\n200,'=ada,true,{}\n,u-2,false,{}\n", id(1), id(2));
    assert_eq!(text(&fixture, &query).await, csv);
    let ndjson = format!(
        "{{\"status_code\":200,\"user_id\":\"=ada\",\"success\":true,\"id\":\"{}\"}}\n\
         {{\"status_code\":null,\"user_id\":\"u-2\",\"success\":false,\"id\":\"{}\"}}\n",
        id(1),
        id(2)
    );
    assert_eq!(text(&fixture, &format!("format=ndjson&{query}")).await, ndjson);
}

#[tokio::test]
async fn every_column_has_in_json_what_the_list_has() {
    let fixture = filled().await;
    let listed = fixture.list(APPLICATION).await.body["data"].clone();
    let heading = text(&fixture, APPLICATION).await;
    let columns = heading.lines().next().expect("a heading");
    let file = text(&fixture, &format!("{APPLICATION}&format=ndjson&columns={columns}")).await;
    let rows: Vec<serde_json::Value> =
        file.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(json!(rows), listed);
}

#[tokio::test]
async fn a_byte_order_mark_is_before_the_heading_once_and_only_if_it_is_asked_for() {
    let fixture = Fixture::start().await;
    let many: Vec<_> = (0..1_200).map(|_| activity("u-1", "a")).collect();
    assert_eq!(fixture.post(json!(many)).await.status, 200);
    let of = |bom: &str| format!("{APPLICATION}&columns=user_id{bom}");
    let plain = text(&fixture, &of("")).await;
    assert_eq!(plain, text(&fixture, &of("&bom=false")).await);
    let marked = export(&fixture, &of("&bom=true")).await.bytes().await.expect("a file");
    assert_eq!(marked, format!("\u{feff}{plain}").as_bytes());
}

#[tokio::test]
async fn the_head_says_how_many_rows_follow_and_what_has_found_them() {
    let fixture = filled().await;
    for (query, rows) in [("user_id=u-2", "1"), ("user_id=nobody", "0"), (APPLICATION, "2")] {
        let answer = export_by_index(&fixture, query).await;
        assert_eq!(answer.headers()["livetrail-total-rows"], rows, "{query}");
    }
}
