use crate::program::{Fixture, Process, Serving, activity};

#[tokio::test]
async fn a_server_is_set_up_by_the_environment_alone() {
    let fixture = Fixture::new();
    let mut command = fixture.bare_command(&["serve"]);
    command.env("LIVETRAIL_LISTEN", "127.0.0.1:0").env("DATABASE_URL", "sqlite:the-log");
    let server = Serving::start(command);
    assert!(server.is_alive().await);
    assert!(fixture.path().join("the-log/livetrail.db").exists());
}

#[tokio::test]
async fn without_any_setting_everything_is_in_one_folder() {
    let fixture = Fixture::new();
    let server = Serving::start(fixture.bare_command(&["serve", "--listen", "127.0.0.1:0"]));
    let made = Process::start(fixture.bare_command(&["key", "create", "--role", "writer", "--name", "app"]))
        .finish();
    assert_eq!(server.post(made.stdout.trim(), &activity("u-1", "chat_message")).await.status, 201);
    let entries = std::fs::read_dir(fixture.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    assert_eq!(entries.collect::<Vec<_>>(), ["livetrail-data"]);
}

#[test]
fn a_variable_that_is_empty_counts_as_not_set() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["config", "print"]);
    for name in ["LIVETRAIL_LISTEN", "LIVETRAIL_DEMO", "LIVETRAIL_LOG_FORMAT", "LIVETRAIL_CONFIG"] {
        command.env(name, "");
    }
    let printed = Process::start(command).finish();
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    assert!(printed.stdout.contains("listen = \"127.0.0.1:7777\""), "{}", printed.stdout);
}

#[test]
fn a_secret_that_is_too_short_is_refused_in_one_line_that_does_not_show_it() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("JWT_SECRET_KEY", "hunter2");
    let refused = Process::start(command).finish();
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert_eq!(refused.stderr.lines().count(), 1, "{}", refused.stderr);
    assert!(
        refused.stderr.starts_with("livetrail: jwt-secret-key: 7 bytes are too few"),
        "{}",
        refused.stderr
    );
    assert!(!refused.stderr.contains("hunter2"));
    assert!(!fixture.data().exists(), "nothing is made before the settings are right");
}

#[test]
fn a_database_that_this_version_does_not_keep_its_log_in_is_refused() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["serve"]);
    command.env("DATABASE_URL", "mysql://app:hunter2@db/app");
    let refused = Process::start(command).finish();
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.starts_with("livetrail: database-url: "), "{}", refused.stderr);
    assert!(!refused.stderr.contains("hunter2"), "an address may hold a password: {}", refused.stderr);
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_bad_usage_for_all_that_open_the_database() {
    let fixture = Fixture::new();
    fixture.write("empty.pem", "");
    for (file, why) in [("nowhere.pem", "No such file"), ("empty.pem", "no certificate is in it")] {
        let url = format!("postgres://app:hunter2@127.0.0.1:1/app?sslmode=verify-full&sslrootcert={file}");
        for arguments in [&["serve"][..], &["config", "check"], &["migrate"], &["key", "list"]] {
            let refused = fixture.run(&[arguments, &["--database-url", &url]].concat());
            assert_eq!(
                (refused.code, refused.stdout.as_str()),
                (Some(2), ""),
                "{arguments:?}: {}",
                refused.stderr
            );
            for words in ["livetrail: database-url: sslrootcert: ", file, why] {
                assert!(refused.stderr.contains(words), "{arguments:?}: {words}: {}", refused.stderr);
            }
            assert!(!refused.stderr.contains("hunter2"), "{}", refused.stderr);
            assert!(!fixture.data().exists(), "nothing is made");
        }
    }
}

#[test]
fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
    let fixture = Fixture::new();
    fixture.write(
        "livetrail.toml",
        "listen = \"127.0.0.1:1001\"\npublic-url = \"https://from.the.file\"\nlog = \"warn\"\n",
    );
    let mut command = fixture.bare_command(&[
        "config",
        "print",
        "--config",
        "livetrail.toml",
        "--listen",
        "127.0.0.1:1003",
    ]);
    command
        .env("LIVETRAIL_LISTEN", "127.0.0.1:1002")
        .env("LIVETRAIL_PUBLIC_URL", "https://from.the.environment");
    let printed = Process::start(command).finish().stdout;
    for line in [
        "listen = \"127.0.0.1:1003\"",
        "public-url = \"https://from.the.environment\"",
        "log = \"warn\"",
        "demo = false",
    ] {
        assert!(printed.lines().any(|printed| printed == line), "{line} is missing: {printed}");
    }
}

#[test]
fn a_folder_may_be_named_before_and_after_the_command() {
    let fixture = Fixture::new();
    for arguments in [["--data-dir", "here", "config", "print"], ["config", "print", "--data-dir", "here"]] {
        let printed = Process::start(fixture.bare_command(&arguments)).finish().stdout;
        assert!(printed.contains("data-dir = \"here\""), "{printed}");
    }
}

