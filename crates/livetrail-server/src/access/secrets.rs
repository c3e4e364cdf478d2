use super::Seal;
use crate::environment::Environment;
use livetrail_store::{Store, StoreError};

/// How a secret was kept before there was a seal: in clear.
const CLEAR_BYTES: usize = 32;

/// The names under which a store keeps the secrets.
const NAMES: [&str; 3] = [JWT, SESSION_IDS, DESTINATIONS];
const JWT: &str = "jwt";
const SESSION_IDS: &str = "session_ids";
const DESTINATIONS: &str = "destinations";

/// The secrets that a log makes for itself. All nodes have the same.
pub struct LogSecrets {
    /// Signs the application's tokens where the configuration gives no key for them.
    pub jwt: [u8; 32],
    /// Hashes session ids that could be live credentials.
    pub session_ids: [u8; 32],
    /// Encrypts the destinations of alerts.
    pub destinations: [u8; 32],
}

impl LogSecrets {
    /// Opens the secrets, making them where they are missing and sealing those that are kept in clear or with a key
    /// that is being replaced.
    ///
    /// # Errors
    /// An error of the store; or that no key of this node opens the secrets, with the remedy.
    pub async fn open(
        store: &dyn Store,
        mut seal: Seal,
        environment: &dyn Environment,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            jwt: open(store, &mut seal, JWT, environment).await?,
            session_ids: open(store, &mut seal, SESSION_IDS, environment).await?,
            destinations: open(store, &mut seal, DESTINATIONS, environment).await?,
        })
    }
}

/// Checks that a node with these keys can open the secrets of a log. Nothing is changed.
///
/// # Errors
/// [`StoreError::Unusable`], with the remedy; or an error of the store.
pub(crate) async fn check_sealed(store: &dyn Store, seal: &Seal) -> Result<(), StoreError> {
    for name in NAMES {
        match store.secret(name).await? {
            Some(kept) if kept.len() != CLEAR_BYTES => _ = seal.open(name, &kept)?,
            _ => {}
        }
    }
    Ok(())
}

/// Another node may do the same at the same moment. The secret that is stored first counts.
async fn open(
    store: &dyn Store,
    seal: &mut Seal,
    name: &'static str,
    environment: &dyn Environment,
) -> Result<[u8; 32], StoreError> {
    loop {
        let kept = store.secret(name).await?;
        let (secret, is_sealed_well) = match kept.as_deref() {
            None => (environment.random(), false),
            Some(clear) if clear.len() == CLEAR_BYTES => (
                clear.try_into().map_err(|_| StoreError::Internal("a secret of another length".into()))?,
                false,
            ),
            Some(sealed) => {
                let opened = seal.open(name, sealed)?;
                (opened.secret, !opened.is_outdated)
            }
        };
        if is_sealed_well || store.replace_secret(name, kept, seal.seal(name, &secret)?).await? {
            return Ok(secret);
        }
    }
}
