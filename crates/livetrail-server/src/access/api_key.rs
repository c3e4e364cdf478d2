use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use livetrail_store::Credential;
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The secret of an API key or a sign-in link: `lt_`, the credential's id and 32 random bytes, both in URL-safe
/// base64. It is kept as a hash only; a plain one will do, since nobody guesses 256 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// The credential it is the secret of.
    pub id: Uuid,
    secret: [u8; 32],
}

const PREFIX: &str = "lt_";

impl ApiKey {
    pub(super) fn new(id: Uuid, secret: [u8; 32]) -> Self {
        Self { id, secret }
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        *blake3::hash(&self.secret).as_bytes()
    }

    /// Compares in a time that does not depend on where the difference is.
    pub(super) fn opens(&self, credential: &Credential) -> bool {
        credential.id == self.id && blake3::hash(&self.secret) == blake3::Hash::from_bytes(credential.secret)
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.as_bytes().as_slice(), &self.secret].concat();
        write!(f, "{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}[secret of {}]", self.id)
    }
}

impl FromStr for ApiKey {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let bytes = text.strip_prefix(PREFIX).and_then(|rest| URL_SAFE_NO_PAD.decode(rest).ok()).ok_or(())?;
        let (id, secret) = bytes.split_at_checked(16).ok_or(())?;
        Ok(Self { id: Uuid::from_slice(id).map_err(|_| ())?, secret: secret.try_into().map_err(|_| ())? })
    }
}
