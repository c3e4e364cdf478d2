use crate::program::{Home, PATIENCE, Process};
use std::{net::TcpListener, time::Duration};

#[test]
fn a_server_that_lives_is_healthy() {
    let home = Home::new();
    let server = home.serve();
    let checked = home.run(&["healthcheck", "--url", &server.base_url]);
    assert_eq!((checked.code, checked.stdout.as_str(), checked.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn the_address_may_stand_in_the_environment() {
    let home = Home::new();
    let server = home.serve();
    let mut command = home.command(&["healthcheck"]);
    command.env("LIVETRAIL_URL", format!("{}/", server.base_url));
    assert_eq!(Process::start(command).finish().code, Some(0));
}

#[test]
fn a_server_that_is_not_there_is_not_healthy() {
    let home = Home::new();
    let server = home.serve();
    let url = server.base_url.clone();
    server.stop();
    let checked = home.run(&["healthcheck", "--url", &url]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stderr.contains(&url), "{}", checked.stderr);
}

#[test]
fn a_server_that_takes_the_call_and_never_answers_is_not_healthy() {
    let home = Home::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let checked = Process::start(home.command(&["healthcheck", "--url", &url]));
    assert!(PATIENCE > Duration::from_secs(10), "it gives up earlier than this test");
    assert_eq!(checked.finish().code, Some(1));
}
