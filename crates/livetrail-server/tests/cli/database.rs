use crate::program::{Finished, Fixture, activity};
use std::fs;

/// Starts a server on a database that it must not touch, and returns what it said.
fn refused(fixture: &Fixture) -> Finished {
    let before = fs::read(fixture.database()).expect("a database");
    let refused = fixture.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{}", refused.stderr);
    assert_eq!(
        refused.stderr.lines().filter(|line| line.starts_with("livetrail: ")).count(),
        1,
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains(&fixture.database().display().to_string()), "{}", refused.stderr);
    assert!(fs::read(fixture.database()).expect("a database") == before, "not a byte was changed");
    refused
}

/// A fixture whose database is this file.
fn home_with(database: &[u8]) -> Fixture {
    let fixture = Fixture::new();
    fs::create_dir_all(fixture.data()).expect("a folder");
    fs::write(fixture.database(), database).expect("a file");
    fixture
}

/// A database that was written by this program and then changed by another hand.
fn home_where(statement: &str) -> Fixture {
    let fixture = Fixture::new().begin();
    let other_hand = rusqlite::Connection::open(fixture.database()).expect("a database");
    other_hand.execute_batch(statement).expect("a change");
    other_hand.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("one file");
    fixture
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    let fixture = home_where("PRAGMA user_version = 99");
    let said = refused(&fixture).stderr;
    assert!(
        said.contains("was written by a newer livetrail (schema 99") && said.contains("upgrade"),
        "{said}"
    );
    for command in [&["migrate"][..], &["migrate", "--dry-run"], &["key", "list"]] {
        assert_eq!(fixture.run(command).code, Some(1), "{command:?}");
    }
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let said = refused(&home_with(&b"this is no database, and was never one. ".repeat(500))).stderr;
    assert!(
        said.contains("is damaged or no livetrail database") && said.contains("restore a backup"),
        "{said}"
    );
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let fixture = home_with(b"");
    let other = rusqlite::Connection::open(fixture.database()).expect("a database");
    other.execute_batch("CREATE TABLE theirs (id INTEGER)").expect("a table");
    drop(other);
    let said = refused(&fixture).stderr;
    assert!(said.contains("it belongs to another program"), "{said}");
}

#[test]
fn a_database_whose_pages_are_garbage_is_left_as_it_is() {
    let fixture = home_where("PRAGMA user_version = 1");
    let mut bytes = fs::read(fixture.database()).expect("a database");
    bytes[4_096..].fill(0xa5);
    fs::write(fixture.database(), bytes).expect("a file");
    let said = refused(&fixture).stderr;
    assert!(said.contains("is damaged or no livetrail database"), "{said}");
}

#[tokio::test]
async fn an_empty_file_is_a_new_database() {
    let fixture = home_with(b"");
    let server = fixture.serve();
    assert_eq!(server.post(&fixture.key("writer"), &activity("u-1", "chat_message")).await.status, 201);
}
