use crate::program::Home;

#[test]
fn a_dry_run_names_the_steps_and_makes_nothing() {
    let home = Home::new();
    let said = home.succeed(&["migrate", "--dry-run"]);
    assert!(said.lines().all(|line| line.starts_with("would apply ")) && !said.is_empty(), "{said}");
    assert!(!home.data().exists());
}

#[test]
fn migrating_takes_the_steps_and_then_there_are_none_left() {
    let home = Home::new();
    let said = home.succeed(&["migrate"]);
    assert!(said.lines().all(|line| line.starts_with("applying ")) && !said.is_empty(), "{said}");
    assert!(home.database().exists());
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        assert!(home.succeed(arguments).contains("is up to date"));
    }
}

#[test]
fn a_log_that_is_up_to_date_may_be_asked_beside_its_server() {
    let home = Home::new();
    let _server = home.serve();
    assert!(home.succeed(&["migrate"]).contains("is up to date"));
}
