use super::*;

/// A query on a line, and then what it is written down as, its fingerprint first.
const GOLDEN: &str = include_str!("canonical.txt");

#[test]
fn filters_are_written_down_as_they_always_were() {
    let mut written = String::new();
    for query in GOLDEN.lines().filter_map(|line| line.strip_prefix("? ")) {
        let filter = filter(query);
        written += &format!("? {query}\n{:016x}\n{}\n\n", filter.fingerprint(), filter.canonical());
    }
    assert!(written == GOLDEN, "{written}");
}

#[test]
fn the_order_of_parameters_and_values_does_not_matter_and_what_they_mean_does() {
    let fingerprint = |query: &str| filter(query).fingerprint();
    let one = fingerprint("user_id=a,b,!c&status=404,5xx");
    assert_eq!(one, fingerprint("status=5xx&status=404&user_id=!c,b,a,b"));
    for other in [
        "user_id=a,b,c&status=404,5xx",
        "user_id=a&status=404,5xx",
        "target_user_id=a,b,!c&status=404,5xx",
        "",
    ] {
        assert_ne!(one, fingerprint(other), "{other}");
    }
}
