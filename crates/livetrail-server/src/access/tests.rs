//! Credentials and the clock. The rights of roles are tested over HTTP.

mod links;
mod sessions;

use super::*;
use crate::{
    config::{Secret, TokenKeys, TokenSettings},
    environment::Manual,
    until::until,
};
use futures_util::FutureExt;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use livetrail_store::SqliteStore;
use livetrail_types::{Epoch, Role};
use serde_json::{Value, json};
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
        let mut found = None;
        until(async || {
            found = is_right().await;
            found.is_some()
        })
        .await;
        found.expect("it is written")
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
