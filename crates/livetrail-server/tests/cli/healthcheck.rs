use crate::program::{Fixture, PATIENCE, Process};
use std::{net::TcpListener, time::Duration};

#[test]
fn a_server_that_lives_is_healthy() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let checked = fixture.run(&["healthcheck", "--url", &server.base_url]);
    assert_eq!((checked.code, checked.stdout.as_str(), checked.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn the_address_may_stand_in_the_environment() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let mut command = fixture.command(&["healthcheck"]);
    command.env("LIVETRAIL_URL", format!("{}/", server.base_url));
    assert_eq!(Process::start(command).finish().code, Some(0));
}

/// Arguments of the command, and a variable of its environment.
type Ask<'a> = (&'a [&'a str], Option<(&'a str, &'a str)>);

/// By the settings of the server: its file, its environment, its data folder.
#[test]
fn the_settings_of_a_server_say_where_it_is() {
    let fixture = Fixture::new();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let listen = format!("0.0.0.0:{port}");
    let server = fixture.serve_at(&listen);
    let settings = format!("listen = {listen:?}\ndata-dir = {:?}\n", fixture.data());
    let file = fixture.write("livetrail.toml", &settings).display().to_string();
    let data = fixture.data().display().to_string();
    let asks: [Ask<'_>; 5] = [
        (&["--config", &file], None),
        (&[], Some(("LIVETRAIL_CONFIG", &file))),
        (&[], Some(("LIVETRAIL_LISTEN", &listen))),
        (&["--data-dir", &data], None),
        (&[], Some(("LIVETRAIL_DATA_DIR", &data))),
    ];
    let check = |(arguments, variable): &Ask<'_>| {
        let mut command = fixture.bare_command(&[&["healthcheck"], *arguments].concat());
        // A proxy is for what is elsewhere.
        command.env("HTTP_PROXY", "http://127.0.0.1:9").envs(*variable);
        Process::start(command).finish()
    };
    for ask in &asks {
        let checked = check(ask);
        assert_eq!(checked.code, Some(0), "{ask:?}: {}", checked.stderr);
    }
    server.stop();
    for ask in &asks[..3] {
        let checked = check(ask);
        assert_eq!(checked.code, Some(1), "{ask:?}");
        assert!(checked.stderr.contains(&format!("http://127.0.0.1:{port}/healthz")), "{}", checked.stderr);
    }
}

#[test]
fn a_server_that_is_not_there_is_not_healthy() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let url = server.base_url.clone();
    server.stop();
    let checked = fixture.run(&["healthcheck", "--url", &url]);
    assert_eq!(checked.code, Some(1));
    assert!(checked.stderr.contains(&url), "{}", checked.stderr);
}

#[test]
fn a_server_that_takes_the_call_and_never_answers_is_not_healthy() {
    let fixture = Fixture::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", silent.local_addr().expect("an address"));
    let checked = Process::start(fixture.command(&["healthcheck", "--url", &url]));
    assert!(PATIENCE > Duration::from_secs(10), "it gives up earlier than this test");
    assert_eq!(checked.finish().code, Some(1));
}
