//! Signing in to the page by an issuer of OpenID Connect: authorization code flow with PKCE.
//!
//! The flow is written out here over `jsonwebtoken` and `reqwest`. The library `openidconnect` 4 depends on the crate
//! `rsa`, which has a known timing weakness (RUSTSEC-2023-0071) and is banned from this tree.

mod attempt;
mod exchanges;
mod provider;

pub(crate) use attempt::{ATTEMPT_LIFE, Attempt};

use super::{
    claims::{self, Claims},
    fetch,
    jws::Jws,
    principal::Principal,
    token_verifier::is_alive,
};
use crate::{
    config::{OidcSettings, Secret},
    environment::Environment,
    log_span,
};
use exchanges::Exchanges;
use livetrail_types::Role;
use provider::{Discovery, Provider};
use reqwest::{Client, RequestBuilder, Url};
use serde::Deserialize;
use std::{net::IpAddr, sync::Arc};

/// Single sign-on at one issuer.
pub(crate) struct Oidc {
    settings: OidcSettings,
    redirect_uri: String,
    client: Client,
    discovery: Arc<Discovery>,
    environment: Arc<dyn Environment>,
    exchanges: Exchanges,
}

/// The parameters of the issuer's redirect.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

/// A user who has signed in.
pub(crate) struct SignedOn {
    pub(crate) principal: Principal,
    pub(crate) email: Option<String>,
    pub(crate) name: Option<String>,
}

/// Why signing in at the issuer led nowhere.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OidcError {
    #[error("This sign-in was not begun in this browser, or has expired; begin again from the sign-in page")]
    NotBegunHere,
    #[error("The issuer did not sign you in; begin again from the sign-in page")]
    Declined,
    #[error("Invalid token")]
    InvalidToken,
    #[error("You are signed in, but none of your groups may read this log; ask its administrator for access")]
    NoGroup,
    #[error("The issuer of single sign-on does not answer; try again shortly")]
    Away,
    #[error("Too many sign-ins are under way; try again shortly")]
    Busy,
    /// Until when, in seconds.
    #[error("Too many answers from your address were not valid; try again later")]
    TooMany(u32),
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

impl Oidc {
    /// Signs in at the issuer that `settings` name; browsers come back to `public_url`.
    ///
    /// # Errors
    /// That no client for the issuer can be made.
    pub(crate) fn start(
        settings: OidcSettings,
        public_url: &str,
        environment: &Arc<dyn Environment>,
    ) -> Result<Self, reqwest::Error> {
        let client = fetch::client()?;
        let discovery = Discovery::new(settings.issuer.clone(), client.clone(), Arc::clone(environment));
        let discovery = Arc::new(discovery);
        let early = Arc::clone(&discovery);
        log_span::spawn("oidc", async move { early.provider().await });
        Ok(Self {
            redirect_uri: format!("{public_url}/api/session/oidc/callback"),
            settings,
            client,
            discovery,
            environment: Arc::clone(environment),
            exchanges: Exchanges::new(),
        })
    }

    /// Begins to sign in: the attempt, and where the browser goes for it.
    pub(crate) async fn begin(&self, return_to: Option<&str>) -> Result<(Attempt, Url), OidcError> {
        let provider = self.discovery.provider().await.ok_or(OidcError::Away)?;
        let attempt = Attempt::begin(self.environment.random(), self.environment.now(), return_to);
        let mut address = provider.authorization_endpoint.clone();
        address
            .query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", &attempt.state())
            .append_pair("nonce", &attempt.nonce())
            .append_pair("code_challenge", &attempt.code_challenge())
            .append_pair("code_challenge_method", "S256");
        Ok((attempt, address))
    }

    /// Ends an attempt. Returns the attempt and its user. `from` is the address that the answer comes from.
    pub(crate) async fn end(
        &self,
        cookie: Option<&str>,
        answer: Answer,
        from: Option<IpAddr>,
    ) -> Result<(Attempt, SignedOn), OidcError> {
        let attempt = cookie.and_then(|cookie| Attempt::read(cookie, self.environment.now()));
        let attempt = attempt.ok_or(OidcError::NotBegunHere)?;
        if !answer.state.is_some_and(|state| attempt.has_state(&state)) {
            return Err(OidcError::NotBegunHere);
        }
        let code = answer.code.filter(|_| answer.error.is_none()).ok_or(OidcError::Declined)?;
        let provider = self.discovery.provider().await.ok_or(OidcError::Away)?;
        // An answer that comes from another issuer is an attack (RFC 9207).
        let is_of_issuer = answer.iss.map_or(!provider.names_itself, |issuer| issuer == self.settings.issuer);
        if !is_of_issuer {
            return Err(OidcError::NotBegunHere);
        }
        let exchanging = async {
            let token = self.exchange(&provider, &attempt, &code).await?;
            self.verify(&provider, &attempt, &token).await.ok_or(OidcError::InvalidToken)
        };
        let claims = self.exchanges.run(&attempt, from, self.environment.now(), exchanging).await?;
        Ok((attempt, self.signed_on(&claims)?))
    }

