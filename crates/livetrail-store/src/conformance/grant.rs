//! What works once: sign-in links and tickets.

use super::{Log, sample::*, session::session};
use crate::{Backing, Grant, GrantKind, Session, SessionScope};
use tokio::task::JoinSet;

/// A grant that is made at minute `n` and ends an hour later; its fields are as different as they can be.
fn grant(n: u8) -> Grant {
    let backing = match n % 3 {
        0 => Backing::BuiltIn,
        1 => Backing::Key(id(77)),
        _ => Backing::User { issuer: Some("https://issuer.example".into()), user_id: "Zoë".into() },
    };
    let model = session(n, &format!("u-{n}"), backing);
    Grant {
        id: model.id,
        kind: if n.is_multiple_of(2) { GrantKind::Ticket } else { GrantKind::Link },
        secret: model.secret,
        identity: model.identity,
        session: n.is_multiple_of(2).then(|| id(88)),
        credential_ends_at: n.is_multiple_of(2).then(|| at_micro(5)),
        made_by: n.is_multiple_of(3).then(|| "boss".to_owned()),
        created_at: model.created_at,
        expires_at: model.expires_at,
    }
}

async fn kept(log: &Log, n: u8) -> Option<Grant> {
    log.grant(id(n.into())).await.expect("an answer")
}

pub(super) async fn a_grant_is_kept_as_it_was_given(mut log: Log) {
    for n in 0..=5 {
        log.put_grant(grant(n)).await.expect("a grant");
    }
    log.reopen().await;
    for n in 0..=5 {
        assert_eq!(kept(&log, n).await, Some(grant(n)));
    }
    assert_eq!(kept(&log, 9).await, None);
}

pub(super) async fn of_many_who_use_a_grant_at_once_one_is_told_that_it_was_there(log: Log) {
    log.put_grant(grant(1)).await.expect("a grant");
    let mut callers = JoinSet::new();
    for _ in 0..16 {
        let store = log.handle();
        callers.spawn(async move { store.use_grant(id(1)).await.expect("an answer") });
    }
    assert_eq!(callers.join_all().await.into_iter().filter(|was_there| *was_there).count(), 1);
    assert_eq!(kept(&log, 1).await, None);
}

pub(super) async fn a_new_grant_takes_the_place_of_those_that_had_expired(log: Log) {
    // The first ends at minute 61, which is when the last one is made.
    for n in [1, 2, 61] {
        log.put_grant(grant(n)).await.expect("a grant");
    }
    assert_eq!(kept(&log, 1).await, None);
    assert_eq!((kept(&log, 2).await, kept(&log, 61).await), (Some(grant(2)), Some(grant(61))));
}

/// Ends sessions, and asks which of the first nine grants are left.
async fn left_after(log: &Log, which: SessionScope) -> Vec<u8> {
    log.end_sessions(which).await.expect("an answer");
    let mut left = Vec::new();
    for n in 1..=9 {
        if kept(log, n).await.is_some() {
            left.push(n);
        }
    }
    left
}

/// A grant of this backing that a client of this name has made, by a session if there is one.
async fn put(log: &Log, n: u8, backing: Backing, made_by: &str, session: Option<u8>) {
    let mut grant = grant(n);
    grant.identity.user_id = "livetrail-admin".into();
    grant.identity.backing = backing;
    grant.made_by = Some(made_by.into());
    grant.session = session.map(|n| id(n.into()));
    log.put_grant(grant).await.expect("a grant");
}

pub(super) async fn a_grant_ends_with_the_session_that_asked_for_it(log: Log) {
    for (n, session) in [(1, Some(20)), (2, Some(21)), (3, None)] {
        put(&log, n, Backing::BuiltIn, "boss", session).await;
    }
    assert_eq!(left_after(&log, SessionScope::One(id(20))).await, [2, 3]);
    assert_eq!(left_after(&log, SessionScope::All).await, [] as [u8; 0]);
}

pub(super) async fn grants_of_a_user_or_a_key_end_with_its_sessions(log: Log) {
    let user = |user: &str| Backing::Issued { issuer: None, user_id: user.into() };
    put(&log, 1, user("boss"), "livetrail-admin", None).await;
    put(&log, 2, Backing::BuiltIn, "livetrail-operator", None).await;
    put(&log, 3, Backing::Key(id(70)), "key:a", None).await;
    put(&log, 4, Backing::Key(id(71)), "key:b", None).await;
    put(&log, 5, user("other"), "other", None).await;
    // Asked for by a session that a link of the operator began.
    put(&log, 6, Backing::BuiltIn, "livetrail-admin", Some(20)).await;
    let begun = session(20, "livetrail-admin", Backing::BuiltIn);
    let begun = Session { made_by: Some("livetrail-operator".into()), ..begun };
    log.put_session(begun, None).await.expect("a session");
    let of_user = |user_id: &str| SessionScope::OfUser { user_id: user_id.into(), tenant: None };
    assert_eq!(left_after(&log, of_user("boss")).await, [2, 3, 4, 5, 6]);
    assert_eq!(left_after(&log, of_user("livetrail-operator")).await, [3, 4, 5]);
    assert_eq!(left_after(&log, SessionScope::OnKey(id(70))).await, [4, 5]);
    assert_eq!(left_after(&log, of_user("key:b")).await, [5]);
}
