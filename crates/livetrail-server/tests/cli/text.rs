//! What the program prints about itself.

use crate::program::{Fixture, Process};
use serde_json::Value;

#[test]
fn the_description_of_the_api_is_the_one_that_the_server_gives() {
    let printed: Value = serde_json::from_str(&Fixture::new().succeed(&["openapi"])).expect("JSON");
    assert!(printed["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert!(printed["paths"]["/api/activity"]["post"].is_object());
}

#[tokio::test]
async fn the_server_gives_the_description_that_is_printed() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let given: Value = server
        .client
        .get(format!("{}/openapi.json", server.base_url))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(given, serde_json::from_str::<Value>(&fixture.succeed(&["openapi"])).expect("JSON"));
}

#[test]
fn the_catalogue_lists_every_action_with_its_sentence() {
    let printed = Fixture::new().succeed(&["catalogue"]);
    for action in
        ["user_login", "document_upload", "admin_view_activity_logs", "payout_approved", "access_refused"]
    {
        let line = printed.lines().find(|line| line.split_whitespace().next() == Some(action));
        assert!(line.is_some_and(|line| line.split_whitespace().count() > 1), "{action}: {line:?}");
    }
}

#[test]
fn actions_of_ones_own_are_in_the_catalogue() {
    let fixture = Fixture::new();
    let actions = fixture.write(
        "actions.toml",
        "[[action]]\nkey = \"ship_parcel\"\ncategory = \"content\"\nicon = \"package\"\n\
         sentence = \"{user} shipped a parcel\"\nseverity = \"info\"\n",
    );
    let mut command = fixture.command(&["catalogue"]);
    command.env("LIVETRAIL_ACTIONS", actions);
    let finished = Process::start(command).finish();
    assert!(finished.stdout.contains("ship_parcel"), "{}", finished.stderr);
}

#[test]
fn there_are_completions_for_each_shell_and_a_manual_page() {
    let fixture = Fixture::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = fixture.succeed(&["completions", shell]);
        assert!(script.contains("livetrail") && script.contains("healthcheck"), "{shell}");
    }
    assert_eq!(fixture.run(&["completions", "abacus"]).code, Some(2));
    let manual = fixture.succeed(&["man"]);
    assert!(manual.contains(".TH livetrail") && manual.contains("NAME"), "{manual}");
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(Fixture::new().succeed(&["--version"]), format!("livetrail {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_command_and_every_flag_says_what_it_is_for() {
    let fixture = Fixture::new();
    let mut commands = vec![vec![]];
    let mut seen = 0;
    while let Some(command) = commands.pop() {
        let help = fixture.succeed(&[&command[..], &["--help"]].concat());
        for entry in entries(&help) {
            assert!(!entry.description.is_empty(), "{command:?}: {} says nothing", entry.name);
            if entry.section == "Commands:" && entry.name != "help" {
                let name: &'static str = entry.name.clone().leak();
                commands.push([&command[..], &[name]].concat());
            }
        }
        seen += 1;
    }
    assert!(seen >= 20, "only {seen} commands were looked at");
}

/// A line of help: a command, an argument or a flag.
struct Entry {
    section: String,
    name: String,
    description: String,
}

/// Reads what clap writes: a title at the margin, entries indented by less than their descriptions, which begin after
/// two spaces or on the next line.
fn entries(help: &str) -> Vec<Entry> {
    let (mut section, mut entries) = (String::new(), Vec::<Entry>::new());
    for line in help.lines() {
        let indent = line.len() - line.trim_start().len();
        let text = line.trim();
        if indent == 0 {
            section = text.to_owned();
        } else if ["Commands:", "Arguments:", "Options:"].contains(&section.as_str()) && !text.is_empty() {
            match entries.last_mut() {
                Some(entry) if indent > 6 => entry.description.push_str(text),
                _ => {
                    let (name, description) = text.split_once("  ").unwrap_or((text, ""));
                    let (section, name) = (section.clone(), name.to_owned());
                    entries.push(Entry { section, name, description: description.trim().into() });
                }
            }
        }
    }
    entries
}