    /// Exchanges the code for the id token. A code works once, which the issuer sees to.
    async fn exchange(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        code: &str,
    ) -> Result<String, OidcError> {
        let verifier = attempt.code_verifier();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &verifier),
            ("client_id", &self.settings.client_id),
        ];
        let mut request = self.client.post(provider.token_endpoint.clone());
        if let Some(secret) = self.settings.client_secret.as_ref().and_then(text_of) {
            match provider.wants_secret_in_form {
                true => form.push(("client_secret", secret)),
                false => request = basic(request, &self.settings.client_id, secret),
            }
        }
        match fetch::json::<TokenAnswer>(request.form(&form)).await {
            Ok(answer) => Ok(answer.id_token),
            // 400 is the answer to a code that was used, has expired or belongs to another attempt (RFC 6749, 5.2).
            Err(fetch::FetchError::Refused(status)) if status == 400 => Err(OidcError::Declined),
            Err(error) => {
                tracing::warn!(issuer = self.settings.issuer, %error, "single sign-on: a code was not exchanged");
                Err(OidcError::Away)
            }
        }
    }

    /// OpenID Connect Core 1.0, section 3.1.3.7.
    async fn verify(&self, provider: &Provider, attempt: &Attempt, token: &str) -> Option<Claims> {
        let OidcSettings { issuer, client_id, groups_claim, tenant_claim, .. } = &self.settings;
        let token = Jws::parse(token)?;
        if !provider.keys.have_signed(&token).await {
            return None;
        }
        let further = [Some(groups_claim.as_str()), tenant_claim.as_deref(), Some("email"), Some("name")];
        let claims = Claims::parse(&token.payload, &further.into_iter().flatten().collect::<Vec<_>>())?;
        let audiences = claims.audiences();
        let party = claims.text("azp");
        let is_for_us = audiences.contains(&client_id.as_str())
            && party.map_or(audiences.len() == 1, |party| party == client_id);
        let is_right = is_for_us
            && claims.issuer() == Some(issuer)
            && claims.text("nonce") == Some(&attempt.nonce())
            && is_alive(&claims, self.environment.now(), false) == Ok(true);
        is_right.then_some(claims)
    }

    fn signed_on(&self, claims: &Claims) -> Result<SignedOn, OidcError> {
        let user = claims.subject().ok().flatten().filter(|user| !user.starts_with("anon-"));
        let user = user.ok_or(OidcError::InvalidToken)?;
        let tenant = claims.tenant(self.settings.tenant_claim.as_deref());
        let tenant = tenant.map_err(|_| OidcError::InvalidToken)?.map(str::to_owned);
        let role = self.role(&claims.texts(&self.settings.groups_claim)).ok_or(OidcError::NoGroup)?;
        let text = |name| claims.text(name).map(str::to_owned);
        let principal =
            Principal::of_issuer(user.to_owned(), role, tenant, Some(self.settings.issuer.clone()), None);
        Ok(SignedOn { principal, email: text("email"), name: text("name") })
    }

    fn role(&self, groups: &[&str]) -> Option<Role> {
        let mapped = self.settings.roles.iter().filter(|(group, _)| groups.contains(&group.as_str()));
        mapped.map(|(_, role)| *role).max_by_key(|role| claims::rank(*role))
    }
}

fn text_of(secret: &Secret) -> Option<&str> {
    std::str::from_utf8(secret.bytes()).ok()
}

/// Name and secret are form-encoded before they become a header (RFC 6749, section 2.3.1).
fn basic(request: RequestBuilder, client_id: &str, secret: &str) -> RequestBuilder {
    let encoded = |text: &str| {
        let mut address = Url::parse("http://localhost").ok()?;
        address.query_pairs_mut().append_key_only(text);
        address.query().map(str::to_owned)
    };
    let [id, secret] = [client_id, secret].map(|text| encoded(text).unwrap_or_default());
    request.basic_auth(id, Some(secret))
}
