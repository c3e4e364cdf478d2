//! The seal of the log's own secrets. They are in the database; the key that opens them is not.
//!
//! A sealed secret is `lts1`, a byte that says where its key comes from, a nonce (12 bytes), and the secret encrypted
//! with AES-256-GCM. Each secret has an encryption key of its own, derived from the sealing key by HKDF with the
//! secret's name.

#[cfg(test)]
mod tests;

use crate::{config::Secret, environment::Environment};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
};
use livetrail_store::StoreError;
use std::sync::Arc;
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

const MAGIC: &[u8; 4] = b"lts1";
const NONCE_BYTES: usize = 12;
const SALT: &[u8] = b"livetrail seal";
/// The file of a node whose configuration gives no key.
const OWN_FILE: &str = "seal.key";

/// Where a sealing key comes from. The numbers are written into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// `--seal-key-file`.
    KeyFile = 1,
    /// `JWT_SECRET_KEY`.
    JwtSecret = 2,
    /// The file in the data folder.
    OwnFile = 3,
}

struct SealingKey {
    origin: Origin,
    secret: Vec<u8>,
    /// Whether new seals may be made with it: not with a key that is being replaced.
    is_current: bool,
}

/// Seals and opens the log's own secrets.
pub struct Seal {
    /// The key that seals comes first, if there is one that may.
    keys: Vec<SealingKey>,
    own_file: PathBuf,
    environment: Arc<dyn Environment>,
}

/// The content of a sealed secret.
pub(super) struct Opened {
    pub(super) secret: [u8; 32],
    /// Whether another key is to seal it from now on.
    pub(super) is_outdated: bool,
}

/// The keys that the configuration gives.
#[derive(Clone, Copy, Debug, Default)]
pub struct SealKeys<'a> {
    /// The content of `--seal-key-file`.
    pub seal_key: Option<&'a Secret>,
    /// The secret of the application's tokens.
    pub jwt_secret: Option<&'a Secret>,
    /// The one before it.
    pub jwt_secret_previous: Option<&'a Secret>,
}

/// How a key file is given. Only the server has flags for settings.
const KEY_FILE_SETTING: &str = "LIVETRAIL_SEAL_KEY_FILE in the environment, seal-key-file in the file of --config, or \
     --seal-key-file of `livetrail serve`";

impl Seal {
    /// The file of the key that a node makes if the configuration gives none.
    pub(crate) fn own_file(data_dir: &Path) -> PathBuf {
        data_dir.join(OWN_FILE)
    }

    /// Gathers the keys of this node: those of the configuration, and the file in its data folder, if it exists.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the file is there and cannot be read.
    pub fn of(
        given: SealKeys<'_>,
        data_dir: &Path,
        environment: Arc<dyn Environment>,
    ) -> Result<Self, StoreError> {
        let own_file = Self::own_file(data_dir);
        let key = |origin, secret: &Secret, is_current| SealingKey {
            origin,
            secret: secret.bytes().to_vec(),
            is_current,
        };
        let mut keys: Vec<_> = [
            given.seal_key.map(|secret| key(Origin::KeyFile, secret, true)),
            given.jwt_secret.map(|secret| key(Origin::JwtSecret, secret, true)),
            given.jwt_secret_previous.map(|secret| key(Origin::JwtSecret, secret, false)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if let Some(secret) = read(&own_file)? {
            keys.push(SealingKey { origin: Origin::OwnFile, secret, is_current: true });
        }
        Ok(Self { keys, own_file, environment })
    }

    /// Seals a secret with the key of this node. A missing key is made.
    pub(super) fn seal(&mut self, name: &str, secret: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        if !self.keys.iter().any(|key| key.is_current) {
            let secret = make(&self.own_file, self.environment.random())?;
            self.keys.push(SealingKey { origin: Origin::OwnFile, secret, is_current: true });
        }
        let key = self.keys.iter().find(|key| key.is_current).ok_or_else(failed)?;
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&self.environment.random()[..NONCE_BYTES]);
        let header = header(key.origin);
        let mut sealed = secret.to_vec();
        key.cipher(name)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(header), &mut sealed)
            .map_err(|_| failed())?;
        Ok([header.as_slice(), &nonce, &sealed].concat())
    }

