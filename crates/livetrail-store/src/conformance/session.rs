//! Sessions: rows that end.

use super::{Log, sample::*};
use crate::{
    Backing, Grant, GrantKind, Identity, MAX_LISTED_ENDS, MAX_SESSIONS_OF_BACKING, Session, SessionPage,
    SessionQuery, SessionScope,
};
use jiff::Timestamp;
use livetrail_types::Role;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// A session that begins at minute `n` and ends an hour later.
pub(super) fn session(n: u8, user: &str, backing: Backing) -> Session {
    let minutes = |minutes: i64| at_micro(minutes * 60_000_000);
    Session {
        id: id(n.into()),
        secret: [n; 32],
        identity: Identity {
            user_id: user.into(),
            role: [Role::Viewer, Role::Auditor, Role::Admin][usize::from(n % 3)],
            tenant: n.is_multiple_of(2).then(|| "acme".to_owned()),
            backing,
        },
        made_by: n.is_multiple_of(3).then(|| "key:Zoë's".to_owned()),
        address: n.is_multiple_of(2).then(|| "2001:db8::7".parse().expect("an address")),
        user_agent: n.is_multiple_of(2).then(|| "Mozilla/5.0 'x' (Zoë)".to_owned()),
        created_at: minutes(n.into()),
        last_seen_at: minutes(n.into()),
        expires_at: minutes(i64::from(n) + 60),
    }
}

/// One of every kind of backing.
fn backing(n: u8) -> Backing {
    let user =
        |issuer: Option<&str>| Backing::User { issuer: issuer.map(str::to_owned), user_id: "boss".into() };
    match n % 4 {
        0 => Backing::BuiltIn,
        1 => Backing::Key(id(77)),
        2 => user(None),
        _ => user(Some("https://issuer.example/")),
    }
}

async fn begin(log: &Log, sessions: &[Session]) {
    for session in sessions {
        assert_eq!(log.put_session(session.clone(), None).await.expect("an answer"), Some(vec![]));
    }
}

async fn begin_many(log: &Log, numbers: RangeInclusive<u8>) -> Vec<Session> {
    let sessions: Vec<_> = numbers.map(|n| session(n, &format!("u-{n}"), backing(n))).collect();
    begin(log, &sessions).await;
    sessions
}

async fn kept(log: &Log) -> Vec<Session> {
    list(log, Timestamp::MIN, 1, 100).await.sessions
}

async fn list(log: &Log, at: Timestamp, page: u32, limit: u32) -> SessionPage {
    log.sessions(SessionQuery { at, page, limit }).await.expect("sessions")
}

async fn ids(log: &Log) -> Vec<Uuid> {
    kept(log).await.into_iter().map(|session| session.id).collect()
}

async fn end(log: &Log, which: SessionScope) -> Vec<Uuid> {
    let mut ended: Vec<_> =
        log.end_sessions(which).await.expect("an answer").sessions.iter().map(|session| session.id).collect();
    ended.sort();
    ended
}

pub(super) async fn a_session_is_kept_as_it_was_given_and_the_latest_seen_comes_first(log: Log) {
    assert_eq!(kept(&log).await, []);
    let mut given = begin_many(&log, 0..=7).await;
    assert_eq!(log.session(id(3)).await.expect("an answer"), Some(given[3].clone()));
    assert_eq!(log.session(id(99)).await.expect("an answer"), None);
    given.reverse();
    assert_eq!(kept(&log).await, given);
}

pub(super) async fn sessions_survive_a_restart(mut log: Log) {
    let given = begin_many(&log, 1..=3).await;
    assert_eq!(end(&log, SessionScope::One(id(2))).await, [id(2)]);
    log.reopen().await;
    assert_eq!(kept(&log).await, [given[2].clone(), given[0].clone()]);
}

