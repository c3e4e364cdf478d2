//! An issuer's metadata (OpenID Connect Discovery 1.0).

use super::super::{
    fetch::{self, FetchError},
    jwks::{COOLDOWN, Jwks},
};
use crate::environment::Environment;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url};
use serde::Deserialize;
use std::sync::Arc;
use tokio::sync::Mutex;
use tracing::Instrument;

/// How long what it said is used before it is asked again.
const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The issuer's endpoints and keys.
pub(super) struct Provider {
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    /// Whether the client's secret goes into the form, for issuers that take it nowhere else.
    pub(super) wants_secret_in_form: bool,
    /// Whether answers name the issuer (RFC 9207).
    pub(super) names_itself: bool,
    pub(super) keys: Arc<Jwks>,
    jwks_uri: Url,
}

/// Finds the issuer and remembers what it said. Requests without a credential lead here, so they cause no more than one
/// call in [`COOLDOWN`].
pub(super) struct Discovery {
    issuer: String,
    client: Client,
    environment: Arc<dyn Environment>,
    said: Mutex<Said>,
}

#[derive(Default)]
struct Said {
    provider: Option<Arc<Provider>>,
    heard_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    pub(super) fn new(issuer: String, client: Client, environment: Arc<dyn Environment>) -> Self {
        Self { issuer, client, environment, said: Mutex::default() }
    }

    /// The issuer's metadata, or the last known one while the issuer is away.
    pub(super) async fn provider(self: &Arc<Self>) -> Option<Arc<Provider>> {
        // A client that leaves must not end the call that others wait for.
        tokio::spawn(Arc::clone(self).ask().in_current_span()).await.ok().flatten()
    }

    async fn ask(self: Arc<Self>) -> Option<Arc<Provider>> {
        let mut said = self.said.lock().await;
        let now = self.environment.now();
        let is_fresh = said.heard_at.is_some_and(|at| now < at + FRESH_FOR);
        let is_too_soon = said.asked_at.is_some_and(|at| now < at + COOLDOWN);
        if !is_fresh && !is_too_soon {
            said.asked_at = Some(now);
            match self.discover(said.provider.as_deref()).await {
                Ok(provider) => {
                    said.provider = Some(Arc::new(provider));
                    said.heard_at = Some(now);
                }
                Err(error) => {
                    tracing::warn!(issuer = self.issuer, %error, "single sign-on: the issuer is away");
                }
            }
        }
        said.provider.clone()
    }

    async fn discover(&self, before: Option<&Provider>) -> Result<Provider, FetchError> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let document: Document = fetch::json(self.client.get(address)).await?;
        if document.issuer != self.issuer {
            return Err(FetchError::Unreadable(format!(
                "it calls itself {:?}: write oidc-issuer exactly so",
                document.issuer.chars().take(80).collect::<String>()
            )));
        }
        let jwks_uri = fetch::named_url("jwks_uri", &document.jwks_uri)?;
        let keys = match before.filter(|before| before.jwks_uri == jwks_uri) {
            Some(before) => Arc::clone(&before.keys),
            None => Jwks::start(jwks_uri.clone(), self.client.clone(), Arc::clone(&self.environment)),
        };
        let methods = document.token_endpoint_auth_methods_supported.unwrap_or_default();
        let takes = |method: &str| methods.iter().any(|one| one == method);
        Ok(Provider {
            authorization_endpoint: fetch::named_url(
                "authorization_endpoint",
                &document.authorization_endpoint,
            )?,
            token_endpoint: fetch::named_url("token_endpoint", &document.token_endpoint)?,
            wants_secret_in_form: takes("client_secret_post") && !takes("client_secret_basic"),
            names_itself: document.authorization_response_iss_parameter_supported,
            keys,
            jwks_uri,
        })
    }
}
