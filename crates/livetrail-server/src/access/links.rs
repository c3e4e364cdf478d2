//! Sign-in links.

use super::{
    Access, AccessResult, Principal, Refusal, SIGN_IN_LINK_LIFE, SIGN_IN_USER, grants::NewGrant,
    issued::IssuedSecret, look_ups::Source,
};
use jiff::Timestamp;
use livetrail_store::{Grant, GrantKind, Identity, StoreError};
use livetrail_types::Role;
use uuid::Uuid;

/// A new sign-in link.
pub struct SignInGrant {
    /// Names it without giving anything away.
    pub id: Uuid,
    /// The token in the link's fragment.
    pub secret: IssuedSecret,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl Access {
    /// Makes the token of a sign-in link. The session that it begins rests on what its maker rests on, and ends no
    /// later than the maker's session or token. Until it is used, it ends with the maker's session.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn create_sign_in_link(&self, by: &Principal) -> Result<SignInGrant, StoreError> {
        let identity = Identity {
            user_id: SIGN_IN_USER.into(),
            role: Role::Admin,
            tenant: None,
            backing: by.backing.clone(),
        };
        let wanted = NewGrant {
            kind: GrantKind::Link,
            identity,
            session: by.session,
            credential_ends_at: by.expires_at,
            made_by: by.user_id.clone(),
            life: SIGN_IN_LINK_LIFE,
        };
        let (grant, secret) = self.grants.create(wanted).await?;
        Ok(SignInGrant { id: grant.id, secret, expires_at: grant.expires_at })
    }

    /// The link of a token, if its maker's credential is still valid. It is not used up.
    pub(super) async fn link(&self, token: &str, from: Source) -> AccessResult<(Principal, Grant)> {
        let grant = self.grants.find(GrantKind::Link, token, from).await?;
        let principal = Principal::of_grant(&grant);
        if self.is_valid(&principal, from).await? {
            Ok((principal, grant))
        } else {
            Err(Refusal::InvalidToken.into())
        }
    }
}
