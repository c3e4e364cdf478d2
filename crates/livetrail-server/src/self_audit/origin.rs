use crate::access::{CredentialId, Principal};
use livetrail_types::Role;
use std::net::IpAddr;

/// The origin of a request, as an activity shows it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The path that was called.
    pub endpoint: String,
    /// The method.
    pub method: String,
    /// The client's address.
    pub ip_address: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

/// The owner of a valid credential of any role, as the record of a refusal names them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user, or `key:` and the name of the API key.
    pub name: String,
    /// The role. A user of the application who is not an admin has none.
    pub role: Option<Role>,
    /// The tenant that the credential is bound to.
    pub tenant: Option<String>,
    /// The credential: its refusals are recorded once in a while.
    pub credential: CredentialId,
    /// Whose share of the server the request uses.
    pub share: CredentialId,
}

impl Actor {
    /// A user of the application who is not an admin.
    pub fn user(user_id: String) -> Self {
        let credential = CredentialId::of_user(&user_id);
        Self { name: user_id, role: None, tenant: None, credential, share: credential }
    }
}

impl From<&Principal> for Actor {
    fn from(principal: &Principal) -> Self {
        Self {
            name: principal.user_id.clone(),
            role: Some(principal.role),
            tenant: principal.tenant.clone(),
            credential: principal.credential_id(),
            share: principal.share_id(),
        }
    }
}
