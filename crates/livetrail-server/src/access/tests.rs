//! Credentials and the clock. Who may call what is tested over HTTP.

use super::*;
use crate::environment::Manual;
use futures_util::FutureExt;
use livetrail_store::SqliteStore;
use livetrail_types::Epoch;
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;

struct Gate {
    access: Access,
    clock: Arc<Manual>,
    store: Arc<dyn Store>,
    /// Signs what the application would sign.
    application: Signer,
    _folder: TempDir,
}

impl Gate {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
        let clock = Arc::new(Manual::new());
        let access =
            Access::load(Arc::clone(&store), clock.clone(), &TokenSettings::default()).await.expect("access");
        let secret = store.secret("jwt", [0; 32]).await.expect("the secret that was made");
        Self { access, clock, store, application: Signer::new(&secret), _folder: folder }
    }

    fn in_seconds(&self, seconds: i64) -> i64 {
        self.clock.now().as_second() + seconds
    }

    /// The token of an admin, with these claims beside the user.
    async fn admin_token(&self, mut claims: Value) -> String {
        self.store.set_admin("boss".into(), true).await.expect("an admin");
        claims["user_id"] = "boss".into();
        self.application.write(&claims).expect("a token")
    }

    async fn key(&self, lives: Option<SignedDuration>) -> Minted {
        let expires_at = lives.map(|lives| self.clock.now() + lives);
        let wanted = NewCredential { name: "screen".into(), role: Role::Viewer, tenant: None, expires_at };
        self.access.create_key(wanted).await.expect("a key")
    }

    async fn bearer(&self, token: &str) -> Result<Principal, Refusal> {
        self.access.bearer(token).await.expect("an answer")
    }

    async fn sign_in(&self, token: &str) -> Result<(Principal, String), Refusal> {
        self.access.sign_in(token).await.expect("an answer")
    }

    async fn has_session(&self, cookie: &str) -> bool {
        self.access.session(cookie).await.expect("an answer").is_some()
    }

    fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }
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
    assert!(gate.access.revoke(key.credential.id).await.expect("an answer"));
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
    let [early, late] = [gate.access.create_sign_in_link().await, gate.access.create_sign_in_link().await]
        .map(|link| link.expect("a link").secret.to_string());
    gate.advance(SIGN_IN_LINK_LIFE - SECOND);
    let (principal, _) = gate.sign_in(&early).await.expect("it is alive");
    assert_eq!((principal.user_id.as_str(), principal.role), (SIGN_IN_USER, Role::Admin));
    gate.advance(SECOND);
    assert_eq!(gate.sign_in(&late).await, Err(Refusal::InvalidToken));
}

#[tokio::test]
async fn links_that_nobody_used_are_forgotten_when_the_next_one_is_made() {
    let gate = Gate::new().await;
    for _ in 0..3 {
        gate.access.create_sign_in_link().await.expect("a link");
    }
    gate.advance(SIGN_IN_LINK_LIFE);
    gate.access.create_sign_in_link().await.expect("a link");
    assert_eq!(gate.store.credentials().await.expect("credentials").len(), 1);
    assert!(gate.access.keys().is_empty(), "a link is no key");
}

#[tokio::test]
async fn a_session_lasts_twelve_hours() {
    let gate = Gate::new().await;
    let link = gate.access.create_sign_in_link().await.expect("a link").secret.to_string();
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
async fn a_session_of_somebody_who_is_no_admin_any_more_is_none() {
    let gate = Gate::new().await;
    let token = gate.admin_token(json!({"exp": gate.in_seconds(3_600)})).await;
    let (_, cookie) = gate.sign_in(&token).await.expect("signed in");
    gate.store.set_admin("boss".into(), false).await.expect("no admin");
    assert!(!gate.has_session(&cookie).await);
}

#[tokio::test]
async fn whoever_signs_tokens_for_the_application_cannot_make_sessions() {
    let gate = Gate::new().await;
    let key = gate.key(None).await;
    let (principal, _) = gate.sign_in(&key.secret.to_string()).await.expect("signed in");
    let forged = gate.application.write(&principal).expect("a token");
    assert!(!gate.has_session(&forged).await);
}

#[tokio::test]
async fn credentials_and_secrets_are_the_same_after_a_restart() {
    let gate = Gate::new().await;
    let key = gate.key(None).await.secret.to_string();
    let (_, cookie) = gate.sign_in(&key).await.expect("signed in");
    let settings = TokenSettings::default();
    let restarted =
        Access::load(Arc::clone(&gate.store), gate.clock.clone(), &settings).await.expect("access");
    assert!(restarted.bearer(&key).await.expect("an answer").is_ok());
    assert!(restarted.session(&cookie).await.expect("an answer").is_some());
}

#[tokio::test]
async fn a_key_reads_back_as_itself_and_does_not_print() {
    let gate = Gate::new().await;
    let Minted { credential, secret } = gate.key(None).await;
    let written = secret.to_string();
    assert!(written.parse::<ApiKey>() == Ok(secret.clone()));
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
    let ended = async {
        while gate.bearer(&key.secret.to_string()).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), ended).await.expect("it ends all the same");
    assert_eq!(gate.store.credentials().await.expect("an answer"), []);
}
