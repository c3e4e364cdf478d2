//! Sessions: how long they last, and what ends them.

use super::*;

#[tokio::test]
async fn a_session_lasts_twelve_hours() {
    let gate = Gate::new().await;
    let link = gate.link(&Principal::operator()).await;
    let (_, cookie) = gate.sign_in(&link).await.expect("signed in");
    gate.advance(SESSION_LIFE - SECOND);
    assert!(gate.has_session(&cookie).await);
    gate.advance(SECOND);
    assert!(!gate.has_session(&cookie).await);
}

#[tokio::test]
async fn a_session_ends_no_later_than_the_credential_it_rests_on() {
    let gate = Gate::new().await;
    let key = gate.key(Some(SignedDuration::from_hours(1))).await.secret.to_string();
    let token = gate.admin_token(json!({"exp": gate.in_seconds(3_600)})).await;
    for credential in [key, token] {
        let (principal, cookie) = gate.sign_in(&credential).await.expect("signed in");
        assert_eq!(principal.expires_at, Some(gate.clock.now() + SignedDuration::from_hours(1)));
        assert!(gate.has_session(&cookie).await);
    }
}

#[tokio::test]
async fn a_session_of_a_user_who_is_not_an_admin_any_more_ends_for_good() {
    let gate = Gate::new().await;
    let token = gate.admin_token(json!({"exp": gate.in_seconds(3_600)})).await;
    let (_, cookie) = gate.sign_in(&token).await.expect("signed in");
    gate.store.set_admin("boss".into(), None, false).await.expect("no admin");
    assert!(!gate.has_session(&cookie).await);
    gate.store.set_admin("boss".into(), None, true).await.expect("an admin again");
    assert!(!gate.has_session(&cookie).await, "a user who comes back signs in again");
}

#[tokio::test]
async fn all_sessions_on_a_key_have_the_share_of_that_key_and_are_told_apart_in_records() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let holder = gate.bearer(&key).await.expect("a viewer");
    let (one, _) = gate.sign_in(&key).await.expect("signed in");
    let (other, _) = gate.sign_in(&key).await.expect("signed in");
    assert_eq!([one.share_id(), other.share_id()], [holder.share_id(); 2]);
    assert_ne!(one.credential_id(), other.credential_id());
}

#[test]
fn users_of_the_same_name_share_nothing_across_tenants_and_issuers() {
    let user = |tenant: Option<&str>, issuer: Option<&str>| {
        let [tenant, issuer] = [tenant, issuer].map(|text| text.map(str::to_owned));
        Principal::of_issuer("alice".into(), Role::Viewer, tenant, issuer, None).share_id()
    };
    let shares = [
        user(None, None),
        user(Some("acme"), None),
        user(Some("globex"), None),
        user(None, Some("acme")),
        user(Some("acme"), Some("https://issuer.example")),
    ];
    assert!(shares.iter().all(|one| shares.iter().filter(|other| one == *other).count() == 1));
    assert_eq!(user(Some("acme"), None), user(Some("acme"), None));
}

#[tokio::test]
async fn the_fifty_first_session_on_a_key_ends_the_first_one() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (_, first) = gate.sign_in(&key).await.expect("signed in");
    for _ in 0..50 {
        gate.advance(SECOND);
        assert!(gate.has_session(&first).await);
        gate.sign_in(&key).await.expect("signed in");
    }
    assert!(!gate.has_session(&first).await);
}

#[tokio::test]
async fn a_session_that_was_ended_opens_nothing_and_others_stay() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (first, first_cookie) = gate.sign_in(&key).await.expect("signed in");
    let (_, second_cookie) = gate.sign_in(&key).await.expect("signed in");
    assert!(gate.has_session(&first_cookie).await && gate.has_session(&second_cookie).await);
    let id = first.session.expect("a session");
    gate.access.end_sessions(SessionScope::One(id)).await.expect("an answer");
    assert!(!gate.has_session(&first_cookie).await);
    assert!(!gate.access.still_valid(&first).await.expect("an answer"));
    assert!(gate.has_session(&second_cookie).await);
}

#[tokio::test]
async fn signing_out_ends_the_session_of_the_cookie_and_nothing_else() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (principal, cookie) = gate.sign_in(&key).await.expect("signed in");
    assert_eq!(gate.access.sign_out("garbage", None).await.expect("an answer"), None);
    assert_eq!(gate.access.sign_out(&key, None).await.expect("an answer"), None);
    assert_eq!(gate.access.sign_out(&cookie, None).await.expect("an answer"), Some(principal));
    assert!(!gate.has_session(&cookie).await);
    assert_eq!(gate.access.sign_out(&cookie, None).await.expect("an answer"), None, "it was ended");
}

#[tokio::test]
async fn a_cookie_with_the_id_of_a_session_and_another_secret_opens_nothing() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (principal, cookie) = gate.sign_in(&key).await.expect("signed in");
    let id = principal.session.expect("a session");
    let forged = IssuedSecret::new(SecretKind::Session, id, [7; 32]).to_string();
    assert!(!gate.has_session(&forged).await);
    assert!(gate.access.sign_out(&forged, None).await.expect("an answer").is_none());
    assert!(gate.has_session(&cookie).await, "it was not ended by that");
}

#[tokio::test]
async fn a_session_of_another_node_is_known_at_once_and_ends_when_this_node_hears_of_it() {
    let gate = Gate::new().await;
    let other = load(&gate.store, &gate.clock).await;
    let key = gate.key(None).await;
    let (principal, cookie) = gate.sign_in(&key.secret.to_string()).await.expect("signed in");
    assert!(other.session(&cookie, None).await.is_ok(), "although it has not heard of the key");
    gate.access.end_sessions(SessionScope::All).await.expect("an answer");
    other.reload().await.expect("it hears of it");
    assert!(other.session(&cookie, None).await.is_err());
    assert!(!other.still_valid(&principal).await.expect("an answer"));
}

#[tokio::test]
async fn when_a_session_was_seen_is_written_once_a_minute() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (principal, cookie) = gate.sign_in(&key).await.expect("signed in");
    let begun = gate.clock.now();
    let id = principal.session.expect("a session");
    gate.advance(SECOND * 59);
    assert!(gate.has_session(&cookie).await);
    assert_eq!(gate.access.list_sessions(1, 10).await.expect("sessions").sessions[0].last_seen_at, begun);
    gate.advance(SECOND * 2);
    assert!(gate.has_session(&cookie).await);
    let seen = gate.clock.now();
    assert_eq!(gate.access.list_sessions(1, 10).await.expect("sessions").sessions[0].last_seen_at, seen);
    let written =
        async || gate.store.session(id).await.expect("an answer").filter(|row| row.last_seen_at == seen);
    gate.until(written).await;
}
