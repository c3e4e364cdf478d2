//! A server elsewhere that cannot be reached, or does not let the command in: what is wrong and what would help.

use crate::program::{Finished, Fixture, Process};
use std::{
    io::{Read, Write},
    net::TcpListener,
};

/// Asks a server elsewhere, as the environment names it.
fn query(fixture: &Fixture, url: &str, key: &str) -> Finished {
    let mut command = fixture.bare_command(&["query"]);
    command.env("LIVETRAIL_URL", url).env("LIVETRAIL_KEY", key);
    let finished = Process::start(command).finish();
    assert_eq!((finished.stdout.as_str(), finished.stderr.lines().count()), ("", 1), "{finished:?}");
    finished
}

#[test]
fn an_address_that_is_not_of_the_web_is_bad_usage_and_named_by_its_variable() {
    let fixture = Fixture::new();
    for url in ["foo", "localhost:7777", "ftp://log.example", "http://"] {
        let refused = query(&fixture, url, "lt_key");
        assert_eq!(refused.code, Some(2), "{url}: {}", refused.stderr);
        assert!(refused.stderr.starts_with("livetrail: LIVETRAIL_URL: "), "{url}: {}", refused.stderr);
        for command in [&["tail", "--key", "lt_key", "--url", url][..], &["healthcheck", "--url", url]] {
            let refused = fixture.run(command);
            assert_eq!(refused.code, Some(2), "{command:?}: {}", refused.stderr);
            assert!(refused.stderr.starts_with("livetrail: url"), "{command:?}: {}", refused.stderr);
        }
    }
}

#[test]
fn an_address_with_a_password_is_refused_and_not_repeated() {
    let refused = query(&Fixture::new(), "https://app:hunter2@log.example", "lt_key");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("must not hold a user or password"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("hunter2"), "{}", refused.stderr);
}

#[test]
fn a_key_that_is_not_one_word_is_refused_and_not_repeated() {
    let refused = query(&Fixture::new(), "http://127.0.0.1:9", "lt_hunter2 and more");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.starts_with("livetrail: key: "), "{}", refused.stderr);
    assert!(!refused.stderr.contains("hunter2"), "{}", refused.stderr);
}

#[test]
fn an_address_and_a_key_may_have_blanks_around_them() {
    let fixture = Fixture::new();
    let (server, viewer) = (fixture.serve(), fixture.key("viewer"));
    let mut command = Fixture::new().bare_command(&["query"]);
    command.current_dir(fixture.path());
    command
        .env("LIVETRAIL_URL", format!(" {}/ ", server.base_url))
        .env("LIVETRAIL_KEY", format!("{viewer}\n"));
    let finished = Process::start(command).finish();
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
}

#[test]
fn a_server_that_is_not_there_is_asked_about() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let refused = query(&Fixture::new(), &format!("http://127.0.0.1:{port}"), "lt_key");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains(&format!("cannot reach http://127.0.0.1:{port}")), "{}", refused.stderr);
    assert!(refused.stderr.contains("is a server running there?"), "{}", refused.stderr);
}

#[test]
fn a_host_that_has_no_address_is_asked_about() {
    let refused = query(&Fixture::new(), "http://no-such-host.invalid", "lt_key");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("is the name of the host right?"), "{}", refused.stderr);
}

#[test]
fn https_where_the_server_speaks_http_is_told() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let refused = query(&Fixture::new(), &server.base_url.replace("http://", "https://"), "lt_key");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("does not speak TLS: write http://"), "{}", refused.stderr);
    let url = server.base_url.replace("http://", "https://");
    let checked = fixture.run(&["healthcheck", "--url", &url]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stderr.contains("does not speak TLS: write http://"), "{}", checked.stderr);
}

#[test]
fn a_key_without_the_right_is_named_with_the_role_that_has_it() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let refused = query(&Fixture::new(), &server.base_url, &fixture.key("writer"));
    assert_eq!(refused.code, Some(1));
    for words in ["403", "LIVETRAIL_KEY may not do this", "livetrail key create --role viewer"] {
        assert!(refused.stderr.contains(words), "{words}: {}", refused.stderr);
    }
}

#[test]
fn a_key_that_the_server_does_not_know_is_named() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let refused = query(&Fixture::new(), &server.base_url, "lt_of_another_server");
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("Invalid token"), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("does not accept the key of --key or LIVETRAIL_KEY"),
        "{}",
        refused.stderr
    );
}

#[test]
fn a_server_of_another_kind_is_asked_about() {
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", other.local_addr().expect("an address"));
    let serving = std::thread::spawn(move || {
        let (mut connection, _) = other.accept().expect("a connection");
        let mut request = [0; 1_024];
        let _ = connection.read(&mut request).expect("a request");
        connection.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").expect("an answer");
    });
    let refused = query(&Fixture::new(), &url, "lt_key");
    serving.join().expect("it answered");
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains(&format!("is {url} the address of a livetrail server?")),
        "{}",
        refused.stderr
    );
}