pub(super) async fn a_session_is_ended_once_and_told_as_it_was(log: Log) {
    let given = begin_many(&log, 1..=3).await;
    let ended = log.end_sessions(SessionScope::One(id(2))).await.expect("an answer");
    assert_eq!(ended, vec![given[1].clone()].into());
    assert_eq!(end(&log, SessionScope::One(id(2))).await, [] as [Uuid; 0]);
    assert_eq!(log.session(id(2)).await.expect("an answer"), None);
    assert_eq!(ids(&log).await, [id(3), id(1)]);
}

pub(super) async fn the_sessions_of_a_user_are_ended_with_those_of_links_that_the_user_made(log: Log) {
    let by = |user: &str| Backing::User { issuer: None, user_id: user.into() };
    begin(
        &log,
        &[
            session(1, "boss", by("boss")),
            session(2, "livetrail-admin", by("boss")),
            session(3, "other", by("other")),
            session(4, "boss", Backing::Key(id(8))),
        ],
    )
    .await;
    let by_operator = Session {
        made_by: Some("livetrail-operator".into()),
        ..session(5, "livetrail-admin", Backing::BuiltIn)
    };
    begin(&log, &[by_operator]).await;
    assert_eq!(end(&log, of_user("boss")).await, [id(1), id(2), id(4)]);
    assert_eq!(ids(&log).await, [id(5), id(3)]);
    assert_eq!(
        end(&log, of_user("livetrail-operator")).await,
        [id(5)],
        "known by the maker of the link alone"
    );
}

fn of_user(user_id: &str) -> SessionScope {
    SessionScope::OfUser { user_id: user_id.into(), tenant: None }
}

pub(super) async fn the_sessions_of_a_user_may_be_ended_in_one_tenant_only(log: Log) {
    let alice =
        |issuer: Option<&str>| Backing::Issued { issuer: issuer.map(str::to_owned), user_id: "alice".into() };
    let mut globex = session(3, "alice", alice(None));
    globex.identity.tenant = Some("globex".into());
    begin(&log, &[session(2, "alice", alice(None)), globex, session(4, "bob", Backing::BuiltIn)]).await;
    let of_acme = SessionScope::OfUser { user_id: "alice".into(), tenant: Some("acme".into()) };
    assert_eq!(end(&log, of_acme).await, [id(2)]);
    assert_eq!(ids(&log).await, [id(4), id(3)]);
}

pub(super) async fn the_sessions_on_a_key_are_ended_and_no_others(log: Log) {
    let (key, other) = (id(70), id(71));
    begin(
        &log,
        &[
            session(1, "key:a", Backing::Key(key)),
            session(2, "key:a", Backing::Key(other)),
            session(3, "livetrail-admin", Backing::Key(key)),
            session(4, "x", Backing::User { issuer: None, user_id: key.to_string() }),
        ],
    )
    .await;
    assert_eq!(end(&log, SessionScope::OnKey(key)).await, [id(1), id(3)]);
    assert_eq!(ids(&log).await, [id(4), id(2)]);
}

pub(super) async fn all_sessions_are_ended_at_once(log: Log) {
    begin_many(&log, 1..=5).await;
    assert_eq!(end(&log, SessionScope::All).await.len(), 5);
    assert_eq!(kept(&log).await, []);
}

pub(super) async fn of_very_many_sessions_that_end_at_once_the_number_and_some_users_are_told(log: Log) {
    for n in 0..=u8::try_from(MAX_LISTED_ENDS).expect("a few") {
        begin(&log, &[session(n, &format!("u-{}", n % 3), Backing::Key(id((200 + n).into())))]).await;
    }
    let mut ended = log.end_sessions(SessionScope::All).await.expect("an answer");
    ended.users.sort();
    assert_eq!((ended.count, ended.sessions), (33, vec![]));
    assert_eq!(ended.users, ["u-0", "u-1", "u-2"]);
    assert_eq!(kept(&log).await, []);
}