    /// Opens a sealed secret with any key of this node.
    ///
    /// # Errors
    /// [`StoreError::Unusable`], with the remedy, when no key opens it.
    pub(super) fn open(&self, name: &str, sealed: &[u8]) -> Result<Opened, StoreError> {
        let parts = sealed.split_at_checked(MAGIC.len() + 1).and_then(|(header, rest)| {
            Some((header.strip_prefix(MAGIC)?.first()?, rest.split_first_chunk::<NONCE_BYTES>()?))
        });
        let Some((origin, (nonce, encrypted))) = parts else {
            return Err(StoreError::Unusable(format!("the secret {name} in the database is damaged")));
        };
        let origin = [Origin::KeyFile, Origin::JwtSecret, Origin::OwnFile]
            .into_iter()
            .find(|known| *known as u8 == *origin);
        for (number, key) in self.keys.iter().enumerate().filter(|(_, key)| Some(key.origin) == origin) {
            let mut secret = encrypted.to_vec();
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let aad = Aad::from(header(key.origin));
            if let Ok(secret) = key.cipher(name)?.open_in_place(nonce, aad, &mut secret) {
                let secret = <[u8; 32]>::try_from(&*secret).map_err(|_| failed())?;
                return Ok(Opened { secret, is_outdated: number > 0 || !key.is_current });
            }
        }
        Err(StoreError::Unusable(self.remedy(origin)))
    }

    /// What a log needs besides its database, so that its sealed secrets can be opened. None if the secret is in clear.
    pub(crate) fn needed_for(sealed: &[u8]) -> Option<&'static str> {
        Some(match sealed.strip_prefix(MAGIC)?.first()? {
            1 => "the file of --seal-key-file",
            2 => "JWT_SECRET_KEY",
            3 => OWN_FILE,
            _ => return None,
        })
    }

    fn remedy(&self, origin: Option<Origin>) -> String {
        let own_file = self.own_file.display();
        let help = match origin {
            Some(Origin::KeyFile) => format!("name the key file that they were sealed with: {KEY_FILE_SETTING}"),
            Some(Origin::JwtSecret) => {
                "start livetrail with the JWT_SECRET_KEY that they were sealed with (as JWT_SECRET_KEY_PREVIOUS while \
                 it is being changed)"
                    .into()
            }
            Some(Origin::OwnFile) => format!(
                "put the {OWN_FILE} of the data folder that they were sealed in at {own_file}; nodes with data folders \
                 of their own share one log when each is given the same JWT_SECRET_KEY or key file: {KEY_FILE_SETTING}"
            ),
            None => "a newer livetrail has sealed them: upgrade livetrail".into(),
        };
        format!("the secrets in the database are sealed with a key that is not this node's: {help}")
    }
}

impl SealingKey {
    fn cipher(&self, name: &str) -> Result<LessSafeKey, StoreError> {
        let mut key = [0; 32];
        let prk = Salt::new(HKDF_SHA256, SALT).extract(&self.secret);
        let info = [name.as_bytes()];
        prk.expand(&info, KeyBytes).and_then(|derived| derived.fill(&mut key)).map_err(|_| failed())?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).map_err(|_| failed())?))
    }
}

/// The length of an encryption key.
struct KeyBytes;

impl KeyType for KeyBytes {
    fn len(&self) -> usize {
        32
    }
}

fn header(origin: Origin) -> [u8; 5] {
    let [a, b, c, d] = *MAGIC;
    [a, b, c, d, origin as u8]
}

fn failed() -> StoreError {
    StoreError::Internal("a secret could not be sealed or opened".into())
}

fn read(file: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let mut text = String::new();
    match File::open(file).and_then(|mut opened| opened.read_to_string(&mut text)) {
        Ok(_) if text.trim().len() >= 32 => Ok(Some(text.trim().as_bytes().to_vec())),
        Ok(_) => Err(StoreError::Io {
            path: file.into(),
            reason: "it is damaged: restore it from a backup".into(),
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(io(file, &error)),
    }
}

/// Makes the file, for its owner alone. If another process has made it meanwhile, that one counts.
fn make(file: &Path, random: [u8; 32]) -> Result<Vec<u8>, StoreError> {
    let folder = file.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| io(folder, &error))?;
    let key = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // Written beside it and linked, so that the file is complete or missing, never partial.
    let draft = file.with_extension(format!("key.{}", std::process::id()));
    let written = (|| {
        let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        writeln!(new, "{key}")?;
        new.sync_all()?;
        std::fs::hard_link(&draft, file)?;
        File::open(folder)?.sync_all()
    })();
    let _ = std::fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(io(file, &error)),
        _ => read(file)?.ok_or_else(failed),
    }
}

fn io(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Io { path: path.into(), reason: error.to_string() }
}
