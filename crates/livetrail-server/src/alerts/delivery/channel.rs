//! The destination of a channel as the database keeps it: encrypted, and bound to its channel.
//!
//! A sealed destination is base64 of a nonce (12 bytes) and of JSON encrypted with AES-256-GCM. The key is a secret of
//! the log, which the database has sealed with a key of the node. The channel's id is authenticated with it, so a
//! destination cannot be moved to another channel.

use super::{Destination, WebhookSecret};
use crate::environment::Environment;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::StoreError;
use livetrail_types::json;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

const NONCE_BYTES: usize = 12;
/// How long messages are also signed with a secret that was replaced.
pub(crate) const OLD_SECRET_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Seals and opens destinations.
pub(crate) struct DestinationSeal {
    key: LessSafeKey,
    environment: Arc<dyn Environment>,
}

/// What is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SealedDestination {
    /// With the current secret alone.
    pub(crate) destination: Destination,
    /// The secret before, and until when messages are also signed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    old_secret: Option<(WebhookSecret, Timestamp)>,
}

impl From<Destination> for SealedDestination {
    fn from(destination: Destination) -> Self {
        Self { destination, old_secret: None }
    }
}

impl SealedDestination {
    /// With another secret. Messages are signed with both for [`OLD_SECRET_LIFE`]. `None` for a destination without
    /// one.
    pub(crate) fn with_secret(&self, secret: WebhookSecret, now: Timestamp) -> Option<Self> {
        let Destination::Webhook { url, secrets } = &self.destination else { return None };
        let end = now.checked_add(OLD_SECRET_LIFE).unwrap_or(Timestamp::MAX);
        let old_secret = secrets.first().cloned().map(|old| (old, end));
        Some(Self {
            destination: Destination::Webhook { url: url.clone(), secrets: vec![secret] },
            old_secret,
        })
    }

    /// With another destination. A webhook keeps its secrets.
    pub(crate) fn with_destination(&self, destination: Destination) -> Self {
        match (destination, &self.destination) {
            (Destination::Webhook { url, secrets: given }, Destination::Webhook { secrets, .. })
                if given.is_empty() =>
            {
                let destination = Destination::Webhook { url, secrets: secrets.clone() };
                Self { destination, old_secret: self.old_secret.clone() }
            }
            (other, _) => other.into(),
        }
    }

    /// The destination with the secrets that sign at a time.
    pub(crate) fn at(mut self, now: Timestamp) -> Destination {
        if let Destination::Webhook { secrets, .. } = &mut self.destination {
            secrets.extend(self.old_secret.filter(|(_, end)| now < *end).map(|(secret, _)| secret));
        }
        self.destination
    }
}

impl DestinationSeal {
    /// # Errors
    /// None with a key of this length.
    pub(crate) fn new(key: [u8; 32], environment: Arc<dyn Environment>) -> Result<Self, StoreError> {
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| failed())?;
        Ok(Self { key: LessSafeKey::new(key), environment })
    }

    /// The text that the database keeps.
    pub(crate) fn seal(&self, channel: Uuid, destination: &SealedDestination) -> Result<String, StoreError> {
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&self.environment.random()[..NONCE_BYTES]);
        let mut sealed = json::to_vec(destination);
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(channel.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| failed())?;
        Ok(STANDARD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what the database has kept.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when it is damaged, of another channel, or of a newer version.
    pub(crate) fn open(&self, channel: Uuid, sealed: &str) -> Result<SealedDestination, StoreError> {
        let damaged = || StoreError::Unusable(format!("the destination of the channel {channel} is damaged"));
        let mut bytes = STANDARD.decode(sealed).map_err(|_| damaged())?;
        let (nonce, encrypted) = bytes.split_first_chunk_mut::<NONCE_BYTES>().ok_or_else(damaged)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(channel.as_bytes()), encrypted);
        serde_json::from_slice(opened.map_err(|_| damaged())?).map_err(|_| damaged())
    }
}

fn failed() -> StoreError {
    StoreError::Internal("a destination could not be sealed".into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Manual;

    fn seal() -> DestinationSeal {
        DestinationSeal::new([7; 32], Arc::new(Manual::new())).expect("a seal")
    }

    fn webhook() -> SealedDestination {
        let secrets = vec![WebhookSecret::fresh(&Manual::new())];
        Destination::Webhook { url: "https://hooks.example.com/a".into(), secrets }.into()
    }

    fn secrets(destination: &Destination) -> Vec<String> {
        match destination {
            Destination::Webhook { secrets, .. } => {
                secrets.iter().map(|secret| secret.text().to_owned()).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_destination_is_opened_for_its_channel_alone() {
        let (seal, channel) = (seal(), Uuid::from_u128(1));
        let sealed = seal.seal(channel, &webhook()).expect("a text");
        assert!(!sealed.contains("example"));
        assert_ne!(sealed, seal.seal(channel, &webhook()).expect("a text"), "each has a nonce of its own");
        let opened = seal.open(channel, &sealed).expect("a destination");
        assert_eq!(opened.destination, webhook().destination);
        for (channel, text) in
            [(Uuid::from_u128(2), &*sealed), (channel, &sealed[4..]), (channel, "?"), (channel, "")]
        {
            assert!(seal.open(channel, text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_replaced_secret_signs_for_a_day() {
        let environment = Manual::new();
        environment.random();
        let (old, now) = (webhook(), environment.now());
        let new = old.with_secret(WebhookSecret::fresh(&environment), now).expect("a webhook");
        let [first, second] = &*secrets(&new.clone().at(now)) else { panic!("two secrets") };
        assert_eq!(std::slice::from_ref(second), &*secrets(&old.clone().at(now)), "the new one is first");
        assert_ne!(first, second);
        let later = now + OLD_SECRET_LIFE;
        assert_eq!(&*secrets(&new.clone().at(later)), std::slice::from_ref(first));
        let moved = Destination::Webhook { url: "https://example.com/b".into(), secrets: Vec::new() };
        assert_eq!(secrets(&new.with_destination(moved).at(now)).len(), 2, "it keeps its secrets");
        let slack = Destination::Slack { url: "https://hooks.slack.com/services/x".into() };
        let slack = SealedDestination::from(slack);
        assert!(slack.with_secret(WebhookSecret::fresh(&environment), now).is_none());
    }
}
