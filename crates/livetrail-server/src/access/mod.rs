//! Who may do what.
//!
//! A request shows a bearer token (an API key, or a JWT of the application) or the page's session cookie. Either
//! becomes a [`Principal`] or a [`Refusal`]; what a principal may do is its [`Role`] and its tenant.

mod api_key;
#[doc(hidden)]
pub mod fuzzing;
mod jwt;
mod principal;
#[cfg(test)]
mod tests;

pub use api_key::ApiKey;
pub use principal::{Backing, CredentialId, OPERATOR, Principal, Refusal, SIGN_IN_USER};

use crate::{config::Secret, environment::Environment};
use jiff::{SignedDuration, Timestamp};
use jwt::Signer;
use livetrail_store::{Credential, Store, StoreError};
use livetrail_types::Role;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::Mutex;
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
    /// Every credential, as the store has it.
    credentials: Arc<RwLock<HashMap<Uuid, Credential>>>,
    /// Held by whoever changes credentials, so that memory and store change in the same order.
    changing: Arc<Mutex<()>>,
    /// Reads the application's tokens.
    application: Signer,
    /// Makes and reads the page's sessions.
    sessions: Signer,
}

/// Links and tickets that are removed together.
const MOST_FORGOTTEN: usize = 4;

/// What a ticket says, signed as sessions are.
#[derive(Serialize, Deserialize)]
struct Ticket {
    /// The credential that is used up with it.
    ticket: Uuid,
    exp: i64,
    principal: Principal,
}

/// A new credential and its secret, which is shown this once.
pub struct Minted {
    /// What is kept.
    pub credential: Credential,
    /// What its holder shows.
    pub secret: ApiKey,
}

/// What a new credential is for.
pub struct NewCredential {
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The tenant it is bound to, if it is.
    pub tenant: Option<String>,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

impl Access {
    /// Reads credentials and secrets from the store. Without `jwt_secret`, the log's own secret is used.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        jwt_secret: Option<&Secret>,
    ) -> Result<Self, StoreError> {
        let own_secret = store.secret("jwt", environment.random()).await?;
        let session_secret = store.secret("session", environment.random()).await?;
        let credentials =
            store.credentials().await?.into_iter().map(|credential| (credential.id, credential));
        Ok(Self {
            credentials: Arc::new(RwLock::new(credentials.collect())),
            changing: Arc::default(),
            application: Signer::new(jwt_secret.map_or(own_secret.as_slice(), Secret::bytes)),
            sessions: Signer::new(&session_secret),
            store,
            environment,
        })
    }

    /// Reads the credentials again, which another node may have changed.
    ///
    /// # Errors
    /// What the store says.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.changing.lock().await;
        let found = self.store.credentials().await?.into_iter().map(|found| (found.id, found)).collect();
        *self.credentials.write().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// Reads a bearer token.
    ///
    /// # Errors
    /// The refusal, or what the store says.
    pub async fn bearer(&self, token: &str) -> Result<Result<Principal, Refusal>, StoreError> {
        match token.parse::<ApiKey>() {
            Ok(key) => Ok(self
                .key_holder(&key)
                .filter(|(_, single_use)| !single_use)
                .map(|(p, _)| p)
                .ok_or(Refusal::InvalidToken)),
            Err(()) => self.application_user(token).await,
        }
    }

    fn key_holder(&self, key: &ApiKey) -> Option<(Principal, bool)> {
        let credentials = self.credentials.read().unwrap_or_else(PoisonError::into_inner);
        let credential = credentials.get(&key.id).filter(|credential| key.opens(credential))?;
        let alive = credential.expires_at.is_none_or(|end| end > self.environment.now());
        alive.then(|| (Principal::of_key(credential), credential.single_use))
    }

    /// Refuses in this order: a bad token, nobody in particular, no admin.
    async fn application_user(&self, token: &str) -> Result<Result<Principal, Refusal>, StoreError> {
        let Some(claims) = self.application.read::<jwt::Claims>(token, self.environment.now()) else {
            return Ok(Err(Refusal::InvalidToken));
        };
        let Some(user_id) = claims.user().filter(|user| !user.starts_with("anon-")) else {
            return Ok(Err(Refusal::AuthenticationRequired));
        };
        let admin = self.store.is_admin(user_id.clone()).await?;
        Ok(if admin {
            Ok(Principal::admin(user_id, claims.expires_at()))
        } else {
            Err(Refusal::AdminRequired)
        })
    }

    /// Reads a session cookie.
    ///
    /// # Errors
    /// What the store says.
    pub async fn session(&self, cookie: &str) -> Result<Option<Principal>, StoreError> {
        match self.sessions.read::<Principal>(cookie, self.environment.now()) {
            Some(principal) if self.still_valid(&principal).await? => Ok(Some(principal)),
            _ => Ok(None),
        }
    }

    /// Turns a sign-in link's token, an API key or the application's token into a session: the principal, and the
    /// cookie that says so.
    ///
    /// # Errors
    /// The refusal, or what the store says.
    pub async fn sign_in(&self, token: &str) -> Result<Result<(Principal, String), Refusal>, StoreError> {
        let single_use =
            token.parse::<ApiKey>().ok().and_then(|key| self.key_holder(&key)).filter(|(_, once)| *once);
        let principal = match single_use {
            Some((link, _)) => self.use_up(link).await?,
            None => self.bearer(token).await?,
        };
        Ok(principal.and_then(|principal| {
            let now = self.environment.now();
            let session = principal.until(now + SESSION_LIFE);
            self.sessions.write(&session).map(|cookie| (session, cookie)).ok_or(Refusal::InvalidToken)
        }))
    }

