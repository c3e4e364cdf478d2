use crate::program::{Fixture, Process, Serving, activity};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn only_the_owner_gets_into_the_data_folder_and_to_the_socket() {
    let fixture = Fixture::new();
    let _server = fixture.serve();
    assert_eq!(mode(&fixture.data()), 0o700);
    assert_eq!(mode(&fixture.socket()), 0o600);
    for name in ["livetrail.db", "livetrail.lock", "livetrail.head", "seal.key"] {
        assert!(fixture.data().join(name).exists(), "{name}");
    }
    for file in fs::read_dir(fixture.data()).expect("the folder") {
        let file = file.expect("a file").path();
        let expected = if file.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&file), expected, "{}", file.display());
    }
}

#[test]
fn a_symbolic_link_in_place_of_a_file_is_refused_and_what_it_leads_to_stays() {
    for name in ["livetrail.db", "livetrail.lock", "livetrail.head"] {
        let fixture = Fixture::new();
        let other = fixture.write("someone-elses-file", "");
        fs::create_dir(fixture.data()).expect("a folder");
        std::os::unix::fs::symlink(&other, fixture.data().join(name)).expect("a link");
        let refused = fixture.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.code, Some(1));
        // What the operator is told names the file.
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
        assert_eq!(fs::read(&other).expect("the file"), b"", "{name}");
        assert!(!fs::symlink_metadata(fixture.data().join(name)).expect("the link").is_file());
    }
}

#[test]
fn no_seal_key_is_written_through_a_symbolic_link() {
    let fixture = Fixture::new();
    let elsewhere = fixture.path().join("someone-elses-file");
    fs::create_dir(fixture.data()).expect("a folder");
    std::os::unix::fs::symlink(&elsewhere, fixture.data().join("seal.key")).expect("a link");
    let refused = fixture.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(!elsewhere.exists());
}

#[test]
fn an_export_is_its_owners_alone_and_follows_no_link() {
    let fixture = Fixture::new();
    let _server = fixture.serve();
    let other = fixture.write("someone-elses-file", "kept");
    let file = fixture.path().join("export.csv");
    std::os::unix::fs::symlink(&other, fixture.path().join("export.csv.unfinished")).expect("a link");
    fixture.succeed(&["export", "--output", &file.display().to_string()]);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(fs::read(&other).expect("the file"), b"kept");
}

#[test]
fn a_data_folder_that_others_can_read_is_warned_of() {
    let fixture = Fixture::new();
    fixture.serve().stop();
    fs::set_permissions(fixture.data(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let told = fixture.run(&["key", "list"]);
    assert_eq!(told.code, Some(0));
    let server = fixture.serve();
    let log = server.stop();
    assert!(log.stderr.contains("can be read by other users"), "{}", log.stderr);
}

#[test]
fn a_server_that_stops_takes_its_socket_away() {
    let fixture = Fixture::new();
    fixture.serve().stop();
    assert!(!fixture.socket().exists());
}

#[tokio::test]
async fn a_socket_that_a_killed_server_left_hinders_neither_a_command_nor_the_next_server() {
    let fixture = Fixture::new();
    fixture.serve().kill();
    assert!(fixture.socket().exists(), "the test is about a socket that was left");
    let key = fixture.key("writer");

    fixture.serve().kill();
    assert!(fixture.socket().exists());
    let server = fixture.serve();
    assert_eq!(server.post(&key, &activity("u-1", "chat_message")).await.status, 201);
    fixture.succeed(&["key", "list"]);
}

#[test]
fn a_command_beside_a_server_whose_socket_was_deleted_says_what_to_do() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    fs::remove_file(fixture.socket()).expect("the socket");
    let socket = fixture.socket().display().to_string();
    for (command, words) in [
        (&["key", "list"][..], "the socket was deleted, and a restart of the server makes it again"),
        (&["tail"], "was deleted has to be restarted"),
    ] {
        let refused = fixture.run(command);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{}", refused.stderr);
        assert!(refused.stderr.contains(words) && refused.stderr.contains(&socket), "{}", refused.stderr);
    }
    server.stop();
    let _server = fixture.serve();
    fixture.succeed(&["key", "list"]);
}

#[tokio::test]
async fn a_server_does_not_take_the_socket_of_another_that_keeps_its_log_elsewhere() {
    let fixture = Fixture::new();
    let serve =
        |database: &str| fixture.command(&["serve", "--listen", "127.0.0.1:0", "--database-url", database]);
    let first = Serving::start(serve("sqlite:one"));
    let refused = Process::start(serve("sqlite:two")).finish();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("another livetrail is listening there"), "{}", refused.stderr);
    let list = fixture.succeed(&["key", "create", "--role", "writer", "--name", "app"]);
    assert_eq!(first.post(list.trim(), &activity("u-1", "chat_message")).await.status, 201);
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let fixture = Fixture::new();
    let file = fixture.write("a-file", "");
    let folder = file.join("data").display().to_string();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["key", "list"]] {
        let refused = fixture.run(&[arguments, &["--data-dir", &folder]].concat());
        assert_eq!(refused.code, Some(2));
        assert!(refused.stderr.contains(&folder), "{}", refused.stderr);
        assert!(
            refused.stderr.starts_with("livetrail: ") && refused.stderr.lines().count() == 1,
            "{refused:?}"
        );
    }
}

#[test]
fn a_file_in_place_of_the_data_folder_is_bad_usage() {
    let fixture = Fixture::new();
    let file = fixture.write("a-file", "kept").display().to_string();
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0", "--data-dir", &file][..],
        &["serve", "--listen", "127.0.0.1:0", "--database-url", &format!("sqlite://{file}")],
        &["config", "check", "--data-dir", &file],
        &["migrate", "--data-dir", &file],
        &["key", "list", "--data-dir", &file],
        &["query", "--data-dir", &file],
    ] {
        let refused = Process::start(fixture.bare_command(arguments)).finish();
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}: {}",
            refused.stderr
        );
        let said = format!("livetrail: data-dir: {file} is a file, not a folder; name a folder");
        assert!(refused.stderr.starts_with(&said), "{arguments:?}: {}", refused.stderr);
        assert_eq!(fs::read(&file).expect("the file"), b"kept");
    }
}

#[test]
fn a_data_folder_whose_path_is_too_long_for_a_socket_is_bad_usage_before_anything_is_made() {
    let fixture = Fixture::new();
    let folder = fixture.path().join("a-folder/".repeat(20));
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["config", "check"]] {
        let refused = fixture.run(&[command, &["--data-dir", &folder.display().to_string()]].concat());
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains("too long for the path of a socket"), "{}", refused.stderr);
        assert!(!fixture.path().join("a-folder").exists());
    }
}

#[tokio::test]
async fn a_log_that_an_address_names_is_reached_by_commands_from_any_working_directory() {
    let (fixture, elsewhere) = (Fixture::new(), Fixture::new());
    let url = format!("sqlite:{}", fixture.path().join("log").display());
    let mut serve = fixture.bare_command(&["serve", "--listen", "127.0.0.1:0"]);
    serve.env("DATABASE_URL", &url);
    let server = Serving::start(serve);
    let mut create = elsewhere.bare_command(&["key", "create", "--role", "writer", "--name", "app"]);
    create.env("DATABASE_URL", &url);
    let created = Process::start(create).finish();
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    assert_eq!(server.post(created.stdout.trim(), &activity("u-1", "chat_message")).await.status, 201);
}
