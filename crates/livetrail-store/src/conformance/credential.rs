//! Credentials and the log's own secrets.

use super::{Log, sample::*};
use crate::Credential;
use livetrail_types::Role;
use tokio::task::JoinSet;

/// The n-th credential; its fields are as different as they can be.
fn credential(n: u8) -> Credential {
    Credential {
        id: id(n.into()),
        name: format!("Zoë's key #{n} 'x'"),
        role: [Role::Writer, Role::Viewer, Role::Admin][usize::from(n % 3)],
        tenant: n.is_multiple_of(2).then(|| "acme".to_owned()),
        secret: [n; 32],
        single_use: n % 2 == 1,
        created_at: at_micro(i64::from(n) * 1_000_001),
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

async fn secret(log: &Log, name: &'static str, fresh: u8) -> [u8; 32] {
    log.secret(name, [fresh; 32]).await.expect("a secret")
}

pub(super) async fn a_secret_is_kept_by_its_name(log: Log) {
    assert_eq!(secret(&log, "one", 1).await, [1; 32]);
    assert_eq!(secret(&log, "other", 2).await, [2; 32]);
    assert_eq!(secret(&log, "one", 3).await, [1; 32]);
}

pub(super) async fn a_secret_survives_a_restart(mut log: Log) {
    assert_eq!(secret(&log, "one", 1).await, [1; 32]);
    log.reopen().await;
    assert_eq!(secret(&log, "one", 2).await, [1; 32]);
}

pub(super) async fn of_many_who_bring_a_secret_at_once_all_get_the_same(log: Log) {
    let mut callers = JoinSet::new();
    for fresh in 0..16 {
        let store = log.handle();
        callers.spawn(async move { store.secret("one", [fresh; 32]).await.expect("a secret") });
    }
    let secrets = callers.join_all().await;
    assert!(secrets.iter().all(|secret| *secret == secrets[0]), "{secrets:?}");
}
