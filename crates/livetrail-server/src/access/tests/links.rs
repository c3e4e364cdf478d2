//! Sign-in links and tickets.

use super::*;

#[tokio::test]
async fn a_sign_in_link_works_for_half_an_hour() {
    let gate = Gate::new().await;
    let by = Principal::operator();
    let (early, late) = (gate.link(&by).await, gate.link(&by).await);
    gate.advance(SIGN_IN_LINK_LIFE - SECOND);
    let (principal, _) = gate.sign_in(&early).await.expect("it is alive");
    assert_eq!((principal.user_id.as_str(), principal.role), (SIGN_IN_USER, Role::Admin));
    gate.advance(SECOND);
    assert_eq!(gate.sign_in(&late).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn a_session_of_a_link_ends_with_the_key_that_made_the_link() {
    let gate = Gate::new().await;
    let key = gate.key(None).await;
    let maker = gate.bearer(&key.secret.to_string()).await.expect("the maker");
    let (used, unused) = (gate.link(&maker).await, gate.link(&maker).await);
    let (principal, cookie) = gate.sign_in(&used).await.expect("signed in");
    assert_eq!((principal.user_id.as_str(), &principal.backing), (SIGN_IN_USER, &maker.backing));
    let ended = gate.access.revoke(key.credential.id).await.expect("an answer").expect("it was there");
    assert_eq!(ended.count, 1);
    assert_eq!(ended.sessions[0].made_by.as_deref(), Some("key:screen"));
    assert!(!gate.has_session(&cookie).await);
    assert!(!gate.access.still_valid(&principal).await.expect("an answer"), "its streams end too");
    assert_eq!(gate.sign_in(&unused).await, Err(Refusal::InvalidToken), "and so do links that wait");
}

#[tokio::test]
async fn a_session_of_a_link_ends_with_the_admin_who_made_the_link_by_a_session() {
    let gate = Gate::new().await;
    let token =
        gate.admin_token(json!({"exp": gate.in_seconds(3_600), "iss": "https://issuer.example"})).await;
    let (maker, _) = gate.sign_in(&token).await.expect("signed in");
    let (principal, cookie) = gate.sign_in(&gate.link(&maker).await).await.expect("signed in");
    let issuer = Some("https://issuer.example".to_owned());
    assert_eq!(principal.backing, Backing::User { issuer, user_id: "boss".into() });
    let ended = gate.access.end_sessions(of_user("boss")).await.expect("an answer");
    assert_eq!(ended.count, 2, "the user's own session and that of the link");
    assert!(!gate.has_session(&cookie).await);
}

#[tokio::test]
async fn a_link_ends_with_the_session_that_made_it_and_with_all_sessions_of_its_maker() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    for by_id in [true, false] {
        let (maker, _) = gate.sign_in(&key).await.expect("signed in");
        let link = gate.link(&maker).await;
        let one = maker.session.map(SessionScope::One).filter(|_| by_id);
        gate.access.end_sessions(one.unwrap_or(SessionScope::All)).await.expect("an answer");
        assert_eq!(gate.sign_in(&link).await, Err(Refusal::InvalidToken));
    }
    let maker =
        gate.bearer(&gate.admin_token(json!({"exp": gate.in_seconds(60)})).await).await.expect("an admin");
    let links = [gate.link(&maker).await, gate.link(&Principal::operator()).await];
    gate.access.end_sessions(of_user("boss")).await.expect("an answer");
    assert_eq!(gate.sign_in(&links[0]).await, Err(Refusal::InvalidToken));
    gate.access.end_sessions(of_user(OPERATOR)).await.expect("an answer");
    assert_eq!(gate.sign_in(&links[1]).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn neither_a_link_nor_its_session_outlives_the_token_or_session_that_made_it() {
    let gate = Gate::new().await;
    let token = gate.admin_token(json!({"exp": gate.in_seconds(6)})).await;
    let maker = gate.bearer(&token).await.expect("an admin");
    let end = maker.expires_at;
    let (used, unused) = (gate.link(&maker).await, gate.link(&maker).await);
    let (principal, cookie) = gate.sign_in(&used).await.expect("signed in");
    assert_eq!(principal.expires_at, end);
    let (next, _) = gate.sign_in(&gate.link(&principal).await).await.expect("signed in");
    assert_eq!(next.expires_at, end, "nor do the links of that session");
    gate.advance(SECOND * 6);
    assert!(!gate.has_session(&cookie).await);
    assert_eq!(gate.sign_in(&unused).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn a_ticket_ends_with_the_session_that_asked_for_it() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (principal, _) = gate.sign_in(&key).await.expect("signed in");
    let ticket = async || gate.access.create_ticket(principal.clone()).await.expect("a ticket").to_string();
    let (early, late) = (ticket().await, ticket().await);
    let shown = gate.access.ticket(&early, None).await.expect("it is good");
    assert_eq!(gate.access.redeem(shown).await.expect("let in"), principal);
    gate.access.end_sessions(SessionScope::All).await.expect("an answer");
    assert!(gate.access.ticket(&late, None).await.is_err());
}

#[tokio::test]
async fn a_ticket_works_for_half_a_minute_and_once() {
    let gate = Gate::new().await;
    let principal = gate.bearer(&gate.key(None).await.secret.to_string()).await.expect("a viewer");
    let ticket = async || gate.access.create_ticket(principal.clone()).await.expect("a ticket").to_string();
    let (early, late) = (ticket().await, ticket().await);
    gate.advance(TICKET_LIFE - SECOND);
    let (first, second) = (gate.access.ticket(&early, None).await, gate.access.ticket(&early, None).await);
    gate.access.redeem(first.expect("shown")).await.expect("let in");
    let again = gate.access.redeem(second.expect("shown at the same time")).await;
    assert_eq!(refusal_of(again), Err(Refusal::InvalidToken));
    gate.advance(SECOND);
    assert_eq!(refusal_of(gate.access.ticket(&late, None).await).map(|_| ()), Err(Refusal::InvalidToken));
}
