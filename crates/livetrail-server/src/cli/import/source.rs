//! What is imported, record by record, whatever it comes from: NDJSON, CSV, or the table of an application.

use super::sheet::Sheet;
use crate::environment::{Environment, System};
use anyhow::{Context, Result};
use livetrail_store::{ActivityTable, PostgresAddress};
use livetrail_types::{
    is_given_by_livetrail,
    json::{self, Object, Value},
};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};
use tokio::sync::mpsc;

/// Records that are read ahead.
const AHEAD: usize = 2_000;
/// What some programs put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// One activity to be.
pub(super) struct Record {
    /// The number of its line, or of its row.
    pub(super) number: u64,
    /// A line of JSON, or of what was meant to be.
    pub(super) json: Vec<u8>,
}

/// Records, in order.
pub(super) type Records = mpsc::Receiver<Result<Record>>;

/// Reads a file, or standard input where the path is `-`.
pub(super) fn file(path: &Path) -> Result<Records> {
    let input: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?)
    };
    let (send, records) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let give = |record| send.blocking_send(record).is_ok();
        if let Err(error) = read(BufReader::new(input), &give) {
            give(Err(error));
        }
    });
    Ok(records)
}

/// Gives records for as long as somebody takes them. A text whose first line names fields is CSV; any other is NDJSON.
pub(super) fn read(mut input: impl BufRead, give: &dyn Fn(Result<Record>) -> bool) -> Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let content = if number == 1 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line) } else { &line };
        if let Some(sheet) = Sheet::headed(content).filter(|_| number == 1) {
            return sheet.read(input, give);
        }
        let content = content.trim_ascii();
        if !content.is_empty() && !give(Ok(Record { number, json: prepared(content) })) {
            return Ok(());
        }
    }
    Ok(())
}

/// Reads the table of an application in another database, in the order of its times.
pub(super) async fn table(address: PostgresAddress) -> Result<Records> {
    let mut table = ActivityTable::open(address).await?;
    let (send, records) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut number = 0;
        loop {
            let rows = match table.next().await {
                Ok(rows) if rows.is_empty() => return,
                Ok(rows) => rows,
                Err(error) => return drop(send.send(Err(error.into())).await),
            };
            for row in rows {
                number += 1;
                let json = json::to_vec(&row);
                if send.send(Ok(Record { number, json })).await.is_err() {
                    return;
                }
            }
        }
    });
    Ok(records)
}

/// The line as it is sent. What is no object is left for the server to refuse.
fn prepared(line: &[u8]) -> Vec<u8> {
    match json::parse(line) {
        Ok(Value::Object(activity)) => as_sent(activity),
        _ => line.to_owned(),
    }
}

/// An activity with an id, so that it can be sent again, and without what Livetrail gives: an export can be imported. The
/// moment with microseconds counts more than the one in whole seconds.
pub(super) fn as_sent(mut activity: Object) -> Vec<u8> {
    if let Some(exact) = activity.get("occurred_at").filter(|exact| !exact.is_null()).cloned() {
        activity.insert("timestamp".into(), exact);
    }
    activity.retain(|name, _| !is_given_by_livetrail(name));
    if activity.get("id").is_none_or(Value::is_null) {
        activity.insert("id".into(), System.fresh_id().to_string().into());
    }
    json::to_vec(&activity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::cell::RefCell;

    fn records(text: &str) -> Vec<(u64, Value)> {
        let found = RefCell::new(Vec::new());
        let give = |record: Result<Record>| {
            let Record { number, json } = record.expect("a record");
            let text = || Value::String(String::from_utf8_lossy(&json).into_owned());
            found.borrow_mut().push((number, serde_json::from_slice(&json).unwrap_or_else(|_| text())));
            true
        };
        read(text.as_bytes(), &give).expect("a text");
        found.into_inner()
    }

    fn without_ids(records: Vec<(u64, Value)>) -> Vec<(u64, Value)> {
        let strip = |(number, mut value): (u64, Value)| {
            if let Some(object) = value.as_object_mut() {
                object.remove("id").expect("each has an id");
            }
            (number, value)
        };
        records.into_iter().map(strip).collect()
    }

    #[test]
    fn a_line_gets_an_id_unless_it_has_one() {
        let found = records("{\"user_id\":\"u-1\"}\n{\"id\":\"0198c0de-7a3b-7000-8000-0123456789ab\"}\n");
        assert!(found[0].1["id"].as_str().is_some_and(|id| uuid::Uuid::try_parse(id).is_ok()));
        assert_eq!(found[1].1["id"], "0198c0de-7a3b-7000-8000-0123456789ab");
    }

    #[test]
    fn what_is_no_object_is_left_for_the_server_to_refuse() {
        let found = records("\n[1]\n\nno JSON\n");
        assert_eq!(found, [(2, serde_json::json!([1])), (4, "no JSON".into())]);
    }

    #[test]
    fn what_livetrail_gave_is_left_out_and_the_exact_moment_is_kept() {
        let shown = r#"{"user_id":"u","position":7,"timestamp":1772366400,"occurred_at":"2026-03-01T12:00:00.000007Z","icon":"x"}"#;
        let expected = serde_json::json!({"user_id": "u", "timestamp": "2026-03-01T12:00:00.000007Z"});
        assert_eq!(without_ids(records(shown)), [(1, expected)]);
    }

    #[test]
    fn a_text_whose_first_line_names_fields_is_csv() {
        let csv = "\u{feff}user_id,action_type,status_code,success,details,ip_address\r\n\
                   u-1,user_login,401,false,\"{\"\"a\"\":1}\",\r\n\
                   \"u-2, jr\",chat_message,,TRUE,,192.0.2.1\r\n";
        let first = serde_json::json!({
            "user_id": "u-1", "action_type": "user_login", "status_code": 401, "success": false, "details": {"a": 1},
        });
        let second = serde_json::json!({
            "user_id": "u-2, jr", "action_type": "chat_message", "success": true, "ip_address": "192.0.2.1",
        });
        assert_eq!(without_ids(records(csv)), [(2, first), (3, second)]);
    }

    #[test]
    fn semicolons_tabs_and_the_names_of_admin_trackers_are_understood() {
        for separator in [";", "\t"] {
            let csv = "adminId;action;ipAddress;timestamp\nu-1;login;192.0.2.1;1772366400\n"
                .replace(';', separator);
            let expected = serde_json::json!({
                "adminId": "u-1", "action": "login", "ipAddress": "192.0.2.1", "timestamp": 1_772_366_400,
            });
            assert_eq!(without_ids(records(&csv)), [(2, expected)]);
        }
    }

    #[test]
    fn a_cell_that_a_spreadsheet_was_kept_from_reading_as_a_formula_is_what_it_was() {
        let found = without_ids(records("user_id,action_type\n'=1+1,'quoted\n"));
        assert_eq!(found[0].1, serde_json::json!({"user_id": "=1+1", "action_type": "'quoted"}));
    }

    #[test]
    fn a_cell_that_is_not_what_its_field_wants_is_left_for_the_server_to_refuse() {
        let found =
            without_ids(records("user_id,action_type,status_code,success,details\nu,a,many,perhaps,{\n"));
        let expected = serde_json::json!({
            "user_id": "u", "action_type": "a", "status_code": "many", "success": "perhaps", "details": "{",
        });
        assert_eq!(found, [(2, expected)]);
    }
}
