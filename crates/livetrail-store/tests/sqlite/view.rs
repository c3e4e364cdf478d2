//! The log as any SQLite client reads it.

use super::{activity, open, temporary};
use jiff::Timestamp;
use livetrail_store::Log;
use livetrail_types::{Activity, DelegateType, Json, Stamped};
use rusqlite::{Connection, types::Value};
use tempfile::TempDir;

/// A folder with a full activity and one with nothing optional, and a plain connection to it.
async fn two_activities() -> (TempDir, Connection) {
    let folder = temporary();
    let micros = |micros: i64| Timestamp::from_microsecond(1_772_366_400_000_000 + micros).expect("a moment");
    let object = |text: &str| Json::from_text(text.to_owned());
    let full = Activity {
        timestamp: micros(7),
        created_at: micros(1_250_000),
        timestamp_adjusted: true,
        endpoint: Some("/api/login".into()),
        http_method: Some("POST".into()),
        status_code: Some(401),
        success: false,
        error_message: Some("no".into()),
        error_type: Some("Denied".into()),
        target_user_id: Some("u-9".into()),
        target_resource_id: Some("r-9".into()),
        resource_type: Some("session".into()),
        details: object(r#"{"plan":"pro"}"#),
        changes: object(r#"{"a":{"from":1,"to":2}}"#),
        duration_ms: Some(12),
        db_query_count: Some(3),
        ip_address: "2001:db8::9".parse().ok(),
        user_agent: Some("curl/8.5".into()),
        is_admin: true,
        delegate_id: Some("bot".into()),
        delegate_type: Some(DelegateType::Agent),
        via: Some("mcp".into()),
        session_id: Some("s-1".into()),
        request_id: Some("q-1".into()),
        trace_id: Some("t-1".into()),
        tenant_id: Some("acme".into()),
        ..activity(0x1234_5678).activity
    };
    let least = Activity { user_agent: None, ..activity(2).activity };
    let batch = [full, least].map(|activity| Stamped { activity, fingerprint: None });
    open(folder.path()).append(batch.into()).await.expect("an append");
    let connection = Connection::open(folder.path().join("livetrail.db")).expect("a database");
    (folder, connection)
}

fn column(connection: &Connection, column: &str, position: u64) -> Value {
    let sql = format!("SELECT {column} FROM activity_logs WHERE position = {position}");
    connection.query_row(&sql, [], |row| row.get(0)).expect(column)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[tokio::test]
async fn ids_are_text_and_moments_are_rfc_3339() {
    let (_folder, connection) = two_activities().await;
    assert_eq!(column(&connection, "id", 1), text("0198c0de-7a3b-7000-8000-000012345678"));
    assert_eq!(column(&connection, "timestamp", 1), text("2026-03-01T12:00:00.000007Z"));
    assert_eq!(column(&connection, "created_at", 1), text("2026-03-01T12:00:01.250000Z"));
    assert_eq!(column(&connection, "timestamp", 2), text("2026-03-01T12:00:00.000000Z"));
}

#[tokio::test]
async fn every_column_shows_its_field() {
    let (_folder, connection) = two_activities().await;
    for (name, value) in [
        ("user_id", text("u-305419896")),
        ("action_type", text("user_login")),
        ("timestamp_adjusted", Value::Integer(1)),
        ("endpoint", text("/api/login")),
        ("http_method", text("POST")),
        ("status_code", Value::Integer(401)),
        ("success", Value::Integer(0)),
        ("error_message", text("no")),
        ("error_type", text("Denied")),
        ("target_user_id", text("u-9")),
        ("target_resource_id", text("r-9")),
        ("resource_type", text("session")),
        ("details", text(r#"{"plan":"pro"}"#)),
        ("changes", text(r#"{"a":{"from":1,"to":2}}"#)),
        ("duration_ms", Value::Integer(12)),
        ("db_query_count", Value::Integer(3)),
        ("ip_address", text("2001:db8::9")),
        ("user_agent", text("curl/8.5")),
        ("is_admin", Value::Integer(1)),
        ("delegate_id", text("bot")),
        ("delegate_type", text("agent")),
        ("via", text("mcp")),
        ("session_id", text("s-1")),
        ("request_id", text("q-1")),
        ("trace_id", text("t-1")),
        ("tenant_id", text("acme")),
    ] {
        assert_eq!(column(&connection, name, 1), value, "{name}");
    }
}

#[tokio::test]
async fn what_is_unknown_is_null() {
    let (_folder, connection) = two_activities().await;
    for name in ["endpoint", "http_method", "status_code", "details", "ip_address", "user_agent", "tenant_id"]
    {
        assert_eq!(column(&connection, name, 2), Value::Null, "{name}");
    }
}

#[tokio::test]
async fn the_usual_questions_can_be_asked_in_plain_sql() {
    let (_folder, connection) = two_activities().await;
    let sql = "SELECT user_id, json_extract(details, '$.plan') FROM activity_logs \
               WHERE NOT success AND timestamp >= '2026-03-01' AND datetime(timestamp) < datetime('2026-03-02') \
               ORDER BY timestamp DESC LIMIT 10";
    let row: (String, String) =
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("one row");
    assert_eq!(row, ("u-305419896".into(), "pro".into()));
}