pub(super) async fn the_oldest_session_of_a_backing_ends_for_the_fifty_first(log: Log) {
    let many = u8::try_from(MAX_SESSIONS_OF_BACKING).expect("a few");
    // Every other one is of the tenant acme, which counts on its own, as another user does.
    let backing = |user: &str| Backing::User { issuer: None, user_id: user.into() };
    let begin = async |n: u8| {
        let mut session = session(n, "ada", backing("ada"));
        session.expires_at = at_micro(i64::MAX / 2_000_000);
        log.put_session(session, None).await.expect("an answer").expect("it begins")
    };
    for n in 0..2 * many {
        assert_eq!(begin(n).await, []);
    }
    assert_eq!(
        log.put_session(session(250, "eve", backing("eve")), None).await.expect("an answer"),
        Some(vec![])
    );
    let surplus: Vec<_> = begin(2 * many).await.into_iter().map(|session| session.id).collect();
    assert_eq!(surplus, [id(0)]);
    assert_eq!(list(&log, Timestamp::MIN, 1, 1).await.total, u64::from(2 * many) + 1);
}

pub(super) async fn pages_divide_the_sessions_that_have_not_expired(log: Log) {
    begin_many(&log, 1..=7).await;
    // The first two have ended by then.
    let at = at_micro(62 * 60_000_000);
    let page = async |page| {
        let SessionPage { sessions, total } = list(&log, at, page, 2).await;
        (sessions.into_iter().map(|session| session.id).collect::<Vec<_>>(), total)
    };
    assert_eq!(page(1).await, (vec![id(7), id(6)], 5));
    assert_eq!(page(3).await, (vec![id(3)], 5));
    assert_eq!(page(4).await, (vec![], 5));
    assert_eq!(page(u32::MAX).await, (vec![], 5));
}

pub(super) async fn a_new_session_takes_the_place_of_those_that_had_expired(log: Log) {
    // The first ends at minute 61, which is when this one begins; the second a minute later.
    begin_many(&log, 1..=2).await;
    begin(&log, &[session(61, "late", Backing::BuiltIn)]).await;
    assert_eq!(ids(&log).await, [id(61), id(2)]);
}

pub(super) async fn when_a_session_was_seen_only_moves_forward(log: Log) {
    begin_many(&log, 1..=2).await;
    for micro in [90_000_000, 500_000_000, 400_000_000] {
        log.seen_session(id(1), at_micro(micro)).await.expect("it is noted");
    }
    log.seen_session(id(9), at_micro(1)).await.expect("one that is not there is not made");
    let seen: Vec<_> = kept(&log).await.into_iter().map(|session| session.last_seen_at).collect();
    assert_eq!(seen, [at_micro(500_000_000), at_micro(120_000_000)]);
}

fn link(n: u8) -> Grant {
    let Session { id, secret, identity, created_at, expires_at, .. } =
        session(n, "livetrail-admin", backing(n));
    Grant {
        id,
        kind: GrantKind::Link,
        secret,
        identity,
        session: None,
        credential_ends_at: None,
        made_by: None,
        created_at,
        expires_at,
    }
}

pub(super) async fn a_session_uses_its_link_up_in_the_same_commit(log: Log) {
    log.put_grant(link(1)).await.expect("a link");
    let begin =
        async |n| log.put_session(session(n, "u", Backing::BuiltIn), Some(id(1))).await.expect("an answer");
    assert_eq!(begin(2).await, Some(vec![]));
    assert_eq!(begin(3).await, None, "the link was used up");
    assert_eq!(log.grant(id(1)).await.expect("an answer"), None);
    assert_eq!(ids(&log).await, [id(2)]);
}

pub(super) async fn of_many_who_use_a_link_at_once_one_begins_a_session(log: Log) {
    log.put_grant(link(1)).await.expect("a link");
    let mut callers = tokio::task::JoinSet::new();
    for n in 2..18 {
        let store = log.handle();
        callers.spawn(async move { store.put_session(session(n, "u", Backing::BuiltIn), Some(id(1))).await });
    }
    let answers = callers.join_all().await.into_iter();
    assert_eq!(answers.filter(|begun| begun.as_ref().expect("an answer").is_some()).count(), 1);
    assert_eq!(kept(&log).await.len(), 1);
}
