//! Credentials and the clock. The rights of roles are tested over HTTP.

use super::*;
use crate::{
    config::{Secret, TokenKeys, TokenSettings},
    environment::Manual,
};
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use livetrail_store::SqliteStore;
use livetrail_types::{Epoch, Role};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

const SECRET: &[u8] = b"what this application signs its tokens with";
const PREVIOUS: &[u8] = b"what this application signed its tokens with before";

struct Gate {
    access: Access,
    clock: Arc<Manual>,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

/// A token as the application would sign it.
fn signed(claims: &Value, secret: &[u8]) -> String {
    encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret)).expect("a token")
}

impl Gate {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
        let clock = Arc::new(Manual::new());
        let access = load(&store, &clock).await;
        Self { access, clock, store, _folder: folder }
    }

    fn in_seconds(&self, seconds: i64) -> i64 {
        self.clock.now().as_second() + seconds
    }

    /// The token of an admin, with these claims beside the user.
    async fn admin_token(&self, mut claims: Value) -> String {
        self.store.set_admin("boss".into(), None, true).await.expect("an admin");
        claims["user_id"] = "boss".into();
        signed(&claims, SECRET)
    }

    async fn key(&self, lives: Option<SignedDuration>) -> Minted {
        let expires_at = lives.map(|lives| self.clock.now() + lives);
        let wanted = NewCredential { name: "screen".into(), role: Role::Viewer, tenant: None, expires_at };
        self.access.create_key(&Principal::operator(), wanted).await.expect("a key")
    }

    async fn link(&self, by: &Principal) -> String {
        self.access.create_sign_in_link(by).await.expect("a link").secret.to_string()
    }

    async fn bearer(&self, token: &str) -> Result<Principal, Refusal> {
        refusal_of(self.access.bearer(token, None).await)
    }

    async fn sign_in(&self, token: &str) -> Result<(Principal, String), Refusal> {
        let signing_in = refusal_of(self.access.signing_in(token, None).await)?;
        let signed_in = refusal_of(self.access.sign_in(signing_in, SignInDevice::default()).await)?;
        Ok((signed_in.principal, signed_in.cookie.to_string()))
    }

    async fn has_session(&self, cookie: &str) -> bool {
        refusal_of(self.access.session(cookie, None).await).is_ok()
    }

    /// Writes beside a request end soon.
    async fn until<T>(&self, mut is_right: impl AsyncFnMut() -> Option<T>) -> T {
        let right = async {
            let mut looks = tokio::time::interval(Duration::from_millis(5));
            loop {
                looks.tick().await;
                if let Some(found) = is_right().await {
                    return found;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), right).await.expect("it is written")
    }

    fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }
}

async fn load(store: &Arc<dyn Store>, clock: &Arc<Manual>) -> Access {
    let [current, previous] =
        [SECRET, PREVIOUS].map(|secret| Secret::of(std::str::from_utf8(secret).expect("text")));
    let keys = TokenKeys::Secrets { current, previous: Some(previous) };
    let settings = TokenSettings { keys, ..TokenSettings::default() };
    let environment: Arc<dyn Environment> = clock.clone();
    let tokens = TokenVerifier::start(&settings, SECRET, &environment).expect("a verifier");
    Access::load(Arc::clone(store), clock.clone(), tokens).await.expect("access")
}

fn refusal_of<T>(answer: AccessResult<T>) -> Result<T, Refusal> {
    answer.map_err(|error| match error {
        AccessError::Refused(refusal) => refusal,
        AccessError::Store(error) => panic!("the store answers: {error}"),
    })
}

