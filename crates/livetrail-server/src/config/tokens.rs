//! Trust in clients: the keys of tokens, their issuer and audience, and the claims that give a role or a tenant. Also
//! single sign-on, and the proxies whose forwarded addresses count.

use super::{Database, RawConfig, Secret, environment, issuer_url};
use anyhow::{Context, Result, anyhow, bail};
use ipnet::IpNet;
use livetrail_store::AdminTable;
use livetrail_types::Role;
use reqwest::Url;
use std::{net::IpAddr, path::Path};

/// Where the client secret of single sign-on is read from when no file holds it. A flag would show in `ps`.
pub(super) const OIDC_SECRET_VARIABLE: &str = "LIVETRAIL_OIDC_CLIENT_SECRET";
/// Scopes that every issuer knows: the user's id, name and address.
const OIDC_SCOPES: [&str; 3] = ["openid", "profile", "email"];

/// The rules by which the application's tokens are accepted, and the rights that they give.
#[derive(Clone, Debug, Default)]
pub struct TokenSettings {
    /// The keys that sign them. They alone decide the algorithm.
    pub keys: TokenKeys,
    /// The issuers that are accepted; any if empty.
    pub issuers: Vec<String>,
    /// The audiences that are accepted; any if empty.
    pub audiences: Vec<String>,
    /// Whether a token without `exp` is accepted.
    pub allow_no_exp: bool,
    /// The claims that give a role or a tenant.
    pub claims: ClaimNames,
}

/// The keys that sign the application's tokens.
#[derive(Clone, Debug, Default)]
pub enum TokenKeys {
    /// A secret that the server makes and all nodes share.
    #[default]
    Made,
    /// HS256 with the application's secret, and with the one before while it is being changed.
    Secrets {
        /// The secret in use.
        current: Secret,
        /// The secret before it.
        previous: Option<Secret>,
    },
    /// RS256, ES256 or EdDSA with a key of the set at this address.
    Jwks(Url),
}

/// The names of claims beside the registered ones.
#[derive(Clone, Debug, Default)]
pub struct ClaimNames {
    /// Binds the user to a tenant.
    pub tenant: Option<String>,
    /// Says the role.
    pub role: Option<String>,
    /// Says whether the user is an admin.
    pub admin: Option<AdminClaim>,
}

/// A claim that makes an admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminClaim {
    /// Its name.
    pub name: String,
    /// The text that it is or contains; without one, it must be `true`.
    pub value: Option<String>,
}

/// Single sign-on by OpenID Connect.
#[derive(Clone, Debug)]
pub struct OidcSettings {
    /// The issuer, exactly as its tokens name it.
    pub issuer: String,
    /// The issuer's name for this server.
    pub client_id: String,
    /// The client's secret; a public client has none.
    pub client_secret: Option<Secret>,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// The claim that lists the user's groups.
    pub groups_claim: String,
    /// The claim that binds the user to a tenant.
    pub tenant_claim: Option<String>,
    /// Which group gives which role.
    pub roles: Vec<(String, Role)>,
}

impl RawConfig {
    pub(super) fn token_settings(
        &mut self,
        current: Option<&Secret>,
        previous: Option<&Secret>,
    ) -> Result<TokenSettings> {
        Ok(TokenSettings {
            keys: self.token_keys(current, previous)?,
            issuers: self.jwt_issuer.clone(),
            audiences: self.jwt_audience.clone(),
            allow_no_exp: *self.jwt_allow_no_exp.get_or_insert(false),
            claims: ClaimNames {
                tenant: self.jwt_tenant_claim.clone(),
                role: self.jwt_role_claim.clone(),
                admin: self.jwt_admin_claim.as_deref().map(admin_claim).transpose()?,
            },
        })
    }

    /// A set of public keys replaces the secret: a token must not choose between them.
    fn token_keys(&self, current: Option<&Secret>, previous: Option<&Secret>) -> Result<TokenKeys> {
        if let Some(url) = &self.jwks_url {
            return Ok(TokenKeys::Jwks(issuer_url("jwks-url", url)?));
        }
        match (current, previous) {
            (Some(current), previous) => {
                Ok(TokenKeys::Secrets { current: current.clone(), previous: previous.cloned() })
            }
            (None, Some(_)) => {
                bail!("jwt-secret-key: is missing; jwt-secret-key-previous is the one before it")
            }
            (None, None) => Ok(TokenKeys::Made),
        }
    }

