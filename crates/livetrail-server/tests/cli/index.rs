use crate::program::{Fixture, activity};

/// The number at the end of a line of `livetrail index stats`.
fn figure(shown: &str, name: &str) -> String {
    let line = shown.lines().find(|line| line.starts_with(name)).expect("a line");
    line[name.len()..].trim().to_owned()
}

#[tokio::test]
async fn the_index_says_how_far_it_is_verifies_and_is_made_again_with_and_without_a_server() {
    let fixture = Fixture::new();
    let server = fixture.serve();
    let key = fixture.key("writer");
    for n in 0..3 {
        assert_eq!(server.post(&key, &activity(&format!("u-{n}"), "chat_message")).await.status, 201);
    }
    check(&fixture);
    server.stop();
    check(&fixture);
}

fn check(fixture: &Fixture) {
    let verified = fixture.succeed(&["index", "verify"]);
    assert!(verified.ends_with(" activities, as in the database; all files are right\n"), "{verified}");
    let rebuilt = fixture.succeed(&["index", "rebuild"]);
    assert_eq!(figure(&rebuilt, "state"), "ready", "{rebuilt}");
    let shown = fixture.succeed(&["index", "stats"]);
    assert_eq!(figure(&shown, "state"), "ready", "{shown}");
    assert!(figure(&shown, "activities").parse::<u64>().expect("a number") >= 3, "{shown}");
    assert!(figure(&shown, "files").starts_with("0.0 MB"), "{shown}");
}
