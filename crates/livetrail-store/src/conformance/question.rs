//! Questions that take long: they end when their client is gone, and delay no read by key.

use super::{Log, sample::*};
use crate::Result;
use livetrail_types::{Condition, Filter, Group, GroupBy, Grouping, NewActivity, Sort};
use std::time::Duration;
use tokio::{task::JoinSet, time::timeout};

const ROWS: u64 = 2_000;
/// Conditions of a slow question, each of which reads all of the details.
const CONDITIONS: usize = 100;
/// Long enough that a question is under way.
const A_WHILE: Duration = Duration::from_millis(200);
/// Much longer than a read takes on any machine, and much shorter than slow questions do.
const SOON: Duration = Duration::from_secs(30);

/// Fills the log with rows whose details are long.
async fn fill(log: &Log) {
    let details = format!(r#"{{"note":"{} end"}}"#, "word ".repeat(2_400));
    let row = |_| NewActivity { details: Some(object(&details)), ..NewActivity::new("u-1", "user_login") };
    append_new(&**log, (0..ROWS).map(row).collect()).await;
}

/// More slow questions than are answered at once, under way. Together they take minutes.
async fn slow_questions(log: &Log) -> JoinSet<Result<Vec<Group>>> {
    let grouping = Grouping {
        filter: Filter::of(vec![Condition::Words("end".into()); CONDITIONS]),
        head: ROWS,
        by: vec![GroupBy::UserId],
        min_count: 1,
        limit: 1,
    };
    let mut questions = JoinSet::new();
    for _ in 0..log.max_questions() * 2 {
        let (store, grouping) = (log.handle(), grouping.clone());
        questions.spawn(async move { store.groups(grouping).await });
    }
    assert!(timeout(A_WHILE, questions.join_next()).await.is_err(), "the questions are slow");
    questions
}

pub(super) async fn an_abandoned_question_ends_and_leaves_its_place(log: Log) {
    fill(&log).await;
    for _ in 0..3 {
        slow_questions(&log).await.shutdown().await;
        for n in 1..=log.max_questions() {
            let next = log.list(page(&Filter::default(), Sort::default(), 1, 1));
            let page = timeout(SOON, next).await.unwrap_or_else(|_| panic!("question {n} has to wait"));
            assert_eq!(positions(&page.expect("the end of one is not the end of the next").rows), [ROWS]);
        }
    }
}

pub(super) async fn reads_by_key_do_not_wait_for_questions(log: Log) {
    fill(&log).await;
    let reads = async {
        assert_eq!(head(&*log).await, ROWS);
        assert!(log.get(id(7), None).await.expect("an answer").is_some());
        assert_eq!(positions(&log.range(3, 2).await.expect("a range").rows().expect("all are kept")), [4, 5]);
        assert!(!log.is_admin("u-1".into(), None).await.expect("an answer"));
        assert_eq!(log.credentials().await.expect("credentials"), []);
        let users = (0..100).map(|n| format!("u-{n}")).collect();
        assert_eq!(log.profiles(None, users).await.expect("profiles"), []);
    };
    let mut questions = slow_questions(&log).await;
    timeout(SOON, reads).await.expect("no read by key waits");
    // A server that is very slow may have ended one that took too long.
    while let Some(asked) = questions.try_join_next() {
        assert!(asked.expect("no panic").is_err(), "the questions are still under way");
    }
}
