//! Tickets for streams. An `EventSource` can show one in its address, because a used ticket is worthless.

use super::{Access, AccessResult, Principal, Refusal, TICKET_LIFE, grants::NewGrant, issued::IssuedSecret};
use livetrail_store::{GrantKind, StoreError};
use std::net::IpAddr;
use uuid::Uuid;

/// A ticket that was shown and is not used up yet.
#[derive(Debug)]
pub struct Ticket {
    id: Uuid,
    /// The principal that it admits.
    pub principal: Principal,
}

impl Access {
    /// Makes a ticket for a stream of `principal`'s.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn create_ticket(&self, principal: Principal) -> Result<IssuedSecret, StoreError> {
        let wanted = NewGrant {
            kind: GrantKind::Ticket,
            session: principal.session,
            credential_ends_at: principal.expires_at,
            made_by: principal.user_id.clone(),
            identity: principal.into_identity(),
            life: TICKET_LIFE,
        };
        Ok(self.grants.create(wanted).await?.1)
    }

    /// Reads a ticket without using it up: a request may be refused for other reasons.
    ///
    /// # Errors
    /// The refusal, or an error of the store.
    pub async fn ticket(&self, text: &str, from: Option<IpAddr>) -> AccessResult<Ticket> {
        let grant = self.grants.find(GrantKind::Ticket, text, from).await?;
        let (id, principal) = (grant.id, Principal::of_grant(&grant));
        // Rights may have ended since the ticket was made.
        if self.is_valid(&principal, from).await? {
            Ok(Ticket { id, principal })
        } else {
            Err(Refusal::InvalidToken.into())
        }
    }

    /// Uses a ticket up. Of several clients at once, on any node, one is let in.
    ///
    /// # Errors
    /// The refusal, or an error of the store.
    pub async fn redeem(&self, ticket: Ticket) -> AccessResult<Principal> {
        self.grants.use_up(ticket.id).await?;
        Ok(ticket.principal)
    }
}
