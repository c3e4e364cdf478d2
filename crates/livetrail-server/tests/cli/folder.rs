use crate::program::{Home, Process, Serving, activity};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[test]
fn only_the_owner_gets_into_the_data_folder_and_to_the_socket() {
    let home = Home::new();
    let _server = home.serve();
    assert_eq!(mode(&home.data()), 0o700);
    assert_eq!(mode(&home.socket()), 0o600);
    for name in ["livetrail.db", "livetrail.lock", "livetrail.head", "seal.key"] {
        assert!(home.data().join(name).exists(), "{name}");
    }
    for file in fs::read_dir(home.data()).expect("the folder") {
        let file = file.expect("a file").path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_symbolic_link_in_place_of_a_file_is_refused_and_what_it_leads_to_stays() {
    for name in ["livetrail.db", "livetrail.lock", "livetrail.head"] {
        let home = Home::new();
        let other = home.write("someone-elses-file", "");
        fs::create_dir(home.data()).expect("a folder");
        std::os::unix::fs::symlink(&other, home.data().join(name)).expect("a link");
        let refused = home.run(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(refused.code, Some(1));
        // What the operator is told names the file.
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
        assert_eq!(fs::read(&other).expect("the file"), b"", "{name}");
        assert!(!fs::symlink_metadata(home.data().join(name)).expect("the link").is_file());
    }
}

#[test]
fn no_seal_key_is_written_through_a_symbolic_link() {
    let home = Home::new();
    let elsewhere = home.path().join("someone-elses-file");
    fs::create_dir(home.data()).expect("a folder");
    std::os::unix::fs::symlink(&elsewhere, home.data().join("seal.key")).expect("a link");
    let refused = home.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert!(!elsewhere.exists());
}

#[test]
fn an_export_is_its_owners_alone_and_follows_no_link() {
    let home = Home::new();
    let _server = home.serve();
    let other = home.write("someone-elses-file", "kept");
    let file = home.path().join("export.csv");
    std::os::unix::fs::symlink(&other, home.path().join("export.csv.unfinished")).expect("a link");
    home.succeed(&["export", "--output", &file.display().to_string()]);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(fs::read(&other).expect("the file"), b"kept");
}

#[test]
fn a_data_folder_that_others_can_read_is_warned_of() {
    let home = Home::new();
    home.serve().stop();
    fs::set_permissions(home.data(), fs::Permissions::from_mode(0o755)).expect("a mode");
    let told = home.run(&["key", "list"]);
    assert_eq!(told.code, Some(0));
    let server = home.serve();
    let log = server.stop();
    assert!(log.stderr.contains("can be read by other users"), "{}", log.stderr);
}

#[test]
fn a_server_that_stops_takes_its_socket_away() {
    let home = Home::new();
    home.serve().stop();
    assert!(!home.socket().exists());
}

#[tokio::test]
async fn a_socket_that_a_killed_server_left_hinders_neither_a_command_nor_the_next_server() {
    let home = Home::new();
    home.serve().kill();
    assert!(home.socket().exists(), "the test is about a socket that was left");
    let key = home.key("writer");

    home.serve().kill();
    assert!(home.socket().exists());
    let server = home.serve();
    assert_eq!(server.post(&key, &activity("u-1", "chat_message")).await.status, 201);
    home.succeed(&["key", "list"]);
}

#[tokio::test]
async fn a_server_does_not_take_the_socket_of_another_that_keeps_its_log_elsewhere() {
    let home = Home::new();
    let serve =
        |database: &str| home.command(&["serve", "--listen", "127.0.0.1:0", "--database-url", database]);
    let first = Serving::start(serve("sqlite:one"));
    let refused = Process::start(serve("sqlite:two")).finish();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("another livetrail is listening there"), "{}", refused.stderr);
    let list = home.succeed(&["key", "create", "--role", "writer", "--name", "app"]);
    assert_eq!(first.post(list.trim(), &activity("u-1", "chat_message")).await.status, 201);
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let home = Home::new();
    let file = home.write("a-file", "");
    let folder = file.join("data").display().to_string();
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["key", "list"]] {
        let refused = home.run(&[arguments, &["--data-dir", &folder]].concat());
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
    let home = Home::new();
    let file = home.write("a-file", "kept").display().to_string();
    for arguments in [
        &["serve", "--listen", "127.0.0.1:0", "--data-dir", &file][..],
        &["serve", "--listen", "127.0.0.1:0", "--database-url", &format!("sqlite://{file}")],
        &["config", "check", "--data-dir", &file],
        &["migrate", "--data-dir", &file],
        &["key", "list", "--data-dir", &file],
        &["query", "--data-dir", &file],
    ] {
        let refused = Process::start(home.bare_command(arguments)).finish();
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
    let home = Home::new();
    let folder = home.path().join("a-folder/".repeat(20));
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["config", "check"]] {
        let refused = home.run(&[command, &["--data-dir", &folder.display().to_string()]].concat());
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains("too long for the path of a socket"), "{}", refused.stderr);
        assert!(!home.path().join("a-folder").exists());
    }
}

#[tokio::test]
async fn a_log_that_an_address_names_is_reached_by_commands_from_any_working_directory() {
    let (home, elsewhere) = (Home::new(), Home::new());
    let url = format!("sqlite:{}", home.path().join("log").display());
    let mut serve = home.bare_command(&["serve", "--listen", "127.0.0.1:0"]);
    serve.env("DATABASE_URL", &url);
    let server = Serving::start(serve);
    let mut create = elsewhere.bare_command(&["key", "create", "--role", "writer", "--name", "app"]);
    create.env("DATABASE_URL", &url);
    let created = Process::start(create).finish();
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    assert_eq!(server.post(created.stdout.trim(), &activity("u-1", "chat_message")).await.status, 201);
}
