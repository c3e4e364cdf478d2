//! A small log is generated, and the real server answers every question about it.

use livetrail_types::{Activity, Catalogue, FILTER_PARAMETERS, Filter, FilterContext, Subject, UserProfile};
use questions::{
    ask::{AskArguments, Asked, ContentionArguments, Report, ask, contention},
    generate::generate,
    log::Log,
    place::Place,
};
use std::{collections::HashMap, path::PathBuf, sync::Arc};

const ROWS: u64 = 20_000;
/// Livetrail's own activities (a start, keys, views) that a filter may match, too.
const OWN: u64 = 100;

/// `LIVETRAIL_BINARY`, or the program that was built with this test.
fn binary() -> PathBuf {
    if let Some(named) = std::env::var_os("LIVETRAIL_BINARY") {
        return named.into();
    }
    let test = std::env::current_exe().expect("the path of this test");
    let built = test.ancestors().nth(2).expect("the folder of the build").join("livetrail");
    assert!(built.exists(), "build it first (cargo build --bin livetrail), or name one in LIVETRAIL_BINARY");
    built
}

fn arguments(place: &Place) -> AskArguments {
    AskArguments {
        place: place.clone(),
        binary: binary(),
        data_dir: None,
        rounds: 1,
        only: Vec::new(),
        rate: 0.0,
        tenants: 10,
        starts: 1,
        export_rows: 5_000,
        plain_sql: false,
        arguments: Vec::new(),
    }
}

/// The log in memory, to count by the definition of a filter.
struct Known {
    activities: Vec<Activity>,
    profiles: HashMap<String, UserProfile>,
    catalogue: Catalogue,
}

impl Known {
    fn of(log: &Log) -> Self {
        let profiles = log.profiles().into_values().flatten();
        Self {
            activities: (0..log.rows()).map(|index| log.stamped(index).activity).collect(),
            profiles: profiles.map(|profile| (profile.user_id.clone(), profile)).collect(),
            catalogue: Catalogue::builtin(),
        }
    }

    /// How many activities a question matches; `tenant` is that of the credential.
    fn count(&self, asked: &Asked, tenant: Option<&str>) -> u64 {
        let pairs = asked.parameters.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.filter(|(name, _)| FILTER_PARAMETERS.iter().any(|known| known.name == *name));
        let tenant = tenant.map(|tenant| ("tenant_id", tenant));
        let context = FilterContext { catalogue: &self.catalogue, session_key: &[0; 32], text_search: false };
        let filter = Filter::parse(pairs.chain(tenant), &context).expect("a filter");
        let matches = |activity: &&Activity| {
            let profile = self.profiles.get(&activity.user_id);
            filter.matches(&Subject { activity, profile })
        };
        self.activities.iter().filter(matches).count() as u64
    }
}

fn check_totals(report: &Report, known: &Known) {
    let tenant = report.asked.iter().find(|asked| asked.question == "list, tenant").expect("a tenant");
    let tenant = tenant.parameters.strip_prefix("tenant_id=").expect("a tenant");
    for asked in &report.asked {
        assert_eq!((asked.answers, asked.refused.len()), (1, 0), "{asked:?}");
        let Some(total) = asked.total else { continue };
        let expected = known.count(asked, asked.question.starts_with("tenant").then_some(tenant));
        assert!(expected > 0, "{asked:?} matches nothing");
        assert!((expected..=expected + OWN).contains(&total), "{asked:?}, expected {expected}");
        if ["user_id", "endpoint", "tenant_id", "ip=", "session_id"]
            .iter()
            .any(|of| asked.parameters.contains(of))
        {
            assert_eq!(total, expected, "{asked:?}");
        }
    }
    let without_total = report.asked.iter().filter(|asked| asked.total.is_none()).count();
    assert_eq!(without_total, 6, "facets, and the page alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_about_a_generated_log_is_answered_with_the_right_total() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { sqlite: Some(folder.path().join("log")), postgres: None };
    let log = Arc::new(Log::new(1, ROWS, 10));
    let store = place.open().await.unwrap();
    assert_eq!(generate(Arc::clone(&log), &*store).await.unwrap().rows, ROWS);
    let again = generate(Arc::clone(&log), &*store).await.unwrap_err();
    assert!(again.to_string().contains("20000 activities already"), "{again}");
    drop(store);

    let report = ask(&arguments(&place)).await.unwrap();
    check_totals(&report, &Known::of(&log));
    assert!(report.exports.iter().all(|export| export.rows >= 5_000), "{:?}", report.exports);
    assert!(report.activities > ROWS && report.files["livetrail.db"] > 1_000_000, "{report:?}");
    assert!(report.to_string().contains("| list, user | "), "{report}");

    let few = AskArguments {
        rounds: 3,
        only: vec!["figures, 24 h".into()],
        rate: 200.0,
        export_rows: 0,
        ..arguments(&place)
    };
    let report = ask(&few).await.unwrap();
    let arrived = report.arrivals.unwrap();
    assert!(arrived.acknowledged_per_second > 0.0 && arrived.failed == 0, "{arrived:?}");
    let asked: Vec<_> = report.asked.iter().map(|asked| (&*asked.question, asked.answers)).collect();
    assert_eq!(asked, [("figures, 24 h", 3)]);

    let lists = ContentionArguments {
        place,
        binary: binary(),
        data_dir: None,
        lists: 4,
        rounds: 3,
        seconds: 1,
        arguments: Vec::new(),
    };
    let contention = contention(&lists).await.unwrap();
    let (by_sql, measured) = contention.counts();
    assert!(by_sql > 0, "the index was there before the first list: {contention}");
    assert!(measured > 0 && contention.to_string().contains("| replay of 256 activities | "), "{contention}");
}