    /// Whoever removes the link from the store is the one who used it.
    async fn use_up(&self, link: Principal) -> Result<Result<Principal, Refusal>, StoreError> {
        let Backing::Key(id) = link.backing else { return Ok(Err(Refusal::InvalidToken)) };
        let first = self.revoke(id).await?;
        Ok(if first { Ok(Principal::signed_in(link)) } else { Err(Refusal::InvalidToken) })
    }

    /// Whether what stands behind a principal still does: streams ask at each heartbeat.
    ///
    /// # Errors
    /// What the store says.
    pub async fn still_valid(&self, principal: &Principal) -> Result<bool, StoreError> {
        if principal.expires_at.is_some_and(|end| end <= self.environment.now()) {
            return Ok(false);
        }
        match principal.backing {
            Backing::BuiltIn => Ok(true),
            Backing::Key(id) => {
                Ok(self.credentials.read().unwrap_or_else(PoisonError::into_inner).contains_key(&id))
            }
            Backing::Admin => self.store.is_admin(principal.user_id.clone()).await,
        }
    }

    /// Makes an API key.
    ///
    /// # Errors
    /// What the store says.
    pub async fn create_key(&self, wanted: NewCredential) -> Result<Minted, StoreError> {
        self.mint(wanted, false).await
    }

    /// Makes the token of a sign-in link.
    ///
    /// # Errors
    /// What the store says.
    pub async fn create_sign_in_link(&self) -> Result<Minted, StoreError> {
        self.forget_what_expired().await?;
        let expires_at = Some(self.environment.now() + SIGN_IN_LINK_LIFE);
        let wanted =
            NewCredential { name: "sign-in link".into(), role: Role::Admin, tenant: None, expires_at };
        self.mint(wanted, true).await
    }

    /// Makes a ticket for a stream of `principal`'s: what an `EventSource` can show in its address, since it is worth nothing once it
    /// was used. `None` for somebody whom no ticket can name.
    ///
    /// # Errors
    /// What the store says.
    pub async fn create_ticket(&self, principal: Principal) -> Result<Option<String>, StoreError> {
        self.forget_what_expired().await?;
        let expires_at = self.environment.now() + TICKET_LIFE;
        let wanted = NewCredential {
            name: "stream ticket".into(),
            role: principal.role,
            tenant: principal.tenant.clone(),
            expires_at: Some(expires_at),
        };
        let ticket = self.mint(wanted, true).await?.credential.id;
        Ok(self.sessions.write(&Ticket { ticket, exp: expires_at.as_second(), principal }))
    }

    /// Uses a ticket up. Whoever removes it from the store is the one who did, whichever node they ask.
    ///
    /// # Errors
    /// The refusal, or what the store says.
    pub async fn redeem(&self, ticket: &str) -> Result<Result<Principal, Refusal>, StoreError> {
        match self.sessions.read::<Ticket>(ticket, self.environment.now()) {
            Some(Ticket { ticket, principal, .. })
                if self.revoke(ticket).await? && self.still_valid(&principal).await? =>
            {
                Ok(Ok(principal))
            }
            _ => Ok(Err(Refusal::InvalidToken)),
        }
    }

    async fn mint(&self, wanted: NewCredential, single_use: bool) -> Result<Minted, StoreError> {
        let secret = ApiKey::new(self.environment.fresh_id(), self.environment.random());
        let credential = Credential {
            id: secret.id,
            name: wanted.name,
            role: wanted.role,
            tenant: wanted.tenant,
            secret: secret.hash(),
            single_use,
            created_at: self.environment.now(),
            expires_at: wanted.expires_at,
        };
        let _one_at_a_time = self.changing.lock().await;
        self.store.put_credential(credential.clone()).await?;
        let mut credentials = self.credentials.write().unwrap_or_else(PoisonError::into_inner);
        credentials.insert(credential.id, credential.clone());
        Ok(Minted { credential, secret })
    }

    async fn forget_what_expired(&self) -> Result<(), StoreError> {
        let now = self.environment.now();
        let is_over = |c: &&Credential| c.single_use && c.expires_at.is_some_and(|end| end <= now);
        let over: Vec<Uuid> = {
            let known = self.credentials.read().unwrap_or_else(PoisonError::into_inner);
            // Not all of them at once: whoever asks for one waits.
            known.values().filter(is_over).take(MOST_FORGOTTEN).map(|credential| credential.id).collect()
        };
        for id in over {
            self.revoke(id).await?;
        }
        Ok(())
    }

    /// Every API key, oldest first.
    pub fn keys(&self) -> Vec<Credential> {
        let mut keys = self.all_credentials();
        keys.retain(|credential| !credential.single_use);
        keys.sort_by_key(|credential| (credential.created_at, credential.id));
        keys
    }

    fn all_credentials(&self) -> Vec<Credential> {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Ends a credential at once; whether there was one. What was begun is finished although nobody waits for it any more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn revoke(&self, id: Uuid) -> Result<bool, StoreError> {
        let (store, known) = (Arc::clone(&self.store), Arc::clone(&self.credentials));
        let changing = Arc::clone(&self.changing);
        let revoking = tokio::spawn(async move {
            let _one_at_a_time = changing.lock().await;
            let was_there = store.remove_credential(id).await?;
            known.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
            Ok(was_there)
        });
        revoking.await.map_err(|error| StoreError::Internal(error.to_string()))?
    }
}
