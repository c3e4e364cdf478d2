//! Authentication and rights.
//!
//! A request shows a bearer token (an API key, or a JWT of the application), the page's session cookie or a ticket.
//! Each becomes a [`Principal`] or an [`AccessError`]. The rights of a principal are its role and its tenant. [`keys`],
//! [`links`], [`tickets`] and [`sessions`] each handle one kind of credential. This file has the common part: the basis
//! that a credential rests on.

mod brake;
mod claims;
mod error;
mod fetch;
#[doc(hidden)]
pub mod fuzzing;
mod grants;
mod issued;
mod jwks;
mod jws;
mod keys;
mod last_use;
mod links;
mod look_ups;
mod notes;
mod oidc;
mod principal;
mod seal;
mod secrets;
mod sessions;
#[cfg(test)]
mod tests;
mod tickets;
mod token_verifier;

pub(crate) use brake::{ALLOWED as ALLOWED_FAILURES, Brake, Verdict, WINDOW as BRAKE_WINDOW};
pub(crate) use claims::is_name;
pub use error::{AccessError, AccessResult};
pub use issued::{IssuedSecret, SecretKind};
pub use keys::{Minted, NewCredential};
pub use links::SignInGrant;
pub use livetrail_store::Backing;
pub(crate) use oidc::{ATTEMPT_LIFE, Answer as OidcAnswer, Oidc, OidcError, SignedOn};
pub use principal::{CredentialId, OPERATOR, Principal, Refusal, SIGN_IN_USER};
pub use seal::{Seal, SealKeys};
pub use secrets::LogSecrets;
pub(crate) use secrets::check_sealed;
pub use sessions::{SignInDevice, SignedIn, SigningIn};
pub use tickets::Ticket;
pub(crate) use token_verifier::TokenVerifier;

use crate::environment::Environment;
use grants::Grants;
use issued::Reading;
use jiff::SignedDuration;
use keys::Keys;
use livetrail_store::{Credential, Ended, SessionPage, SessionScope, Store, StoreError};
use look_ups::{LookUps, Source};
use notes::Notes;
use sessions::Sessions;
use std::{net::IpAddr, sync::Arc};
use tracing::Instrument;
use uuid::Uuid;

/// How long a sign-in link works.
pub const SIGN_IN_LINK_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// How long a ticket for a stream works.
pub const TICKET_LIFE: SignedDuration = SignedDuration::from_secs(30);
/// How long the page stays signed in.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// Turns what a request shows into a principal.
pub struct Access {
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
    keys: Arc<Keys>,
    sessions: Arc<Sessions>,
    grants: Grants,
    look_ups: Arc<LookUps>,
    /// Reads the application's tokens.
    tokens: TokenVerifier,
}

impl Access {
    /// Reads the API keys from the store.
    ///
    /// # Errors
    /// An error of the store.
    pub(crate) async fn load(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        tokens: TokenVerifier,
    ) -> Result<Self, StoreError> {
        let notes = Notes::start(Arc::downgrade(&store));
        let look_ups = Arc::new(LookUps::new());
        Ok(Self {
            keys: Arc::new(
                Keys::load(
                    Arc::clone(&store),
                    Arc::clone(&environment),
                    notes.clone(),
                    Arc::clone(&look_ups),
                )
                .await?,
            ),
            sessions: Arc::new(Sessions::new(
                Arc::clone(&store),
                Arc::clone(&environment),
                notes,
                Arc::clone(&look_ups),
            )),
            grants: Grants::new(Arc::clone(&store), Arc::clone(&environment), Arc::clone(&look_ups)),
            look_ups,
            store,
            environment,
            tokens,
        })
    }

