use super::*;
use crate::retention::RawRule;

/// So many days before now.
fn days_ago(days: i64) -> Timestamp {
    before(now(), SignedDuration::from_hours(days * 24))
}

fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a time")
}

fn aged(days: i64) -> Aged {
    Aged {
        position: 1_000,
        timestamp: days_ago(days),
        tenant_id: None,
        user_id: "u-1".into(),
        target_user_id: None,
        delegate_id: None,
        action_type: "user_login".into(),
    }
}

fn of_tenant(tenant: &str, days: i64) -> Aged {
    Aged { tenant_id: Some(tenant.into()), ..aged(days) }
}

fn rules(keep: Option<&str>, rows: Option<u64>, rules: &[(Option<&str>, Option<&str>, &str)]) -> Rules {
    let raw = |(tenant, category, keep): &(Option<&str>, Option<&str>, &str)| RawRule {
        tenant: tenant.map(str::to_owned),
        category: category.map(str::to_owned),
        keep: (*keep).to_owned(),
    };
    let raw: Vec<_> = rules.iter().map(raw).collect();
    Rules::read(keep, rows, &raw, &Catalogue::builtin()).expect("rules")
}

/// What becomes of each activity in a log that ends at 2,000.
fn fates(rules: &Rules, holds: &[Hold], activities: &[Aged]) -> Vec<Fate> {
    let catalogue = Catalogue::builtin();
    let policy = Policy::new(rules, &catalogue, holds, now(), 2_000);
    activities.iter().map(|aged| policy.fate(aged)).collect()
}

use Fate::{Due, Held, Kept};

#[test]
fn an_activity_is_due_when_it_is_older_than_it_is_kept() {
    let rules = rules(Some("30d"), None, &[]);
    assert_eq!(fates(&rules, &[], &[aged(29), aged(30), aged(31)]), [Kept, Kept, Due]);
}

#[test]
fn a_rule_replaces_the_default_and_the_longest_of_several_counts() {
    let rules = rules(
        Some("30d"),
        None,
        &[(Some("acme"), None, "10d"), (None, Some("documents"), "90d"), (Some("globex"), None, "forever")],
    );
    let document = |tenant| Aged { action_type: "document_upload".into(), ..of_tenant(tenant, 60) };
    let activities = [
        of_tenant("acme", 11),
        of_tenant("initech", 11),
        of_tenant("initech", 31),
        of_tenant("globex", 4_000),
        document("acme"),
        document("initech"),
        Aged { action_type: "no_such_action".into(), ..aged(60) },
    ];
    assert_eq!(fates(&rules, &[], &activities), [Due, Kept, Due, Kept, Kept, Kept, Due]);
}

#[test]
fn the_newest_positions_are_kept_and_up_to_a_hundredth_more() {
    let at = |position| Aged { position, ..aged(0) };
    let few = rules(None, Some(50), &[(Some("acme"), None, "forever")]);
    let acme = Aged { tenant_id: Some("acme".into()), ..at(3) };
    assert_eq!(fates(&few, &[], &[at(1_950), at(1_951), acme]), [Due, Kept, Due]);
    // In steps of five.
    assert_eq!(fates(&rules(None, Some(501), &[]), &[], &[at(1_495), at(1_496)]), [Due, Kept]);
    assert_eq!(fates(&rules(None, Some(5_000), &[]), &[], &[at(1)]), [Kept]);
}

#[test]
fn a_hold_keeps_what_all_of_its_parts_mean() {
    let rules = rules(Some("30d"), None, &[]);
    let hold = |change: fn(&mut Hold)| {
        let mut hold = Hold::default();
        change(&mut hold);
        [hold]
    };
    let target = Aged { target_user_id: Some("u-7".into()), ..aged(40) };
    let delegate = Aged { delegate_id: Some("u-7".into()), ..aged(50) };
    let activities = [aged(40), of_tenant("acme", 50), target, delegate, aged(1)];
    for (hold, expected) in [
        (hold(|hold| hold.tenant = Some("acme".into())), [Due, Held, Due, Due, Kept]),
        (hold(|hold| hold.user_id = Some("u-7".into())), [Due, Due, Held, Held, Kept]),
        (hold(|hold| hold.user_id = Some("u-1".into())), [Held, Held, Held, Held, Kept]),
        (hold(|hold| hold.from = Some(days_ago(45))), [Held, Due, Held, Due, Kept]),
        (hold(|hold| hold.until = Some(days_ago(45))), [Due, Held, Due, Held, Kept]),
        (
            hold(|hold| (hold.tenant, hold.until) = (Some("acme".into()), Some(days_ago(60)))),
            [Due, Due, Due, Due, Kept],
        ),
    ] {
        assert_eq!(fates(&rules, &hold, &activities), expected, "{hold:?}");
    }
}

#[test]
fn a_later_run_looks_only_where_something_may_have_become_due() {
    let (rules, catalogue) =
        (rules(Some("30d"), Some(200), &[(Some("acme"), None, "10d")]), Catalogue::builtin());
    let first = Policy::new(&rules, &catalogue, &[], days_ago(1), 1_000);
    let begin = (Timestamp::MIN, 0);
    let expected =
        [Sweep::Times { after: begin, until: days_ago(11) }, Sweep::Positions { after: 0, up_to: 800 }];
    assert_eq!(first.sweeps(0, None), expected);
    let second = Policy::new(&rules, &catalogue, &[], now(), 1_500);
    let expected = [
        Sweep::Positions { after: 1_000, up_to: 1_500 },
        Sweep::Times { after: (days_ago(11), 0), until: days_ago(10) },
        Sweep::Times { after: (days_ago(31), 0), until: days_ago(30) },
        Sweep::Positions { after: 900, up_to: 1_300 },
    ];
    assert_eq!(second.sweeps(900, Some(first.swept(1))), expected);
}
