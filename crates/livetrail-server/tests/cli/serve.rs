use crate::program::{Fixture, Process, Serving, activity};
use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Stdio,
    time::Duration,
};

/// What the contract gives a server to finish.
const TIME_TO_STOP: Duration = Duration::from_secs(10);

#[tokio::test]
async fn serve_says_where_it_listens_in_one_line_and_answers_there() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    assert!(
        server.address.starts_with("127.0.0.1:") && !server.address.ends_with(":0"),
        "{}",
        server.address
    );
    assert!(server.is_alive().await);
    let finished = server.stop();
    assert_eq!(finished.stdout, "", "nothing but that line");
}

#[test]
fn a_server_that_is_told_to_stop_as_soon_as_it_listens_ends_well() {
    let fixture = Fixture::new();
    for _ in 0..3 {
        assert_eq!(fixture.serve().stop().code, Some(0));
    }
}

#[test]
fn an_interrupt_from_the_keyboard_stops_a_server_too() {
    let server = Fixture::new().serve();
    server.process.signal(Signal::INT);
    assert_eq!(server.process.finish_within(TIME_TO_STOP).code, Some(0));
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_and_is_gone_within_ten_seconds() {
    let fixture = Fixture::new().begin();
    let key = fixture.key("viewer");
    let http2 = Client::builder().http2_prior_knowledge().build().expect("a client");
    for client in [Client::new(), http2] {
        let server = Serving { client, ..fixture.serve() };
        let mut stream = server.stream(&key, None).await;
        server.process.signal(Signal::TERM);
        while let Some(event) = stream.next().await {
            assert_ne!(event.data["type"], "reset", "the client is to come back, not to start over");
        }
        // The connection stays open: its client has it in a pool.
        assert_eq!(server.process.finish_within(TIME_TO_STOP).code, Some(0));
    }
}

#[tokio::test]
async fn a_request_that_is_under_way_when_the_server_stops_is_answered_and_kept() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let (writer, admin) = (fixture.key("writer"), fixture.key("admin"));
    let mut stream = server.stream(&admin, None).await;
    let body = activity("u-1", "chat_message").to_string();
    let mut posting = begin_to_post(&server, &writer, &body);

    server.process.signal(Signal::TERM);
    while stream.next().await.is_some() {}
    posting.write_all(&body.as_bytes()[10..]).expect("the connection is open");
    let answer = read_to_end(&mut posting);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(server.process.finish_within(TIME_TO_STOP).code, Some(0));

    let log = fixture.serve().log(&admin).await;
    assert!(log.iter().any(|activity| activity["action_type"] == "chat_message"), "{log:?}");
}

