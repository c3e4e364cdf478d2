use crate::program::Fixture;

#[test]
fn a_dry_run_names_the_steps_and_makes_nothing() {
    let fixture = Fixture::new();
    let said = fixture.succeed(&["migrate", "--dry-run"]);
    assert!(said.lines().all(|line| line.starts_with("would apply ")) && !said.is_empty(), "{said}");
    assert!(!fixture.data().exists());
}

#[test]
fn migrating_takes_the_steps_and_then_there_are_none_left() {
    let fixture = Fixture::new();
    let said = fixture.succeed(&["migrate"]);
    assert!(said.lines().all(|line| line.starts_with("applying ")) && !said.is_empty(), "{said}");
    assert!(fixture.database().exists());
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        assert!(fixture.succeed(arguments).contains("is up to date"));
    }
}

#[test]
fn a_log_that_is_up_to_date_may_be_asked_beside_its_server() {
    let fixture = Fixture::new();
    let _server = fixture.serve();
    assert!(fixture.succeed(&["migrate"]).contains("is up to date"));
}
