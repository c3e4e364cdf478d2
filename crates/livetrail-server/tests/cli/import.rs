use crate::program::{Finished, Fixture, Process, said_on_a_terminal};
use serde_json::{Value, json};

/// Lines whose ids make them what they are.
fn lines(numbers: impl Iterator<Item = u32>) -> String {
    let line = |number| {
        let id = format!("0198c0de-7a3b-7000-8000-{number:012}");
        format!("{}\n", json!({"id": id, "user_id": format!("u-{number}"), "action_type": "chat_message"}))
    };
    numbers.map(line).collect()
}

fn import(fixture: &Fixture, content: &str) -> Finished {
    let file = fixture.write("activities.ndjson", content);
    fixture.run(&["import", file.to_str().expect("a path")])
}

/// What is in the log, Livetrail's own activities aside.
async fn imported(fixture: &Fixture) -> Vec<Value> {
    let server = fixture.serve();
    let mut log = server.log(&fixture.key("admin")).await;
    log.retain(|activity| activity["resource_type"] != "livetrail");
    log
}

#[tokio::test]
async fn a_file_is_imported_without_a_server_in_its_order() {
    let fixture = Fixture::new().begin();
    let finished = import(&fixture, &lines(1..=2_500));
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("2500 imported, 0 were there already, 0 refused"),
        "{}",
        finished.stderr
    );
    let users: Vec<_> =
        imported(&fixture).await.into_iter().map(|activity| activity["user_id"].clone()).collect();
    assert_eq!(users, (1..=2_500).map(|number| format!("u-{number}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn standard_input_is_imported_into_a_running_server() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let input = lines(1..=3).trim_end().to_owned();
    let finished = Process::start_with_input(fixture.command(&["import", "-"]), input.into_bytes()).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let log = server.log(&fixture.key("viewer")).await;
    assert_eq!(log.iter().filter(|activity| activity["action_type"] == "chat_message").count(), 3);
}

#[tokio::test]
async fn a_large_file_is_imported_into_a_running_server_in_its_order_and_its_mistakes_have_their_numbers() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let content = format!("{}{{}}\n{}", lines(1..=8_000), lines(8_001..=9_000));
    let finished = import(&fixture, &content);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("line 8001: user_id is required"), "{}", finished.stderr);
    assert!(
        finished.stderr.contains("9000 imported, 0 were there already, 1 refused"),
        "{}",
        finished.stderr
    );
    let mut log = server.log(&fixture.key("admin")).await;
    log.retain(|activity| activity["resource_type"] != "livetrail");
    let users: Vec<_> = log.iter().map(|activity| activity["user_id"].clone()).collect();
    assert_eq!(users, (1..=9_000).map(|number| format!("u-{number}")).collect::<Vec<_>>());
}

#[test]
fn a_terminal_shows_how_far_an_import_is_and_a_file_does_not() {
    for is_served in [false, true] {
        let fixture = Fixture::new().begin();
        let server = is_served.then(|| fixture.serve());
        let file = fixture.write("activities.ndjson", &lines(1..=25_000)).display().to_string();
        let said = said_on_a_terminal(fixture.command(&["import", &file]));
        let bar = said.split("\r").find(|line| line.contains(" records, ")).expect("a bar");
        for part in ["[#", " %  ", "000 records, ", "/s", " left"] {
            assert!(bar.contains(part), "{part}: {said:?}");
        }
        // The line makes way for the outcome.
        let outcome = "\r\u{1b}[K25000 imported, 0 were there already, 0 refused\r\n";
        assert!(said.ends_with(outcome), "{said:?}");
        let again = fixture.run(&["import", &file]);
        assert_eq!(again.stderr, "0 imported, 25000 were there already, 0 refused\n");
        drop(server);
    }
}

#[tokio::test]
async fn a_file_is_imported_into_a_server_elsewhere_with_a_key() {
    let (fixture, elsewhere) = (Fixture::new(), Fixture::new());
    let server = fixture.serve();
    let file = elsewhere.write("a.ndjson", &lines(1..=3));
    let mut command = elsewhere.bare_command(&["import", file.to_str().expect("a path")]);
    command.env("LIVETRAIL_URL", &server.base_url).env("LIVETRAIL_KEY", fixture.key("writer"));
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    assert!(!elsewhere.data().exists() && !elsewhere.path().join("livetrail-data").exists());
}

