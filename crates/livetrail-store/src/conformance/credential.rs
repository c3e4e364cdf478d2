//! API keys.

use super::{Log, sample::*};
use crate::Credential;
use livetrail_types::Role;
use tokio::task::JoinSet;

/// The n-th credential; its fields are as different as they can be.
fn credential(n: u8) -> Credential {
    Credential {
        id: id(n.into()),
        name: format!("Zoë's key #{n} 'x'"),
        role: [Role::Writer, Role::Viewer, Role::Auditor, Role::Admin][usize::from(n % 4)],
        tenant: n.is_multiple_of(2).then(|| "acme".to_owned()),
        secret: [n; 32],
        created_by: n.is_multiple_of(5).then(|| "key:Zoë's".to_owned()),
        created_at: at_micro(i64::from(n) * 1_000_001),
        last_used_at: n.is_multiple_of(4).then(|| at_micro(i64::from(n))),
        expires_at: n.is_multiple_of(3).then(|| at_micro(-1)),
    }
}

async fn kept(log: &Log) -> Vec<Credential> {
    let mut credentials = log.credentials().await.expect("credentials");
    credentials.sort_by_key(|credential| credential.id);
    credentials
}

async fn remove(log: &Log, n: u8) -> bool {
    log.remove_credential(id(n.into())).await.expect("an answer")
}

async fn put(log: &Log, numbers: std::ops::RangeInclusive<u8>) -> Vec<Credential> {
    let credentials: Vec<_> = numbers.map(credential).collect();
    for credential in &credentials {
        log.put_credential(credential.clone()).await.expect("a credential is put");
    }
    credentials
}

pub(super) async fn a_credential_is_kept_as_it_was_given(log: Log) {
    assert_eq!(kept(&log).await, []);
    let given = put(&log, 0..=6).await;
    assert_eq!(kept(&log).await, given);
}

pub(super) async fn a_credential_is_removed_once(log: Log) {
    let given = put(&log, 1..=3).await;
    assert!(remove(&log, 2).await);
    assert!(!remove(&log, 2).await);
    assert!(!remove(&log, 9).await);
    assert_eq!(kept(&log).await, [given[0].clone(), given[2].clone()]);
}

pub(super) async fn of_many_who_remove_a_credential_at_once_one_is_told_that_it_was_there(log: Log) {
    put(&log, 1..=1).await;
    let mut callers = JoinSet::new();
    for _ in 0..16 {
        let store = log.handle();
        callers.spawn(async move { store.remove_credential(id(1)).await.expect("an answer") });
    }
    let told = callers.join_all().await;
    assert_eq!(told.iter().filter(|was_there| **was_there).count(), 1);
}

pub(super) async fn credentials_survive_a_restart(mut log: Log) {
    let given = put(&log, 0..=3).await;
    assert!(remove(&log, 3).await);
    log.reopen().await;
    assert_eq!(kept(&log).await, given[..3]);
}

pub(super) async fn when_a_credential_was_used_only_moves_forward(log: Log) {
    put(&log, 1..=2).await;
    for micro in [5_000_000, 7_000_000, 6_000_000] {
        log.used_credential(id(1), at_micro(micro)).await.expect("it is noted");
    }
    log.used_credential(id(9), at_micro(1)).await.expect("one that is not there is not made");
    let used: Vec<_> = kept(&log).await.into_iter().map(|credential| credential.last_used_at).collect();
    assert_eq!(used, [Some(at_micro(7_000_000)), None]);
}
