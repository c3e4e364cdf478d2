//! Secrets. Each of them may come from a file: a flag shows in `ps`, and an environment is visible in many places.

use super::{RawConfig, environment, urls::unquoted};
use anyhow::{Context, Result, bail};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Shortest secret that tokens may be signed with or a seal derived from, in bytes.
pub(super) const MIN_SECRET_BYTES: usize = 32;

/// A secret that does not print.
#[derive(Clone)]
pub struct Secret(pub(super) Vec<u8>);

impl Secret {
    #[cfg(test)]
    pub(crate) fn of(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl RawConfig {
    /// The secret that signs the application's tokens.
    pub(super) fn jwt_secret(&self) -> Result<Option<Secret>> {
        let name = "jwt-secret-key";
        let given = given(name, self.jwt_secret_key.as_ref(), self.jwt_secret_key_file.as_ref())?;
        given.or_else(|| environment("JWT_SECRET_KEY")).map(|secret| strong(name, secret)).transpose()
    }

    /// The previous secret, while it is being changed.
    pub(super) fn jwt_secret_previous(&self) -> Result<Option<Secret>> {
        let name = "jwt-secret-key-previous";
        let given =
            given(name, self.jwt_secret_key_previous.as_ref(), self.jwt_secret_key_previous_file.as_ref())?;
        given
            .or_else(|| environment("JWT_SECRET_KEY_PREVIOUS"))
            .map(|secret| strong(name, secret))
            .transpose()
    }

    /// The key that seals the log's own secrets.
    pub(super) fn seal_key(&self) -> Result<Option<Secret>> {
        let name = "seal-key-file";
        self.seal_key_file.as_deref().map(|file| strong(name, in_file(name, file)?)).transpose()
    }

    /// The URL of the server that takes e-mails.
    pub(super) fn smtp_address(&self) -> Result<Option<String>> {
        given("smtp-url", self.smtp_url.as_ref(), self.smtp_url_file.as_ref())
    }

    pub(super) fn database_address(&self) -> Result<Option<String>> {
        let given = given("database-url", self.database_url.as_ref(), self.database_url_file.as_ref())?;
        let address = given.or_else(|| environment("DATABASE_URL"));
        Ok(address.map(|address| unquoted(&address).to_owned()))
    }
}

/// A value that is given as it is or by the file that holds it.
fn given(name: &str, value: Option<&String>, file: Option<&PathBuf>) -> Result<Option<String>> {
    match (value, file) {
        (Some(_), Some(_)) => bail!("{name}-file: {name} is given too; leave one of them out"),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(file)) => in_file(&format!("{name}-file"), file).map(Some),
        (None, None) => Ok(None),
    }
}

/// The content of a file, without the end of its line.
pub(crate) fn in_file(name: &str, file: &Path) -> Result<String> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("{name}: cannot read {}", file.display()))?;
    match text.trim() {
        "" => bail!("{name}: {} is empty", file.display()),
        secret => Ok(secret.to_owned()),
    }
}

/// A secret that cannot be guessed.
fn strong(name: &str, secret: String) -> Result<Secret> {
    let bytes = secret.into_bytes();
    if bytes.len() < MIN_SECRET_BYTES {
        bail!(
            "{name}: {} bytes are too few{}, at least {MIN_SECRET_BYTES} are needed; make one with: openssl rand -hex 32",
            bytes.len(),
            if name.starts_with("jwt") { " for HS256" } else { "" }
        );
    }
    if bytes.iter().all(|byte| *byte == bytes[0]) {
        bail!("{name}: one repeated character is not a secret; make one with: openssl rand -hex 32");
    }
    Ok(Secret(bytes))
}