/// Sends a request up to the tenth byte of its body, and returns when the server has begun to read that.
fn begin_to_post(server: &Serving, key: &str, body: &str) -> TcpStream {
    let mut connection = server.connect();
    let head = format!(
        "POST /api/activity HTTP/1.1\r\nHost: livetrail\r\nAuthorization: Bearer {key}\r\nContent-Length: {}\r\n\
         Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).expect("a connection");
    let mut go_on = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    connection.read_exact(&mut go_on).expect("an answer");
    assert!(go_on.starts_with(b"HTTP/1.1 100"));
    connection.write_all(&body.as_bytes()[..10]).expect("a connection");
    connection
}

fn read_to_end(connection: &mut TcpStream) -> String {
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    answer
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let fixture = Fixture::new();
    let first = fixture.serve();
    let second = Process::start(fixture.command(&["serve", "--listen", "127.0.0.1:0"])).finish();
    assert_eq!(second.code, Some(1));
    assert_eq!(second.stdout, "", "it never listened");
    let folder = fixture.data().display().to_string();
    assert!(second.stderr.contains("another livetrail is using the data folder"), "{}", second.stderr);
    assert!(second.stderr.contains(&folder), "{}", second.stderr);
    assert!(first.is_alive().await);
    fixture.succeed(&["key", "list"]);
}

#[test]
fn a_server_whose_port_is_taken_says_which() {
    let (fixture, other) = (Fixture::new(), Fixture::new());
    let server = fixture.serve();
    let refused = other.run(&["serve", "--listen", &server.address]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains(&format!("cannot listen on {}", server.address)), "{}", refused.stderr);
    assert!(refused.stderr.contains("another process listens there"), "{}", refused.stderr);
    assert!(refused.stderr.contains("--listen"), "{}", refused.stderr);
    assert!(!other.data().exists(), "nothing is made");
}

#[test]
fn an_address_of_another_machine_is_refused_with_what_to_write() {
    let refused = Fixture::new().run(&["serve", "--listen", "192.0.2.7:7777"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("cannot listen on 192.0.2.7:7777"), "{}", refused.stderr);
    assert!(refused.stderr.contains("0.0.0.0 for all of them"), "{}", refused.stderr);
}

#[test]
fn a_log_that_goes_into_a_file_has_no_colours() {
    let fixture = Fixture::new();
    let said = fixture.serve().stop().stderr;
    assert!(said.contains("stopped") && !said.contains('\x1b'), "{said:?}");
}

#[test]
fn a_log_for_programs_is_an_object_a_line() {
    let fixture = Fixture::new();
    let server =
        Serving::start(fixture.command(&["serve", "--listen", "127.0.0.1:0", "--log-format", "json"]));
    let said = server.stop().stderr;
    let is_object =
        |line| serde_json::from_str::<serde_json::Value>(line).is_ok_and(|value| value.is_object());
    assert!(!said.is_empty() && said.lines().all(is_object), "{said}");
}

#[tokio::test]
async fn a_first_start_shows_a_link_that_signs_in_and_a_second_start_with_keys_shows_none() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let line = server.process.says("sign in");
    assert!(line.contains(&format!("{}/admin/activity#token=", server.base_url)), "{line}");
    fixture.key("admin");
    server.stop();
    let finished = fixture.serve().stop();
    assert!(!finished.stderr.contains("#token="), "{}", finished.stderr);
}

/// In a container, servers listen on all addresses.
#[test]
fn a_link_of_a_server_on_all_addresses_names_one_that_a_browser_can_open() {
    for listen in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0"] {
        let fixture = Fixture::new();
        let server = fixture.serve_at(listen);
        assert!(server.process.says("--public-url").contains("links name http://localhost:"));
        let port = server.base_url.rsplit(':').next().expect("a port");
        let link = fixture.succeed(&["admin", "link"]);
        assert!(link.contains(&format!("http://localhost:{port}/admin/activity#token=")), "{link}");
    }
}

#[tokio::test]
async fn figures_are_open_on_a_listener_of_their_own_and_only_there() {
    let fixture = Fixture::new();
    let command = fixture.command(&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"]);
    let server = Serving::start(command);
    let said = server.process.says("metrics at ");
    let (_, address) = said.split_once("metrics at ").expect("an address");
    let answer = server.client.get(address).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.expect("text").contains("livetrail_stream_clients"));
    let elsewhere = server.client.get(address.replace("/metrics", "/api/admin/activity")).send().await;
    assert_eq!(elsewhere.expect("an answer").status(), 404);
    assert_eq!(
        server.request(reqwest::Method::GET, "/metrics").send().await.expect("an answer").status(),
        401
    );
}

#[tokio::test]
async fn a_server_whose_words_nobody_reads_any_more_stops_all_the_same() {
    let fixture = Fixture::new();
    let mut command = fixture.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    let mut line = String::new();
    let output = server.stdout.take().expect("its output");
    BufReader::new(output).read_line(&mut line).expect("a line");
    assert!(line.starts_with("listening on "), "{line}");
    drop(server.stderr.take());
    let pid = Pid::from_child(&server);
    kill_process(pid, Signal::TERM).expect("a process that runs");
    let ended = tokio::task::spawn_blocking(move || server.wait().expect("its end"));
    let ended = tokio::time::timeout(TIME_TO_STOP, ended).await;
    if ended.is_err() {
        kill_process(pid, Signal::KILL).expect("a process that runs");
    }
    assert_eq!(ended.expect("in time").expect("its end").code(), Some(0));
}