#[tokio::test]
async fn importing_the_same_file_again_stores_nothing_twice() {
    let fixture = Fixture::new().begin();
    import(&fixture, &lines(1..=5));
    let again = import(&fixture, &lines(1..=7));
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(again.stderr.contains("2 imported, 5 were there already, 0 refused"), "{}", again.stderr);
    assert_eq!(imported(&fixture).await.len(), 7);
}

#[tokio::test]
async fn a_line_that_is_refused_is_named_by_its_number_and_the_others_are_stored() {
    let fixture = Fixture::new().begin();
    let content = format!(
        "{}\n{{\"user_id\":\"u-1\"}}\n   \r\nnot json\n{}",
        lines(1..=1),
        lines(2..=2).replace('\n', "\r\n")
    );
    let finished = import(&fixture, &content);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("line 3: action_type"), "{}", finished.stderr);
    assert!(finished.stderr.contains("line 5: is not JSON"), "{}", finished.stderr);
    assert!(finished.stderr.contains("2 imported, 0 were there already, 2 refused"), "{}", finished.stderr);
    assert_eq!(imported(&fixture).await.len(), 2);
}

#[test]
fn a_file_of_nothing_but_mistakes_has_each_named_by_its_number() {
    let fixture = Fixture::new().begin();
    let finished = import(&fixture, "\n{\"user_id\":\"u-1\"}\nnot json\n");
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("line 2: action_type"), "{}", finished.stderr);
    assert!(finished.stderr.contains("line 3: is not JSON"), "{}", finished.stderr);
    assert!(finished.stderr.contains("0 imported, 0 were there already, 2 refused"), "{}", finished.stderr);
}

#[test]
fn mistakes_in_a_later_part_of_a_large_file_have_their_number_in_the_file() {
    let fixture = Fixture::new().begin();
    let finished = import(&fixture, &format!("{}{{}}\n{}", lines(1..=1_500), lines(1_501..=3_000)));
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("line 1501: "), "{}", finished.stderr);
    assert!(finished.stderr.contains("3000 imported"), "{}", finished.stderr);
}

#[test]
fn an_id_that_was_stored_with_other_content_is_refused() {
    let fixture = Fixture::new().begin();
    import(&fixture, &lines(1..=2));
    let changed = import(&fixture, &lines(1..=2).replace("u-2", "u-3"));
    assert_eq!(changed.code, Some(1));
    assert!(changed.stderr.contains("line 2: id was stored before with other content"), "{}", changed.stderr);
    assert!(changed.stderr.contains("0 imported, 1 were there already, 1 refused"), "{}", changed.stderr);
}

#[test]
fn a_file_that_is_not_there_is_named_and_nothing_is_made() {
    let fixture = Fixture::new();
    let finished = fixture.run(&["import", "no-such-file.ndjson"]);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("no-such-file.ndjson"), "{}", finished.stderr);
    assert!(!fixture.data().exists());
}

#[test]
fn an_empty_file_imports_nothing_and_that_is_fine() {
    let fixture = Fixture::new().begin();
    let finished = import(&fixture, "");
    assert_eq!(finished.code, Some(0));
    assert!(finished.stderr.contains("0 imported"), "{}", finished.stderr);
}

#[tokio::test]
async fn csv_is_recognised_and_a_row_that_is_refused_is_named_by_its_line() {
    let fixture = Fixture::new().begin();
    let csv = "user_id,action_type,status_code,details\nu-1,user_login,401,\"{\"\"plan\"\":\"\"pro\"\"}\"\nu-2,,200,\n\
               u-3,\"chat\nmessage\",200,\nu-4,chat_message,200,\n";
    let finished = fixture.run(&["import", fixture.write("log.csv", csv).to_str().expect("a path")]);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stderr.contains("line 3: action_type is required"), "{}", finished.stderr);
    assert!(finished.stderr.contains("line 4: action_type"), "{}", finished.stderr);
    assert!(finished.stderr.contains("2 imported, 0 were there already, 2 refused"), "{}", finished.stderr);
    let log = imported(&fixture).await;
    assert_eq!((&log[0]["status_code"], &log[0]["details"]["plan"]), (&json!(401), &json!("pro")));
}
