use super::{super::sent::sent, *};
use serde_json::Value;

fn records(text: &str) -> Vec<(u64, Value)> {
    let mut found = Vec::new();
    let mut give = |Record { number, json }: Record<'_>| {
        let json = json.map_or_else(String::into_bytes, |record| sent(&record));
        let text = || Value::String(String::from_utf8_lossy(&json).into_owned());
        found.push((number, serde_json::from_slice(&json).unwrap_or_else(|_| text())));
        true
    };
    read(text.as_bytes(), None, &mut give).expect("a text");
    found
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
fn an_array_is_read_item_by_item() {
    let found = without_ids(records(
        "[\n {\"user_id\": \"u-1\",\n  \"action_type\": \"a\"},\n {\"user_id\": \"u-2\"}]\n",
    ));
    let expected = [
        (2, serde_json::json!({"user_id": "u-1", "action_type": "a"})),
        (4, serde_json::json!({"user_id": "u-2"})),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_heading_is_understood_as_sheets_write_it() {
    let expected = serde_json::json!({"user_id": "u-1", "action_type": "user_login"});
    for text in [
        "User_ID,Action_Type\nu-1,user_login\n",
        "USER ID;Action Type\nu-1;user_login\n",
        "sep=;\r\nuser_id;action_type\r\nu-1;user_login\r\n",
        "sep=|\nuser_id|action_type\nu-1|user_login\n",
        "sep=\t\nuser_id\taction_type\nu-1\tuser_login\n",
    ] {
        let found = without_ids(records(text));
        assert_eq!(found.iter().map(|(_, activity)| activity).collect::<Vec<_>>(), [&expected], "{text}");
    }
}

fn refusal(text: &str) -> String {
    let mut given = 0;
    let mut give = |_: Record<'_>| {
        given += 1;
        true
    };
    let refused = read(text.as_bytes(), None, &mut give).expect_err("a refusal");
    assert_eq!(given, 0, "nothing is given of a file that is refused: {text}");
    format!("{refused:#}")
}

#[test]
fn a_sheet_that_cannot_be_read_to_its_end_is_refused_before_anything_of_it_is_given() {
    for (text, reason) in [
        (
            "user_id,action_type\nu-1,a\nu-2,\"b\nu-3,c\n",
            "line 3: the quote that begins a cell here is never closed",
        ),
        ("user_id,action_type,userId\nu-1,a,b\n", "line 1: the heading names \"userId\" twice"),
        ("user_id,acton_type,action_type\nu-1,,b\n", "\"acton_type\" is unknown; did you mean action_type?"),
        (
            "user_id,action_type,colour\nu-1,b,\n",
            "line 1: the column \"colour\" is unknown; what has no field",
        ),
        ("user_id,endpoint\nu-1,/a\n", "line 1: the heading has no column action_type"),
        (
            "user_id,action_type\ru-1,a\ru-2,b\r",
            "line 1: the lines of this file end with a carriage return alone",
        ),
        ("[{\"user_id\": \"u-1\", \"action_type\": \"a\"},\n", "line 2: the array is cut off"),
        ("no heading\nu-1,a\n", "line 1: this is neither JSON nor the heading of a sheet"),
        ("sep=,\nno heading\n", "line 2: this is neither JSON nor the heading of a sheet"),
    ] {
        let refused = refusal(text);
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn blank_lines_before_a_heading_are_counted() {
    let found = records("\n \n\nuser_id,action_type\nu-1,a\nu-2,b,c\n");
    assert_eq!(found[0].0, 5);
    assert_eq!(found[1], (6, "has 3 cells, and the heading names 2 fields".into()));
    for (text, reason) in [
        ("\n\nuser_id,action_type\nu-1,\"b\n", "line 4: the quote that begins a cell here is never closed"),
        ("\r\nsep=;\r\nno heading\r\n", "line 3: this is neither JSON nor the heading"),
        ("\nuser_id,action_type\ru-1,a\r", "line 2: the lines of this file end with a carriage return alone"),
    ] {
        let refused = refusal(text);
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn a_row_that_is_not_right_is_refused_and_the_others_are_not() {
    let found = records("user_id,action_type\nu-1,\"a\" b\nu-2,c,d\nu-3,e\n");
    assert!(found[0].1.as_str().is_some_and(|reason| reason.contains("closing quote")), "{found:?}");
    assert_eq!(found[1], (3, "has 3 cells, and the heading names 2 fields".into()));
    assert_eq!(found[2].1["user_id"], "u-3");
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
        let csv =
            "adminId;action;ipAddress;timestamp\nu-1;login;192.0.2.1;1772366400\n".replace(';', separator);
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
    let found = without_ids(records("user_id,action_type,status_code,success,details\nu,a,many,perhaps,{\n"));
    let expected = serde_json::json!({
        "user_id": "u", "action_type": "a", "status_code": "many", "success": "perhaps", "details": "{",
    });
    assert_eq!(found, [(2, expected)]);
}
