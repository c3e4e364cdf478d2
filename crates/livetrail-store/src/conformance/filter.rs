//! A filter means one thing: what the database selects is what [`Filter::matches`] says.

use super::{Log, for_all, generate, list::sorted, sample::*, stats::meant, wait};
use crate::Row;
use livetrail_types::{Choice, Condition, Filter, NewActivity, Sort, StatusPattern, TextField, UserProfile};
use proptest::{
    strategy::Strategy,
    test_runner::{TestCaseError, TestCaseResult},
};

/// Reads the whole list, page by page, and compares it with the rows that the filter means.
fn check(log: &Log, rows: &[Row], filter: &Filter, sort: Sort, limit: u32) -> TestCaseResult {
    let expected = sorted(meant(rows, filter).into_iter().cloned().collect(), sort);
    let mut found = Vec::new();
    let mut query = page(filter, sort, limit, 1);
    loop {
        let page = wait(log.list(query.clone())).expect("a page");
        found.extend(page.rows);
        match page.next {
            Some(next) => query.start = livetrail_types::PageStart::Cursor(next),
            None => break,
        }
    }
    if found == expected {
        return Ok(());
    }
    let differs = |row: &&Row| found.contains(row) != expected.contains(row);
    let example = rows.iter().find(differs);
    Err(TestCaseError::fail(format!(
        "{filter:?} by {sort:?}\n   found {:?}\nexpected {:?}\nfor example {example:#?}",
        positions(&found),
        positions(&expected)
    )))
}

async fn check_all(log: Log, filters: impl Strategy<Value = Filter>) {
    let rows = generate::fill(&*log, 250).await;
    let cases = (filters, generate::sort(), 10_u32..=100);
    for_all(&cases, |(filter, sort, limit)| check(&log, &rows, &filter, sort, limit));
}

pub(super) async fn every_condition_means_what_the_filter_says(log: Log) {
    check_all(log, generate::filter()).await;
}

pub(super) async fn every_query_means_what_the_filter_says(log: Log) {
    check_all(log, generate::query()).await;
}

async fn found(log: &Log, condition: Condition) -> Vec<u64> {
    let query = page(&Filter::of(vec![condition]), Sort::default(), 100, 1);
    let mut found = positions(&log.list(query).await.expect("a page").rows);
    found.sort_unstable();
    found
}

pub(super) async fn a_choice_without_values_means_everything(log: Log) {
    append(&*log, plains(1..=3)).await;
    for field in TextField::ALL {
        assert_eq!(found(&log, Condition::Text(field, Choice::any([]))).await, [1, 2, 3], "{field:?}");
    }
    assert_eq!(found(&log, Condition::Status(Choice::<StatusPattern>::any([]))).await, [1, 2, 3]);
    assert_eq!(found(&log, Condition::Address(Choice::none([]))).await, [1, 2, 3]);
    assert_eq!(found(&log, Condition::Success(Choice::any([]))).await, [1, 2, 3]);
}

pub(super) async fn signs_of_pattern_languages_stand_for_themselves(log: Log) {
    let users = ["100%", "a_b", "a*b", "axb", r"a\b", "[ab]", "'quoted'"];
    append_new(&*log, users.map(|user| NewActivity::new(user, "login")).into()).await;
    for (needle, expected) in [
        ("%", vec![1]),
        ("_", vec![2]),
        ("*", vec![3]),
        ("\\", vec![5]),
        ("[", vec![6]),
        ("'", vec![7]),
        (".", vec![]),
    ] {
        assert_eq!(found(&log, Condition::UserSearch(needle.into())).await, expected, "{needle}");
        assert_eq!(found(&log, Condition::Search(needle.into())).await, expected, "{needle}");
    }
}

fn profile(user_id: &str, name: &str) -> UserProfile {
    UserProfile { user_id: user_id.into(), email: None, display_name: Some(name.into()) }
}

pub(super) async fn a_name_counts_in_its_own_tenant_only(log: Log) {
    let of = |tenant: Option<&str>| NewActivity {
        tenant_id: tenant.map(str::to_owned),
        ..NewActivity::new("u-1", "login")
    };
    append_new(&*log, vec![of(None), of(Some("acme")), of(Some("globex"))]).await;
    log.put_profiles(None, vec![profile("u-1", "Ada")]).await.expect("a profile");
    log.put_profiles(Some("acme".into()), vec![profile("u-1", "Grace")]).await.expect("a profile");
    for (needle, expected) in [("ada", vec![1]), ("grace", vec![2]), ("u-1", vec![1, 2, 3])] {
        assert_eq!(found(&log, Condition::UserSearch(needle.into())).await, expected, "{needle}");
        assert_eq!(found(&log, Condition::Search(needle.into())).await, expected, "{needle}");
    }
}

pub(super) async fn a_name_that_changes_is_found_by_the_new_one_only(log: Log) {
    append_new(&*log, vec![NewActivity::new("u-1", "login")]).await;
    log.put_profiles(None, vec![profile("u-1", "Byron")]).await.expect("a profile");
    log.put_profiles(None, vec![profile("u-1", "Lovelace")]).await.expect("a profile");
    assert_eq!(found(&log, Condition::UserSearch("lovelace".into())).await, [1]);
    assert_eq!(found(&log, Condition::UserSearch("byron".into())).await, [] as [u64; 0]);
}
