//! How many secrets of which kind were replaced.

/// Why a text was taken for a secret. The name is the label of the metric `livetrail_redactions_total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The value of a key that names a secret, in JSON or in text.
    Key,
    /// A JSON web token.
    Jwt,
    /// `Bearer` and its token.
    Bearer,
    /// `Basic` and its user and password.
    Basic,
    /// Another scheme of an `Authorization` header (`Token`, `ApiKey`, …) and its credentials.
    Scheme,
    /// A private key in PEM or PuTTY form.
    PrivateKey,
    /// A payment card number.
    Card,
    /// A credential in the format of a well-known issuer.
    KnownFormat,
    /// The password of an address (`scheme://user:password@host`).
    UrlPassword,
    /// A one-time credential in the path of an endpoint (`/reset/…`).
    Path,
}

impl SecretKind {
    /// Every kind, in the order of [`RedactionCounts::iter`].
    pub const ALL: [Self; 10] = [
        Self::Key,
        Self::Jwt,
        Self::Bearer,
        Self::Basic,
        Self::Scheme,
        Self::PrivateKey,
        Self::Card,
        Self::KnownFormat,
        Self::UrlPassword,
        Self::Path,
    ];

    /// The label of the metric, the same in the server and the SDKs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Jwt => "jwt",
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Scheme => "scheme",
            Self::PrivateKey => "private_key",
            Self::Card => "card",
            Self::KnownFormat => "known_format",
            Self::UrlPassword => "url_password",
            Self::Path => "path",
        }
    }
}

/// The number of replaced secrets of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RedactionCounts([u32; SecretKind::ALL.len()]);

impl RedactionCounts {
    /// Secrets of one kind.
    #[must_use]
    pub fn of(&self, kind: SecretKind) -> u32 {
        self.0[kind as usize]
    }

    /// Secrets of all kinds.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().sum()
    }

    /// The kinds that occurred, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SecretKind, u32)> + '_ {
        SecretKind::ALL.into_iter().map(|kind| (kind, self.of(kind))).filter(|(_, count)| *count > 0)
    }

    pub(super) fn add(&mut self, kind: SecretKind) {
        self.0[kind as usize] += 1;
    }
}
