use jiff::Timestamp;
use livetrail_store::Credential;
use livetrail_types::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The built-in user that a sign-in link signs in.
pub const SIGN_IN_USER: &str = "livetrail-admin";
/// Whoever speaks to the server by its socket in the data folder.
pub const OPERATOR: &str = "livetrail-operator";

/// Somebody who was let in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Principal {
    /// The user, or `key:` and the name of the API key.
    pub user_id: String,
    /// What they may do.
    pub role: Role,
    /// The only tenant they see and write, if there is one.
    pub tenant: Option<String>,
    /// When this ends, if it does.
    #[serde(rename = "exp", with = "epoch_seconds")]
    pub expires_at: Option<Timestamp>,
    /// What it rests on.
    pub backing: Backing,
}

/// What has to stand for a principal to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backing {
    /// This API key.
    Key(Uuid),
    /// The user's being an admin.
    Admin,
    /// What an issuer has said in a signed token, which stands until that ends.
    Issuer,
    /// Nothing further.
    BuiltIn,
}

/// Which credential a principal showed: what is shared out or counted by credential goes by this. It says nothing of the
/// token's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CredentialId(u128);

impl CredentialId {
    /// Livetrail itself, which shows none.
    pub const LIVETRAIL: Self = Self(0);

    /// That of a user whom the application's tokens name: all tokens of a user are one credential.
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

/// Why somebody was not let in. The texts are those that clients of such applications know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is not one, or has ended.
    InvalidToken,
    /// No token, or one of nobody in particular.
    AuthenticationRequired,
    /// Not an admin.
    AdminRequired,
    /// May read but not write.
    WriterRequired,
    /// Bound to one tenant and names another.
    OtherTenant,
}

impl Refusal {
    /// What the answer says.
    pub fn detail(self) -> &'static str {
        match self {
            Self::InvalidToken => "Invalid token",
            Self::AuthenticationRequired => "Authentication required",
            Self::AdminRequired => "Admin access required",
            Self::WriterRequired => "Writer access required",
            Self::OtherTenant => "This credential belongs to another tenant",
        }
    }

    /// Whether another credential has to be shown (401), rather than that this one is not enough (403).
    pub fn is_about_identity(self) -> bool {
        matches!(self, Self::InvalidToken | Self::AuthenticationRequired)
    }
}

impl Principal {
    /// Whoever holds an API key.
    pub(super) fn of_key(credential: &Credential) -> Self {
        Self {
            user_id: format!("key:{}", credential.name),
            role: credential.role,
            tenant: credential.tenant.clone(),
            expires_at: credential.expires_at,
            backing: Backing::Key(credential.id),
        }
    }

    pub(super) fn admin(user_id: String, tenant: Option<String>, expires_at: Option<Timestamp>) -> Self {
        Self { user_id, role: Role::Admin, tenant, expires_at, backing: Backing::Admin }
    }

    /// A user whose role an issuer has said.
    pub(super) fn of_issuer(
        user_id: String,
        role: Role,
        tenant: Option<String>,
        expires_at: Option<Timestamp>,
    ) -> Self {
        Self { user_id, role, tenant, expires_at, backing: Backing::Issuer }
    }

    /// Whoever used a sign-in link: its role and tenant, but not its short life.
    pub(super) fn signed_in(link: Self) -> Self {
        Self { user_id: SIGN_IN_USER.into(), expires_at: None, backing: Backing::BuiltIn, ..link }
    }

    /// Whoever can open the socket in the data folder could as well read the database.
    pub fn operator() -> Self {
        Self {
            user_id: OPERATOR.into(),
            role: Role::Admin,
            tenant: None,
            expires_at: None,
            backing: Backing::BuiltIn,
        }
    }

    /// Which credential this is: a key by its id, however it is named; a user of the application by their id.
    pub fn credential_id(&self) -> CredentialId {
        match self.backing {
            Backing::Key(id) => CredentialId(id.as_u128()),
            Backing::Admin | Backing::Issuer => CredentialId::of_user(&self.user_id),
            Backing::BuiltIn => CredentialId::hashed("built-in", &self.user_id),
        }
    }

    /// Whether this is who speaks to the server by its socket in the data folder.
    pub fn is_operator(&self) -> bool {
        self.backing == Backing::BuiltIn && self.user_id == OPERATOR
    }

    /// The same, ending at `end` at the latest.
    pub(super) fn until(self, end: Timestamp) -> Self {
        let expires_at = self.expires_at.map_or(end, |earlier| earlier.min(end));
        Self { expires_at: Some(expires_at), ..self }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] for those who may not read.
    pub fn may_read(self) -> Result<Self, Refusal> {
        if self.role.reads() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] for those who are bound to a tenant.
    pub fn may_see_all_tenants(self) -> Result<Self, Refusal> {
        if self.tenant.is_none() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }

    /// # Errors
    /// [`Refusal::WriterRequired`] for those who may not write.
    pub fn may_write(self) -> Result<Self, Refusal> {
        if self.role.writes() { Ok(self) } else { Err(Refusal::WriterRequired) }
    }

    /// # Errors
    /// [`Refusal::AdminRequired`] for those who may not administer: a key bound to a tenant may not either, since
    /// keys and admins are everybody's.
    pub fn may_administer(self) -> Result<Self, Refusal> {
        if self.role == Role::Admin && self.tenant.is_none() { Ok(self) } else { Err(Refusal::AdminRequired) }
    }
}

mod epoch_seconds {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[expect(clippy::ref_option, reason = "serde's `with` hands a reference to the field")]
    pub(super) fn serialize<S: Serializer>(moment: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
        moment.map(Timestamp::as_second).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
        let seconds = Option::<i64>::deserialize(from)?;
        seconds.map(Timestamp::from_second).transpose().map_err(D::Error::custom)
    }
}
