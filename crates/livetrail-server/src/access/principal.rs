use jiff::Timestamp;
use livetrail_store::{Backing, Credential, Grant, Identity, Session};
use livetrail_types::Role;
use uuid::Uuid;

/// The built-in user that a sign-in link signs in.
pub const SIGN_IN_USER: &str = "livetrail-admin";
/// The user of the socket in the data folder.
pub const OPERATOR: &str = "livetrail-operator";

/// A client that was let in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    /// The user, or `key:` and the name of the API key.
    pub user_id: String,
    /// The client's role.
    pub role: Role,
    /// The only tenant that it sees and writes, if there is one.
    pub tenant: Option<String>,
    /// When this ends, if it does.
    pub expires_at: Option<Timestamp>,
    /// The basis of its credential.
    pub backing: Backing,
    /// The session by which it came, if it came by one.
    pub session: Option<Uuid>,
}

/// The credential that a principal showed, or the one that it rests on. It does not depend on the token's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CredentialId(u128);

impl CredentialId {
    /// Livetrail itself, which shows no credential.
    pub const LIVETRAIL: Self = Self(0);

    /// The credential of a user of the application: all tokens of a user are one credential.
    pub(crate) fn of_user(user_id: &str) -> Self {
        Self::hashed("user", user_id)
    }

    fn hashed(kind: &str, name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(kind.as_bytes()).update(b"\0").update(name.as_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Self(u128::from_le_bytes(bytes))
    }
}

/// Why a client was refused. The texts are those that clients of FastAPI applications know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is not one, or has ended.
    InvalidToken,
    /// The token has the form of a secret that Livetrail issues, with a character wrong or missing.
    MistypedToken,
    /// No token, or one without a named user.
    AuthenticationRequired,
    /// Not an admin.
    AdminRequired,
    /// May read but not write.
    WriterRequired,
    /// Bound to one tenant and names another.
    OtherTenant,
}

impl Refusal {
    /// The text of the answer.
    pub fn detail(self) -> &'static str {
        match self {
            Self::InvalidToken | Self::MistypedToken => "Invalid token",
            Self::AuthenticationRequired => "Authentication required",
            Self::AdminRequired => "Admin access required",
            Self::WriterRequired => "Writer access required",
            Self::OtherTenant => "This credential belongs to another tenant",
        }
    }

    /// Whether another credential has to be shown (401), rather than that this one is not enough (403).
    pub fn is_about_identity(self) -> bool {
        matches!(self, Self::InvalidToken | Self::MistypedToken | Self::AuthenticationRequired)
    }
}

impl Principal {
    /// The holder of an API key.
    pub(super) fn of_key(credential: &Credential) -> Self {
        Self {
            user_id: format!("key:{}", credential.name),
            role: credential.role,
            tenant: credential.tenant.clone(),
            expires_at: credential.expires_at,
            backing: Backing::Key(credential.id),
            session: None,
        }
    }

    /// A user who is an admin for as long as a list says so.
    pub(super) fn admin(
        user_id: String,
        tenant: Option<String>,
        issuer: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Self {
        let backing = Backing::User { issuer, user_id: user_id.clone() };
        Self { user_id, role: Role::Admin, tenant, expires_at, backing, session: None }
    }

    /// A user whose role an issuer has given.
    pub(super) fn of_issuer(
        user_id: String,
        role: Role,
        tenant: Option<String>,
        issuer: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Self {
        let backing = Backing::Issued { issuer, user_id: user_id.clone() };
        Self { user_id, role, tenant, expires_at, backing, session: None }
    }

    /// A user who is signed in.
    pub(super) fn of_session(session: &Session) -> Self {
        Self::of(session.identity.clone(), Some(session.expires_at), Some(session.id))
    }

    /// The holder of a sign-in link or a ticket.
    pub(super) fn of_grant(grant: &Grant) -> Self {
        Self::of(grant.identity.clone(), grant.credential_ends_at, grant.session)
    }

    fn of(identity: Identity, expires_at: Option<Timestamp>, session: Option<Uuid>) -> Self {
        let Identity { user_id, role, tenant, backing } = identity;
        Self { user_id, role, tenant, expires_at, backing, session }
    }

    pub(super) fn into_identity(self) -> Identity {
        let Self { user_id, role, tenant, backing, .. } = self;
        Identity { user_id, role, tenant, backing }
    }

    /// The client at the socket in the data folder, which could as well read the database.
    pub fn operator() -> Self {
        Self {
            user_id: OPERATOR.into(),
            role: Role::Admin,
            tenant: None,
            expires_at: None,
            backing: Backing::BuiltIn,
            session: None,
        }
    }

    /// The id of the credential: a session's own id, otherwise the id of its basis. Records of reads use it.
    pub fn credential_id(&self) -> CredentialId {
        self.session.map_or_else(|| self.share_id(), |id| CredentialId(id.as_u128()))
    }

    /// The owner of the share that this client uses: a key by its id, a user of the application by tenant, issuer and
    /// id. Signing in again gives no more, since all sessions of a key or user use its share.
    pub fn share_id(&self) -> CredentialId {
        match &self.backing {
            Backing::Key(id) => CredentialId(id.as_u128()),
            Backing::User { issuer, user_id } | Backing::Issued { issuer, user_id } => {
                match (&self.tenant, issuer) {
                    (None, None) => CredentialId::of_user(user_id),
                    (tenant, issuer) => {
                        // As JSON, so that no name can pretend to be two.
                        let name = serde_json::json!([tenant, issuer, user_id]);
                        CredentialId::hashed("user of an issuer", &name.to_string())
                    }
                }
            }
            Backing::BuiltIn => CredentialId::hashed("built-in", &self.user_id),
        }
    }

    /// Whether this is the client at the socket in the data folder.
    pub fn is_operator(&self) -> bool {
        self.backing == Backing::BuiltIn && self.user_id == OPERATOR
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] without the right to read.
    pub fn may_read(self) -> Result<Self, Refusal> {
        if self.role.reads() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] for a principal that is bound to a tenant.
    pub fn may_see_all_tenants(self) -> Result<Self, Refusal> {
        if self.tenant.is_none() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] without the right to read keys and sessions, which concern all tenants.
    pub fn may_audit(self) -> Result<Self, Refusal> {
        if self.role.audits() && self.tenant.is_none() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::WriterRequired`] without the right to write.
    pub fn may_write(self) -> Result<Self, Refusal> {
        if self.role.writes() { Ok(self) } else { Err(Refusal::WriterRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] for another role than admin. An admin of one tenant may decide about its alerts.
    pub fn may_decide(self) -> Result<Self, Refusal> {
        if self.role == Role::Admin { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] without the right to administer. A key that is bound to a tenant lacks it too, since
    /// keys and admins concern all tenants.
    pub fn may_administer(self) -> Result<Self, Refusal> {
        if self.role == Role::Admin && self.tenant.is_none() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }
}
