//! The log's own secrets, as they are kept: sealed, and changed only by a caller who knows the one before.

use super::Log;
use tokio::task::JoinSet;

async fn replace(log: &Log, name: &'static str, known: Option<&[u8]>, sealed: &[u8]) -> bool {
    log.replace_secret(name, known.map(<[u8]>::to_vec), sealed.to_vec()).await.expect("an answer")
}

async fn secret(log: &Log, name: &'static str) -> Option<Vec<u8>> {
    log.secret(name).await.expect("an answer")
}

pub(super) async fn a_secret_is_kept_by_its_name(log: Log) {
    assert_eq!(secret(&log, "one").await, None);
    assert!(replace(&log, "one", None, b"first").await);
    assert!(replace(&log, "other", None, &[0, 255, 7]).await);
    assert_eq!(secret(&log, "one").await, Some(b"first".to_vec()));
    assert_eq!(secret(&log, "other").await, Some(vec![0, 255, 7]));
}

pub(super) async fn a_secret_is_replaced_only_where_the_one_before_is_known(log: Log) {
    assert!(replace(&log, "one", None, b"first").await);
    assert!(!replace(&log, "one", None, b"second").await);
    assert!(!replace(&log, "one", Some(b"another"), b"second").await);
    assert_eq!(secret(&log, "one").await, Some(b"first".to_vec()));
    assert!(replace(&log, "one", Some(b"first"), b"second, longer").await);
    assert_eq!(secret(&log, "one").await, Some(b"second, longer".to_vec()));
}

pub(super) async fn a_secret_survives_a_restart(mut log: Log) {
    assert!(replace(&log, "one", None, b"first").await);
    assert!(replace(&log, "one", Some(b"first"), b"second").await);
    log.reopen().await;
    assert_eq!(secret(&log, "one").await, Some(b"second".to_vec()));
}

pub(super) async fn of_many_who_bring_a_secret_at_once_one_is_told_that_it_is_kept(log: Log) {
    let mut callers = JoinSet::new();
    for fresh in 0..16 {
        let store = log.handle();
        callers.spawn(async move { (fresh, store.replace_secret("one", None, vec![fresh]).await) });
    }
    let answers = callers.join_all().await.into_iter();
    let kept: Vec<u8> =
        answers.filter(|(_, kept)| *kept.as_ref().expect("an answer")).map(|(n, _)| n).collect();
    assert_eq!(secret(&log, "one").await, Some(kept));
}
