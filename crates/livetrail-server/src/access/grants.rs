use super::{
    AccessResult, Refusal,
    issued::{IssuedSecret, SecretKind},
    look_ups::{LookUps, Source},
};
use crate::environment::Environment;
use jiff::{SignedDuration, Timestamp};
use livetrail_store::{Grant, GrantKind, Identity, Store, StoreError};
use std::sync::Arc;
use uuid::Uuid;

/// The common part of sign-in links and tickets: each works once, on any node.
pub(super) struct Grants {
    store: Arc<dyn Store>,
    environment: Arc<dyn Environment>,
    look_ups: Arc<LookUps>,
}

/// The content of a new grant.
pub(super) struct NewGrant {
    pub(super) kind: GrantKind,
    pub(super) identity: Identity,
    pub(super) session: Option<Uuid>,
    pub(super) credential_ends_at: Option<Timestamp>,
    pub(super) made_by: String,
    pub(super) life: SignedDuration,
}

impl Grants {
    pub(super) fn new(
        store: Arc<dyn Store>,
        environment: Arc<dyn Environment>,
        look_ups: Arc<LookUps>,
    ) -> Self {
        Self { store, environment, look_ups }
    }

    pub(super) async fn create(&self, wanted: NewGrant) -> Result<(Grant, IssuedSecret), StoreError> {
        let (id, now) = (self.environment.fresh_id(), self.environment.now());
        let secret = IssuedSecret::new(secret_kind(wanted.kind), id, self.environment.random());
        let grant = Grant {
            id,
            kind: wanted.kind,
            secret: secret.hash(),
            identity: wanted.identity,
            session: wanted.session,
            credential_ends_at: wanted.credential_ends_at,
            made_by: Some(wanted.made_by),
            created_at: now,
            expires_at: now + wanted.life,
        };
        self.store.put_grant(grant.clone()).await?;
        Ok((grant, secret))
    }

    /// Finds the grant of a secret, without using it up.
    pub(super) async fn find(&self, kind: GrantKind, text: &str, from: Source) -> AccessResult<Grant> {
        let secret = IssuedSecret::of_kind(secret_kind(kind), text).ok_or(Refusal::InvalidToken)?;
        let _turn = self.look_ups.turn(from).await?;
        let grant = self.store.grant(secret.id).await?.filter(|grant| {
            grant.kind == kind && secret.has_hash(grant.secret) && grant.expires_at > self.environment.now()
        });
        Ok(grant.ok_or(Refusal::InvalidToken)?)
    }

    /// Uses a grant up. Of several clients at once, one is let in.
    pub(super) async fn use_up(&self, id: Uuid) -> AccessResult<()> {
        let was_there = self.store.use_grant(id).await?;
        if was_there { Ok(()) } else { Err(Refusal::InvalidToken.into()) }
    }
}

fn secret_kind(kind: GrantKind) -> SecretKind {
    match kind {
        GrantKind::Link => SecretKind::Link,
        GrantKind::Ticket => SecretKind::Ticket,
    }
}
