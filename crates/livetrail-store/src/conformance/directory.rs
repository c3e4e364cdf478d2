//! The user directory, by tenant, and the admins.

use super::{Log, sample::*};
use crate::Person;
use livetrail_types::{Condition, Filter, NewActivity, Sort, UserProfile, folded};
use tokio::task::JoinSet;

fn profile(user_id: &str, email: Option<&str>, display_name: Option<&str>) -> UserProfile {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    UserProfile { user_id: user_id.into(), email: owned(email), display_name: owned(display_name) }
}

async fn put(log: &Log, tenant: Option<&str>, profiles: Vec<UserProfile>) {
    log.put_profiles(tenant.map(str::to_owned), profiles).await.expect("profiles are put");
}

async fn known(log: &Log, tenant: Option<&str>, user_ids: &[&str]) -> Vec<UserProfile> {
    let user_ids = user_ids.iter().map(|id| (*id).to_owned()).collect();
    let mut found = log.profiles(tenant.map(str::to_owned), user_ids).await.expect("profiles");
    found.sort_by(|one, other| one.user_id.cmp(&other.user_id));
    found
}

pub(super) async fn a_profile_is_put_and_found(log: Log) {
    let ada = profile("u-1", Some("ada@example.org"), Some("Ada Łovelace 🦀"));
    let nameless = profile("u-2", None, None);
    put(&log, None, vec![nameless.clone(), ada.clone()]).await;
    assert_eq!(known(&log, None, &["u-2", "u-3", "u-1"]).await, [ada, nameless]);
    assert_eq!(known(&log, None, &["U-1"]).await, []);
    assert_eq!(known(&log, None, &[]).await, []);
}

pub(super) async fn a_profile_is_replaced_whole(log: Log) {
    put(&log, None, vec![profile("u-1", Some("ada@example.org"), Some("Ada"))]).await;
    let new = profile("u-1", None, Some("Augusta"));
    put(&log, None, vec![new.clone()]).await;
    assert_eq!(known(&log, None, &["u-1"]).await, [new]);
}

pub(super) async fn of_a_profile_that_is_put_twice_at_once_the_last_counts(log: Log) {
    let last = profile("u-1", None, Some("last"));
    put(&log, None, vec![profile("u-1", None, Some("first")), last.clone()]).await;
    assert_eq!(known(&log, None, &["u-1"]).await, [last]);
}

pub(super) async fn a_directory_belongs_to_its_tenant(log: Log) {
    let (plain, acme) = (profile("u-1", None, Some("plain")), profile("u-1", None, Some("acme")));
    put(&log, None, vec![plain.clone()]).await;
    put(&log, Some("acme"), vec![acme.clone()]).await;
    assert_eq!(known(&log, None, &["u-1"]).await, [plain]);
    assert_eq!(known(&log, Some("acme"), &["u-1"]).await, [acme]);
    assert_eq!(known(&log, Some("globex"), &["u-1"]).await, []);
}

pub(super) async fn the_directory_survives_a_restart(mut log: Log) {
    let ada = profile("u-1", Some("ada@example.org"), None);
    put(&log, Some("acme"), vec![ada.clone()]).await;
    log.reopen().await;
    assert_eq!(known(&log, Some("acme"), &["u-1"]).await, [ada]);
}

pub(super) async fn rows_show_the_profile_of_their_user_in_their_tenant(log: Log) {
    let of = |user: &str, tenant: Option<&str>| NewActivity {
        tenant_id: tenant.map(str::to_owned),
        ..NewActivity::new(user, "login")
    };
    append_new(
        &*log,
        vec![of("u-1", None), of("u-1", Some("acme")), of("u-1", Some("globex")), of("u-2", None)],
    )
    .await;
    let (plain, acme) = (profile("u-1", None, Some("plain")), profile("u-1", Some("a@acme.example"), None));
    put(&log, None, vec![plain.clone()]).await;
    put(&log, Some("acme"), vec![acme.clone()]).await;
    let expected = [Some(plain), Some(acme), None, None];

    let ranged = everything(&*log).await;
    assert_eq!(ranged.iter().map(|(_, profile)| profile.clone()).collect::<Vec<_>>(), expected);
    let mut listed = log.list(page(&Filter::default(), Sort::default(), 10, 1)).await.expect("a page").rows;
    listed.reverse();
    assert_eq!(listed, ranged);
    for row in ranged {
        assert_eq!(log.get(row.0.id, None).await.expect("a look-up"), Some(row));
    }
}

pub(super) async fn rows_show_the_profile_of_today(log: Log) {
    append_new(&*log, vec![NewActivity::new("u-1", "login")]).await;
    for name in ["Byron", "Lovelace"] {
        let today = profile("u-1", None, Some(name));
        put(&log, None, vec![today.clone()]).await;
        assert_eq!(everything(&*log).await[0].1, Some(today));
    }
}

async fn named(log: &Log, needle: &str) -> Vec<(Option<String>, String)> {
    let mut users = log.users_named(needle).await.expect("users");
    users.sort();
    users
}

pub(super) async fn users_are_found_by_a_part_of_their_name_in_every_tenant(log: Log) {
    let ada = profile("u-1", Some("ada@example.org"), None);
    put(&log, None, vec![ada, profile("ada", None, None), profile("u-3", None, Some("100% _"))]).await;
    put(&log, Some("acme"), vec![profile("u-1", None, Some("Ada")), profile("u-2", None, Some("Eve"))]).await;
    let of = |tenant: Option<&str>, user: &str| (tenant.map(str::to_owned), user.to_owned());
    assert_eq!(named(&log, "ada").await, [of(None, "u-1"), of(Some("acme"), "u-1")]);
    assert_eq!(named(&log, "eve").await, [of(Some("acme"), "u-2")]);
    assert_eq!(named(&log, "% _").await, [of(None, "u-3")], "no sign stands for others");
    assert_eq!(named(&log, "u-").await, [], "an id is no name");
    put(&log, None, vec![profile("u-1", None, Some("Augusta"))]).await;
    assert_eq!(named(&log, "ada").await, [of(Some("acme"), "u-1")], "the name of today counts");
}