    /// Reads the keys again and forgets all sessions, since another node may have changed either.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn reload(&self) -> Result<(), StoreError> {
        self.sessions.forget();
        self.keys.reload().await
    }

    /// Reads a bearer token that was shown from an address.
    ///
    /// # Errors
    /// The refusal, or an error of the store.
    pub async fn bearer(&self, token: &str, from: Option<IpAddr>) -> AccessResult<Principal> {
        match IssuedSecret::read(token) {
            Reading::Secret(secret) if secret.kind == SecretKind::Key => {
                self.keys.holder(&secret, from).await
            }
            Reading::Secret(_) => Err(Refusal::InvalidToken.into()),
            Reading::Mistyped => Err(Refusal::MistypedToken.into()),
            Reading::Other => self.application_user(token, from).await,
        }
    }

    /// Refuses in this order: a bad token, no particular user, a user who is not an admin.
    async fn application_user(&self, token: &str, from: Source) -> AccessResult<Principal> {
        let claims = self.tokens.verify(token, self.environment.now()).await?;
        let tenant = self.tokens.tenant(&claims)?;
        let user = claims.user().ok().flatten().filter(|user| !user.starts_with("anon-"));
        let user_id = user.map(str::to_owned).ok_or(Refusal::AuthenticationRequired)?;
        let (issuer, end) = (claims.issuer().map(str::to_owned), claims.expires_at());
        if let Some(role) = self.tokens.role(&claims) {
            return Ok(Principal::of_issuer(user_id, role, tenant, issuer, end));
        }
        if !self.is_admin(&user_id, tenant.clone(), from).await? {
            return Err(Refusal::AdminRequired.into());
        }
        Ok(Principal::admin(user_id, tenant, issuer, end))
    }

    /// The user whom a token of the application names, if it is valid and names one: whether they are an admin or not.
    pub async fn user_of(&self, token: &str) -> Option<String> {
        let claims = self.tokens.verify(token, self.environment.now()).await.ok()?;
        let user = claims.user().ok().flatten().filter(|user| !user.starts_with("anon-"));
        user.map(str::to_owned)
    }

    /// Reads a session cookie that was shown from an address.
    ///
    /// # Errors
    /// The refusal, or an error of the store.
    pub async fn session(&self, cookie: &str, from: Option<IpAddr>) -> AccessResult<Principal> {
        let known = self.sessions.of_cookie(cookie, from).await?.ok_or(Refusal::InvalidToken)?;
        let principal = Principal::of_session(&known.session);
        if self.stands(&principal, from).await? {
            self.sessions.seen(&known);
            return Ok(principal);
        }
        // It must not come back when its user becomes an admin again.
        self.end_sessions(SessionScope::One(known.session.id)).await?;
        Err(Refusal::InvalidToken.into())
    }

    /// Reads what signs in: a sign-in link's token, an API key or the application's token. Nothing is used up.
    ///
    /// # Errors
    /// The refusal, or an error of the store.
    pub async fn signing_in(&self, token: &str, from: Option<IpAddr>) -> AccessResult<SigningIn> {
        if IssuedSecret::of_kind(SecretKind::Link, token).is_none() {
            return Ok(SigningIn { principal: self.bearer(token, from).await?, link: None });
        }
        let (principal, link) = self.link(token, from).await?;
        Ok(SigningIn { principal, link: Some(link) })
    }

    /// Begins a session, which uses a sign-in link up.
    ///
    /// # Errors
    /// The refusal of a client that may not read, or an error of the store. A link that is refused is not used up.
    pub async fn sign_in(&self, who: SigningIn, device: SignInDevice) -> AccessResult<SignedIn> {
        let principal = who.principal.may_read()?;
        let (id, made_by) = who.link.map_or((None, None), |link| (Some(link.id), link.made_by));
        self.sessions.begin(principal, made_by, id, device).await
    }

    /// Begins a session of a principal whose credential was checked.
    ///
    /// # Errors
    /// The refusal of a client that may not read, or an error of the store.
    pub async fn open_session(&self, principal: Principal, device: SignInDevice) -> AccessResult<SignedIn> {
        self.sign_in(SigningIn { principal, link: None }, device).await
    }

    /// Ends the session of a cookie. Returns its principal, if there was one.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn sign_out(
        &self,
        cookie: &str,
        from: Option<IpAddr>,
    ) -> Result<Option<Principal>, StoreError> {
        let Some(known) = self.sessions.of_cookie(cookie, from).await? else { return Ok(None) };
        let ended = self.end_sessions(SessionScope::One(known.session.id)).await?;
        Ok(ended.sessions.first().map(Principal::of_session))
    }

    /// Whether the credential of a principal is still valid: streams ask at each heartbeat.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn still_valid(&self, principal: &Principal) -> Result<bool, StoreError> {
        self.is_valid(principal, None).await
    }

    async fn is_valid(&self, principal: &Principal, from: Source) -> Result<bool, StoreError> {
        if principal.expires_at.is_some_and(|end| end <= self.environment.now()) {
            return Ok(false);
        }
        if let Some(id) = principal.session {
            let Some(known) = self.sessions.find(id, from).await? else { return Ok(false) };
            self.sessions.seen(&known);
        }
        self.stands(principal, from).await
    }

    async fn stands(&self, principal: &Principal, from: Source) -> Result<bool, StoreError> {
        match &principal.backing {
            Backing::BuiltIn | Backing::Issued { .. } => Ok(true),
            Backing::Key(id) => self.keys.stands(*id).await,
            Backing::User { user_id, .. } => self.is_admin(user_id, principal.tenant.clone(), from).await,
        }
    }

    async fn is_admin(
        &self,
        user_id: &str,
        tenant: Option<String>,
        from: Source,
    ) -> Result<bool, StoreError> {
        let _turn = self.look_ups.turn(from).await?;
        self.store.is_admin(user_id.to_owned(), tenant).await
    }

    /// Makes an API key.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn create_key(&self, by: &Principal, wanted: NewCredential) -> Result<Minted, StoreError> {
        self.keys.create(by, wanted).await
    }

    /// Every API key that is known here, oldest first.
    pub fn keys(&self) -> Vec<Credential> {
        self.keys.all()
    }

    /// Every API key, oldest first, and when each was last used on any node.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn list_keys(&self) -> Result<Vec<Credential>, StoreError> {
        self.keys.list().await
    }

    /// Ends a key at once, and the sessions that rest on it. Returns those sessions, or `None` if the key does not
    /// exist. The work is finished even if the client leaves.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn revoke(&self, id: Uuid) -> Result<Option<Ended>, StoreError> {
        let (keys, sessions) = (Arc::clone(&self.keys), Arc::clone(&self.sessions));
        finished(async move {
            if !keys.revoke(id).await? {
                return Ok(None);
            }
            sessions.end(SessionScope::OnKey(id)).await.map(Some)
        })
        .await
    }

    /// A page (from 1) of the sessions that are not over, the one that was seen last first.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn list_sessions(&self, page: u32, limit: u32) -> Result<SessionPage, StoreError> {
        self.sessions.list(page, limit).await
    }

    /// Ends sessions on every node, and their unused links and tickets. Returns the sessions that existed. The work is
    /// finished even if the client leaves.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn end_sessions(&self, which: SessionScope) -> Result<Ended, StoreError> {
        let sessions = Arc::clone(&self.sessions);
        finished(async move { sessions.end(which).await }).await
    }
}

/// Runs work to its end, although the request that waits for it may be gone before that.
async fn finished<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work.in_current_span()).await.map_err(|error| StoreError::Internal(error.to_string()))?
}
