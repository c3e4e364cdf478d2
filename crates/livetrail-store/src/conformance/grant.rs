//! What works once: sign-in links and tickets.

use super::{Log, sample::*, session::session};
use crate::{Backing, Grant, GrantKind};
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