    pub(super) fn oidc_settings(&mut self) -> Result<Option<OidcSettings>> {
        let Some(issuer) = self.oidc_issuer.clone() else {
            return match self.oidc_client_id.is_some() || !self.oidc_role.is_empty() {
                true => bail!(
                    "oidc-issuer: is missing; single sign-on needs oidc-issuer, oidc-client-id and oidc-role"
                ),
                false => Ok(None),
            };
        };
        issuer_url("oidc-issuer", &issuer)?;
        let client_id = self.oidc_client_id.clone().context("oidc-client-id: is missing")?;
        if self.oidc_role.is_empty() {
            bail!(
                "oidc-role: is missing; without one, no group may sign in; write one such as log-admins=admin"
            );
        }
        self.oidc_scopes = scopes(&self.oidc_scopes);
        Ok(Some(OidcSettings {
            issuer,
            client_id,
            client_secret: client_secret(self.oidc_client_secret_file.as_deref())?,
            scopes: self.oidc_scopes.clone(),
            groups_claim: self.oidc_groups_claim.get_or_insert_with(|| "groups".into()).clone(),
            tenant_claim: self.jwt_tenant_claim.clone(),
            roles: self.oidc_role.iter().map(|text| oidc_role(text)).collect::<Result<_>>()?,
        }))
    }

    pub(super) fn trusted_proxies(&mut self) -> Result<Vec<IpNet>> {
        networks("trusted-proxy", &mut self.trusted_proxy)
    }
}

pub(super) fn admin_table(named: Option<&str>, database: Option<&Database>) -> Result<AdminTable> {
    let Some(text) = named else { return Ok(AdminTable::default()) };
    if !matches!(database, Some(Database::Postgres(_))) {
        bail!("admin-table: there is an application's table only where the log is in PostgreSQL");
    }
    text.parse().map_err(|error| anyhow!("admin-table: {text:?} {error}, such as app.staff:user_id"))
}

fn admin_claim(text: &str) -> Result<AdminClaim> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    if name.is_empty() || value == Some("") {
        bail!("jwt-admin-claim: {text:?} must be NAME or NAME=VALUE");
    }
    Ok(AdminClaim { name: name.into(), value: value.map(str::to_owned) })
}

/// The name of a group may contain `=`, as in LDAP, so the last one counts.
fn oidc_role(text: &str) -> Result<(String, Role)> {
    let wanted = || format!("oidc-role: {text:?} must be GROUP=ROLE, with the role viewer, auditor or admin");
    let (group, role) = text.rsplit_once('=').filter(|(group, _)| !group.is_empty()).with_context(wanted)?;
    let role = role.parse::<Role>().ok().filter(|role| role.reads()).with_context(wanted)?;
    Ok((group.into(), role))
}

fn client_secret(file: Option<&Path>) -> Result<Option<Secret>> {
    let Some(path) = file else {
        return Ok(environment(OIDC_SECRET_VARIABLE).map(|secret| Secret(secret.into_bytes())));
    };
    let name = || format!("oidc-client-secret-file: {}", path.display());
    let text = std::fs::read_to_string(path).with_context(name)?;
    match text.trim() {
        "" => bail!("{} is empty", name()),
        secret => Ok(Some(Secret(secret.as_bytes().to_vec()))),
    }
}

/// Without `openid`, an issuer gives no id token.
fn scopes(wanted: &[String]) -> Vec<String> {
    let mut scopes: Vec<String> = match wanted {
        [] => OIDC_SCOPES.map(str::to_owned).to_vec(),
        some => some.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect(),
    };
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".into());
    }
    scopes
}

/// The networks of a setting, which are then written in their usual form.
pub(super) fn networks(setting: &str, texts: &mut [String]) -> Result<Vec<IpNet>> {
    let networks = texts.iter().map(|text| network(setting, text)).collect::<Result<Vec<_>>>()?;
    for (text, network) in texts.iter_mut().zip(&networks) {
        *text = network.to_string();
    }
    Ok(networks)
}

fn network(setting: &str, text: &str) -> Result<IpNet> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.ok().or_else(|| text.parse().ok()).with_context(|| {
        format!("{setting}: {text:?} is not a network; write an address or one such as 10.0.0.0/8")
    })
}