fn of_user(user_id: &str) -> SessionScope {
    SessionScope::OfUser { user_id: user_id.into(), tenant: None }
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[tokio::test]
async fn a_key_works_until_the_moment_it_expires() {
    let gate = Gate::new().await;
    let key = gate.key(Some(SignedDuration::from_hours(1))).await.secret.to_string();
    gate.advance(SignedDuration::from_hours(1) - SECOND);
    let principal = gate.bearer(&key).await.expect("it is alive");
    gate.advance(SECOND);
    assert_eq!(gate.bearer(&key).await, Err(Refusal::InvalidToken));
    assert!(!gate.access.still_valid(&principal).await.expect("an answer"));
}

#[tokio::test]
async fn a_key_without_an_end_works_for_ever_and_a_revoked_one_does_not() {
    let gate = Gate::new().await;
    let key = gate.key(None).await;
    gate.advance(SignedDuration::from_hours(24 * 365 * 50));
    let principal = gate.bearer(&key.secret.to_string()).await.expect("it is alive");
    assert_eq!(gate.access.revoke(key.credential.id).await.expect("an answer"), Some(Ended::default()));
    assert_eq!(gate.access.revoke(key.credential.id).await.expect("an answer"), None, "and only once");
    assert!(!gate.access.still_valid(&principal).await.expect("an answer"));
    assert_eq!(gate.bearer(&key.secret.to_string()).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn a_token_works_until_the_moment_it_expires() {
    let gate = Gate::new().await;
    let token = gate.admin_token(json!({"exp": gate.in_seconds(60)})).await;
    gate.advance(SECOND * 59);
    let principal = gate.bearer(&token).await.expect("it is alive");
    gate.advance(SECOND);
    assert_eq!(gate.bearer(&token).await, Err(Refusal::InvalidToken));
    assert!(!gate.access.still_valid(&principal).await.expect("an answer"), "its streams end too");
}

#[tokio::test]
async fn a_token_works_half_a_minute_before_it_should_and_no_earlier() {
    let gate = Gate::new().await;
    let token = gate.admin_token(json!({"exp": gate.in_seconds(600), "nbf": gate.in_seconds(60)})).await;
    gate.advance(SECOND * 29);
    assert_eq!(gate.bearer(&token).await, Err(Refusal::InvalidToken));
    gate.advance(SECOND);
    assert!(gate.bearer(&token).await.is_ok());
}

#[tokio::test]
async fn a_token_whose_times_are_in_milliseconds_is_none() {
    let gate = Gate::new().await;
    let end = gate.in_seconds(60);
    for claims in [
        json!({"exp": end * 1_000}),
        json!({"exp": 1e11}),
        json!({"exp": 1e300}),
        json!({"exp": end, "nbf": 1e11}),
    ] {
        let token = gate.admin_token(claims.clone()).await;
        assert_eq!(gate.bearer(&token).await, Err(Refusal::InvalidToken), "{claims}");
    }
    let far = gate.admin_token(json!({"exp": 9.9e10})).await;
    let principal = gate.bearer(&far).await.expect("it is alive");
    assert!(gate.access.still_valid(&principal).await.expect("an answer"));
}

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

#[tokio::test]
async fn when_a_key_was_used_is_written_once_a_minute() {
    let gate = Gate::new().await;
    let key = gate.key(None).await;
    let used = async || gate.access.list_keys().await.expect("keys")[0].last_used_at;
    assert_eq!(used().await, None);
    let first = gate.clock.now();
    for _ in 0..3 {
        gate.bearer(&key.secret.to_string()).await.expect("it is alive");
        gate.advance(SECOND * 29);
    }
    assert_eq!(used().await, Some(first));
    gate.bearer(&key.secret.to_string()).await.expect("it is alive");
    let second = gate.clock.now();
    assert_eq!(used().await, Some(second));
    let written = async || {
        (gate.store.credentials().await.expect("keys")[0].last_used_at == Some(second)).then_some(())
    };
    gate.until(written).await;
    let restarted = load(&gate.store, &gate.clock).await;
    assert_eq!(restarted.keys()[0].last_used_at, Some(second));
    assert_eq!(restarted.keys()[0].created_by.as_deref(), Some(OPERATOR));
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

#[tokio::test]
async fn tokens_of_the_secret_before_are_believed_while_it_is_being_changed() {
    let gate = Gate::new().await;
    gate.store.set_admin("boss".into(), None, true).await.expect("an admin");
    let claims = json!({"user_id": "boss", "exp": gate.in_seconds(60)});
    for (secret, is_believed) in [(SECRET, true), (PREVIOUS, true), (&PREVIOUS[1..], false)] {
        assert_eq!(gate.bearer(&signed(&claims, secret)).await.is_ok(), is_believed);
    }
}

#[tokio::test]
async fn keys_and_sessions_are_the_same_after_a_restart() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (_, cookie) = gate.sign_in(&key).await.expect("signed in");
    let restarted = load(&gate.store, &gate.clock).await;
    assert!(restarted.bearer(&key, None).await.is_ok());
    assert!(restarted.session(&cookie, None).await.is_ok());
}

#[tokio::test]
async fn a_key_reads_back_as_itself_and_does_not_print() {
    let gate = Gate::new().await;
    let Minted { credential, secret } = gate.key(None).await;
    let written = secret.to_string();
    assert_eq!(IssuedSecret::of_kind(SecretKind::Key, &written), Some(secret.clone()));
    let printed = format!("{secret:?} {credential:?}");
    assert!(!printed.contains(&written[4..]), "{printed}");
    assert_ne!(credential.secret.to_vec(), written.as_bytes(), "what is kept is a hash");
}

#[tokio::test]
async fn a_key_is_revoked_although_nobody_waits_for_the_answer() {
    let gate = Gate::new().await;
    let key = gate.key(None).await;
    let answer = gate.access.revoke(key.credential.id).now_or_never();
    assert!(answer.is_none(), "nobody has waited");
    gate.until(async || gate.bearer(&key.secret.to_string()).await.err()).await;
    assert_eq!(gate.store.credentials().await.expect("an answer"), []);
}

#[tokio::test]
async fn a_key_of_the_form_that_had_no_checksum_still_works() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let gate = Gate::new().await;
    let (id, secret) = (gate.clock.fresh_id(), [5; 32]);
    let kept = Credential {
        id,
        name: "old".into(),
        role: Role::Writer,
        tenant: None,
        secret: *blake3::hash(&secret).as_bytes(),
        created_by: None,
        created_at: gate.clock.now(),
        last_used_at: None,
        expires_at: None,
    };
    gate.store.put_credential(kept).await.expect("a key");
    gate.access.reload().await.expect("keys");
    let text = format!("lt_{}", URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), &secret].concat()));
    assert_eq!(gate.bearer(&text).await.expect("it is alive").user_id, "key:old");
    let other = format!("lt_{}", URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), &[6; 32]].concat()));
    assert_eq!(gate.bearer(&other).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn a_key_that_another_node_has_just_made_works_at_once_and_an_old_unknown_one_is_not_looked_up() {
    let gate = Gate::new().await;
    let other = load(&gate.store, &gate.clock).await;
    let key = gate.key(None).await.secret.to_string();
    assert_eq!(other.bearer(&key, None).await.expect("a principal").role, Role::Viewer);
    let key = gate.key(None).await.secret.to_string();
    gate.clock.advance(SignedDuration::from_mins(3));
    assert!(matches!(other.bearer(&key, None).await, Err(AccessError::Refused(Refusal::InvalidToken))));
    other.reload().await.expect("the store is there");
    assert!(other.bearer(&key, None).await.is_ok());
}