/// Names are kept in memory, so each step is searched for before the next one.
pub(super) async fn names_that_are_changed_removed_and_written_by_others_count_at_once(log: Log) {
    let of = |user: &str| vec![(None, user.to_owned())];
    put(&log, None, vec![profile("u-1", Some("ada@example.org"), None), profile("u-2", None, Some("Eve"))])
        .await;
    assert_eq!(named(&log, "ada").await, of("u-1"));
    put(&log, None, vec![profile("u-3", None, Some("ADA"))]).await;
    assert_eq!(named(&log, "ada").await, [of("u-1"), of("u-3")].concat());

    let person = Person { user_id: "u-1".into(), tenant: None, pseudonym: "erased-1".into() };
    assert!(log.erase_profile(person).await.expect("an erasure"));
    assert_eq!(named(&log, "ada").await, of("u-3"));

    for (sql, ada, grace) in [
        ("UPDATE livetrail_users SET display_name = 'Grace' WHERE user_id = 'u-3'", vec![], of("u-3")),
        (
            "INSERT INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-4', 'Ada@')",
            of("u-4"),
            of("u-3"),
        ),
        ("UPDATE livetrail_users SET user_id = 'u-5' WHERE user_id = 'u-3'", of("u-4"), of("u-5")),
        (
            "UPDATE livetrail_users SET email = NULL, display_name = NULL WHERE user_id = 'u-5'",
            of("u-4"),
            vec![],
        ),
        ("DELETE FROM livetrail_users WHERE user_id = 'u-4'", vec![], vec![]),
        (
            "INSERT INTO livetrail_users (tenant, user_id, email) VALUES ('', 'u-4', 'grace@')",
            vec![],
            of("u-4"),
        ),
        ("DELETE FROM livetrail_users", vec![], vec![]),
    ] {
        log.fixture.run_sql(sql).await;
        assert_eq!((named(&log, "ada").await, named(&log, "grace").await), (ada, grace), "{sql}");
    }
    assert_eq!(named(&log, "eve").await, []);
}

/// As SQL finds rows by the names of their users, so are the users found.
pub(super) async fn a_name_is_compared_as_filters_compare_it(log: Log) {
    let names = ["Grace ΟΔΥΣΣΕΥΣ von der Straße", "Rene\u{301}e Dıyarbakır", "ÜNAL İnan", "plain"];
    let profiles = names.iter().enumerate().map(|(n, name)| profile(&format!("x-{n}"), None, Some(name)));
    put(&log, None, profiles.collect()).await;
    append_new(&*log, (0..names.len()).map(|n| NewActivity::new(format!("x-{n}"), "a")).collect()).await;
    for needle in
        ["οδυσσευσ", "strasse", "straße", "ren\u{e9}e", "diyarbakir", "ünal", "inan", "plain", "zzz"]
    {
        let needle = folded(needle).into_owned();
        let filter = Filter::of(vec![Condition::UserSearch(needle.clone())]);
        let listed = log.list(page(&filter, Sort::default(), 10, 1)).await.expect("a page").rows;
        let mut by_filter: Vec<_> = listed.into_iter().map(|row| (None, row.0.user_id)).collect();
        by_filter.sort();
        assert_eq!(named(&log, &needle).await, by_filter, "{needle}");
    }
    assert_eq!(named(&log, &folded("STRASSE")).await.len(), 1);
}

pub(super) async fn an_admin_is_made_and_unmade_once(log: Log) {
    let set = async |admin| log.set_admin("u-1".into(), None, admin).await.expect("an answer");
    let is_admin = async |user: &str| log.is_admin(user.into(), None).await.expect("an answer");
    assert!(!is_admin("u-1").await);
    assert!(!set(false).await, "was none");
    assert!(set(true).await);
    assert!(!set(true).await, "is one already");
    assert!(is_admin("u-1").await && !is_admin("u-2").await && !is_admin("U-1").await);
    assert!(set(false).await);
    assert!(!is_admin("u-1").await);
}

pub(super) async fn admins_survive_a_restart(mut log: Log) {
    let mut writers = JoinSet::new();
    for n in 0..10 {
        let store = log.handle();
        writers.spawn(async move { store.set_admin(format!("u-{n}"), None, true).await.expect("an answer") });
    }
    assert_eq!(writers.join_all().await, [true; 10]);
    log.reopen().await;
    for n in 0..10 {
        assert!(log.is_admin(format!("u-{n}"), None).await.expect("an answer"), "u-{n}");
    }
}

pub(super) async fn an_admin_of_a_tenant_is_one_in_that_tenant_only(log: Log) {
    let acme = || Some("acme".to_owned());
    let set = async |tenant, admin| log.set_admin("alice".into(), tenant, admin).await.expect("an answer");
    let is_admin = async |tenant: Option<&str>| {
        log.is_admin("alice".into(), tenant.map(str::to_owned)).await.expect("an answer")
    };
    assert!(set(acme(), true).await);
    assert!(!set(acme(), true).await, "is one already");
    assert!(is_admin(Some("acme")).await);
    assert!(!is_admin(Some("globex")).await && !is_admin(None).await);
    assert!(!set(None, false).await, "was none everywhere");
    assert!(set(None, true).await);
    assert!(is_admin(Some("globex")).await && is_admin(None).await, "everywhere");
    assert!(set(None, false).await && set(acme(), false).await);
    assert!(!is_admin(Some("acme")).await);
}
