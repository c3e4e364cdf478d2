//! Credentials of clients: API keys, sessions, and grants that work once (sign-in links and tickets).
//!
//! Of every secret only a hash is kept, so that a copy of these tables opens nothing. Whether a hash is the right one,
//! and whether something has expired, is decided by the caller: the store keeps no clock.

use crate::Result;
use async_trait::async_trait;
use jiff::Timestamp;
use livetrail_types::Role;
use std::net::IpAddr;
use uuid::Uuid;

/// The part of a [`Store`](crate::Store) that keeps credentials and the log's own secrets.
#[async_trait]
pub trait Credentials: Send + Sync + 'static {
    /// Every API key, the expired ones too, oldest first.
    async fn credentials(&self) -> Result<Vec<Credential>>;

    /// Keeps a new API key.
    async fn put_credential(&self, credential: Credential) -> Result<()>;

    /// Notes when an API key was used. Other nodes are not told.
    async fn used_credential(&self, id: Uuid, at: Timestamp) -> Result<()>;

    /// Forgets an API key; whether it was there. Of several callers at once, one is told that it was.
    async fn remove_credential(&self, id: Uuid) -> Result<bool>;

    /// The session with this id. A database in this process looks it up on the thread that asks.
    async fn session(&self, id: Uuid) -> Result<Option<Session>>;

    /// A page of the sessions, the one that was seen last first.
    async fn sessions(&self, query: SessionQuery) -> Result<SessionPage>;

    /// Keeps a new session and forgets some of those that had expired when it was made. With a `grant`, the session is
    /// kept only if that grant was still there, and the grant is used up in the same commit; `None` if the session was
    /// not kept. If more than [`MAX_SESSIONS_OF_BACKING`] rested on the same backing, the oldest end: the answer.
    async fn put_session(&self, session: Session, grant: Option<Uuid>) -> Result<Option<Vec<Session>>>;

    /// Notes when a session was used. Other nodes are not told.
    async fn seen_session(&self, id: Uuid, at: Timestamp) -> Result<()>;

    /// Ends sessions; those that were there. In the same commit, sign-in links and tickets that these sessions or (with
    /// a user or a key) the same maker asked for are deleted, and other nodes are told.
    async fn end_sessions(&self, which: SessionScope) -> Result<Ended>;

    /// The grant with this id. A database in this process looks it up on the thread that asks.
    async fn grant(&self, id: Uuid) -> Result<Option<Grant>>;

    /// Keeps a new grant and forgets some of those that had expired when it was made.
    async fn put_grant(&self, grant: Grant) -> Result<()>;

    /// Uses a grant up; whether it was there. Of several callers at once, on any node, one is told that it was.
    async fn use_grant(&self, id: Uuid) -> Result<bool>;

    /// The log's own secret of this name, as it is kept: sealed. A setting that the log has to remember is kept alike,
    /// unsealed.
    async fn secret(&self, name: &'static str) -> Result<Option<Vec<u8>>>;

    /// Keeps a secret in place of `known` (`None`: of no secret). Nothing happens, and the answer is `false`, when
    /// another one is kept by now. What it replaces is overwritten where the database can do that.
    async fn replace_secret(
        &self,
        name: &'static str,
        known: Option<Vec<u8>>,
        sealed: Vec<u8>,
    ) -> Result<bool>;
}

/// An API key: a client that holds the secret acts in the role.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential {
    /// Names it without giving anything away.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The tenant it is bound to, if it is.
    pub tenant: Option<String>,
    /// A hash of the secret.
    pub secret: [u8; 32],
    /// The user who made it, if that is known.
    pub created_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

/// The credential that a session or a grant rests on. It ends with that credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Backing {
    /// This API key.
    Key(Uuid),
    /// The admin's rights of this user.
    User {
        /// The issuer of the token that named the user, if it says.
        issuer: Option<String>,
        /// The user.
        user_id: String,
    },
    /// What an issuer has said of this user in a signed token, which stands until that ends.
    Issued {
        /// The issuer, if the token says.
        issuer: Option<String>,
        /// The user.
        user_id: String,
    },
    /// Nothing further: the operator of the server.
    BuiltIn,
}

/// The identity of the user of a session or a grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user.
    pub user_id: String,
    /// What the user may do.
    pub role: Role,
    /// The only tenant that the user sees and writes, if there is one.
    pub tenant: Option<String>,
    /// What it rests on.
    pub backing: Backing,
}

/// A user who is signed in.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Names it without giving anything away.
    pub id: Uuid,
    /// A hash of what the cookie holds.
    pub secret: [u8; 32],
    /// The user who is signed in.
    pub identity: Identity,
    /// Who made the sign-in link, if a link signed in.
    pub made_by: Option<String>,
    /// From where it was begun.
    pub address: Option<IpAddr>,
    /// The `User-Agent` it was begun with.
    pub user_agent: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it was last used, to about a minute.
    pub last_seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Sessions that rest on the same thing (the same key, or the same user of a tenant) at once.
pub const MAX_SESSIONS_OF_BACKING: usize = 50;
/// Sessions that ended together of which each is listed. Of more, only some users are.
pub const MAX_LISTED_ENDS: usize = 32;

/// Which page of the sessions.
#[derive(Clone, Copy, Debug)]
pub struct SessionQuery {
    /// Sessions that have expired at this moment do not belong to the list.
    pub at: Timestamp,
    /// The page, from 1.
    pub page: u32,
    /// Sessions a page.
    pub limit: u32,
}

impl SessionQuery {
    pub(crate) fn offset(&self) -> i64 {
        i64::from(self.page.saturating_sub(1)) * i64::from(self.limit)
    }
}

/// A page of the sessions.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionPage {
    /// The sessions.
    pub sessions: Vec<Session>,
    /// How many there are on all pages.
    pub total: u64,
}

/// Sessions that have ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ended {
    /// How many.
    pub count: u64,
    /// Each of them, if there were [`MAX_LISTED_ENDS`] at most; none if there were more.
    pub sessions: Vec<Session>,
    /// Users whose sessions they were, if they were more: [`MAX_LISTED_ENDS`] at most.
    pub users: Vec<String>,
}

impl From<Vec<Session>> for Ended {
    fn from(sessions: Vec<Session>) -> Self {
        Self { count: sessions.len() as u64, sessions, users: Vec::new() }
    }
}

/// Which sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionScope {
    /// This one.
    One(Uuid),
    /// Those of a user, and those of sign-in links that this user has made.
    OfUser {
        /// The user.
        user_id: String,
        /// The tenant that they are bound to; of all tenants without it.
        tenant: Option<String>,
    },
    /// Those that rest on this API key.
    OnKey(Uuid),
    /// All of them.
    All,
}

/// What a grant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// It signs in.
    Link,
    /// It opens a stream.
    Ticket,
}

/// What works once: a sign-in link or a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Names it without giving anything away.
    pub id: Uuid,
    /// What it allows.
    pub kind: GrantKind,
    /// A hash of the secret.
    pub secret: [u8; 32],
    /// Whom it stands for.
    pub identity: Identity,
    /// The session that asked for it, if one did: it ends with that session.
    pub session: Option<Uuid>,
    /// When the credential that asked for it ends, if it does.
    pub credential_ends_at: Option<Timestamp>,
    /// The user who made it.
    pub made_by: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}