#[test]
fn what_is_printed_is_a_file_that_means_the_same() {
    let fixture = Fixture::new();
    let flags =
        ["--listen", "127.0.0.1:1001", "--cors-origin", "https://a.example", "--query-token", "false"];
    let printed = fixture.succeed(&[&["config", "print"], &flags[..]].concat());
    fixture.write("livetrail.toml", &printed);
    assert_eq!(fixture.succeed(&["config", "print", "--config", "livetrail.toml"]), printed);
}

#[test]
fn a_secret_is_not_printed() {
    let fixture = Fixture::new();
    let secret = "a secret that is long enough for anybody";
    let printed = fixture.succeed(&["config", "print", "--jwt-secret-key", secret]);
    assert!(!printed.contains(secret), "{printed}");
}

#[test]
fn the_help_says_that_a_secret_as_a_flag_shows_and_how_it_does_not() {
    let help = Fixture::new().succeed(&["serve", "--help"]);
    assert!(help.contains("--jwt-secret-key-file") && help.contains("--seal-key-file"), "{help}");
    assert!(help.contains("shows in `ps`"), "{help}");
}

#[test]
fn a_misspelt_key_is_refused_and_the_right_one_named() {
    let fixture = Fixture::new();
    fixture.write("livetrail.toml", "listne = \"127.0.0.1:7777\"\n");
    let refused = fixture.run(&["config", "check", "--config", "livetrail.toml"]);
    assert_eq!(refused.code, Some(2));
    assert_eq!(
        refused.stderr,
        "livetrail: config: livetrail.toml: listne is not a setting; did you mean listen?\n"
    );
    assert_eq!(
        fixture.run(&["serve", "--config", "livetrail.toml"]).code,
        Some(2),
        "a server does not start with it"
    );
}

#[test]
fn a_file_that_is_right_is_said_to_be() {
    let fixture = Fixture::new();
    fixture.write(
        "livetrail.toml",
        "listen = \"0.0.0.0:7777\"\ndata-dir = \"/var/lib/livetrail\"\ntext-search = true\n",
    );
    fixture.succeed(&["config", "check", "--config", "livetrail.toml"]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let refused = Fixture::new().run(&["config", "check", "--config", "no-such.toml"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("no-such.toml"), "{}", refused.stderr);
}

#[test]
fn usage_that_is_not_right_ends_with_2() {
    let fixture = Fixture::new();
    for arguments in
        [&["serve", "--lisen", "x"][..], &["no-such-command"], &["key"], &["migrate", "extra"], &[]]
    {
        let refused = fixture.run(arguments);
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!refused.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_server_whose_key_may_sign_for_other_applications_says_so_at_its_start() {
    for (flags, said) in [
        (&[][..], Some("jwt-issuer and jwt-audience not set")),
        (&["--jwt-audience", "log"], Some("jwt-issuer not set")),
        (&["--jwt-audience", "log", "--jwt-issuer", "https://login.example"], None),
    ] {
        let fixture = Fixture::new();
        let mut command = fixture.command(&[&["serve", "--listen", "127.0.0.1:0"], flags].concat());
        command.env("JWT_SECRET_KEY", "xy".repeat(16));
        let log = Serving::start(command).stop().stderr;
        assert_eq!(log.contains("not set: a token"), said.is_some(), "{log}");
        assert!(said.is_none_or(|said| log.contains(said)), "{log}");
    }
}

#[test]
fn who_is_believed_is_printed_without_secrets() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&[
        "config",
        "print",
        "--jwks-url",
        "https://login.example/keys",
        "--jwt-issuer",
        "a,b",
        "--jwt-admin-claim",
        "groups=x",
        "--oidc-issuer",
        "https://login.example",
        "--oidc-client-id",
        "log",
        "--oidc-role",
        "cn=a,ou=b=admin",
        "--trusted-proxy",
        "10.0.0.0/8,192.0.2.1",
    ]);
    command
        .env("LIVETRAIL_OIDC_CLIENT_SECRET", "hunter2")
        .env("JWT_SECRET_KEY_PREVIOUS", "hunter2 ".repeat(5));
    let printed = Process::start(command).finish();
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    for line in [
        "jwks-url = \"https://login.example/keys\"",
        "jwt-issuer = [\"a\", \"b\"]",
        "jwt-admin-claim = \"groups=x\"",
        "oidc-role = [\"cn=a,ou=b=admin\"]",
        "trusted-proxy = [\"10.0.0.0/8\", \"192.0.2.1/32\"]",
    ] {
        assert!(printed.stdout.lines().any(|printed| printed == line), "{line}: {}", printed.stdout);
    }
    assert!(!printed.stdout.contains("hunter2"), "{}", printed.stdout);
}
