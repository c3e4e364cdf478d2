//! Who calls, and from where: read from the request before a handler runs.

use super::{
    connection::{Peer, Visit},
    error::{ApiError, ApiResult},
    same_site::{check_cookie_call, check_host, check_sign_in, cookie_name},
    stream_parameters::StreamParameters,
};
use crate::{
    access::{AccessError, Principal, Refusal, Ticket},
    app::App,
    connections,
    self_audit::{Actor, Origin},
};
use axum::{
    extract::{FromRequestParts, Request},
    http::{Extensions, HeaderMap, Method, Uri, header, request::Parts},
};
use livetrail_types::limits;
use std::{
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, OnceLock},
};

/// What is spoken over a WebSocket. A page, which cannot send headers, offers it together with its token.
pub(super) const SOCKET_PROTOCOL: &str = "livetrail";

/// The owner of a request's credential, once the credential is verified. The code that writes an answer after the
/// handler finds it here.
#[derive(Clone, Default)]
pub(super) struct Identified {
    actor: Arc<OnceLock<Actor>>,
    visit: Option<Visit>,
}

impl Identified {
    /// No owner yet.
    pub(super) fn on(visit: Option<Visit>) -> Self {
        Self { actor: Arc::default(), visit }
    }

    pub(super) fn actor(&self) -> Option<&Actor> {
        self.actor.get()
    }

    /// The first owner counts: a request has one. A connection is only trusted for a user who has a role here, since
    /// every user of the application has a token.
    pub(super) fn set(&self, actor: impl Into<Actor>) {
        let actor = self.actor.get_or_init(|| actor.into());
        if let (Some(visit), Some(_)) = (&self.visit, actor.role) {
            visit.identify(actor.share);
        }
    }

    fn of(parts: &Parts) -> Self {
        parts.extensions.get::<Self>().cloned().unwrap_or_default()
    }
}

impl FromRequestParts<Arc<App>> for Identified {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// A client that may read.
pub(super) struct Reader(pub(super) Principal);
/// A client that may append.
pub(super) struct Writer(pub(super) Principal);
/// A client that may administer, and where its request came from, which is recorded with each such call.
pub(super) struct Administrator(pub(super) Principal, pub(super) Origin);
/// An admin of all tenants or of one, and where the request came from.
pub(super) struct Decider(pub(super) Principal, pub(super) Origin);
/// A client that may read who has access (keys and sessions), and where its request came from.
pub(super) struct Auditor(pub(super) Principal, pub(super) Origin);
/// A client that may read and comes with an `EventSource`, which cannot send headers. Its ticket, if it shows one, is
/// not used up yet.
pub(super) enum StreamReader {
    /// By a credential that works more than once.
    Credential(Principal),
    /// By a ticket.
    Ticket(Ticket),
}
/// The session cookie that comes along, if one does.
pub(super) struct SessionCookie(pub(super) Option<String>);
/// A call that may sign in, as far as the page that it comes from tells.
pub(super) struct SigningInPage;
/// A call under the host name that the public URL says, if it says one.
pub(super) struct OwnHost;
/// Where the request came from.
pub(super) struct Caller(pub(super) Origin);

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(principal(parts, app).await?.may_read()?))
    }
}

impl FromRequestParts<Arc<App>> for Writer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(principal(parts, app).await?.may_write()?))
    }
}

impl FromRequestParts<Arc<App>> for Administrator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(principal(parts, app).await?.may_administer()?, origin_of_parts(parts)))
    }
}

impl FromRequestParts<Arc<App>> for Decider {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(principal(parts, app).await?.may_decide()?, origin_of_parts(parts)))
    }
}

impl FromRequestParts<Arc<App>> for Auditor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(principal(parts, app).await?.may_audit()?, origin_of_parts(parts)))
    }
}

impl FromRequestParts<Arc<App>> for SessionCookie {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        let cookie = cookie(&parts.headers, cookie_name(app)).map(str::to_owned);
        if cookie.is_some() {
            check_cookie_call(parts, app)?;
        }
        Ok(Self(cookie))
    }
}

impl FromRequestParts<Arc<App>> for SigningInPage {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        check_sign_in(parts, app).map(|()| Self)
    }
}

impl FromRequestParts<Arc<App>> for OwnHost {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        check_host(parts, app).map(|()| Self)
    }
}

impl StreamReader {
    pub(super) fn principal(&self) -> &Principal {
        match self {
            Self::Credential(principal) | Self::Ticket(Ticket { principal, .. }) => principal,
        }
    }

    /// Lets the client in, which uses a ticket up: every other check of the request comes before.
    pub(super) async fn let_in(self, app: &App) -> ApiResult<Principal> {
        match self {
            Self::Credential(principal) => Ok(principal),
            Self::Ticket(ticket) => Ok(app.access.redeem(ticket).await?),
        }
    }
}

impl FromRequestParts<Arc<App>> for StreamReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        let StreamParameters { ticket, token, .. } = StreamParameters::of(&parts.uri);
        if let Some(ticket) = ticket {
            let ticket = app.access.ticket(&ticket, host(&parts.extensions)).await?;
            Identified::of(parts).set(&ticket.principal);
            return Ok(Self::Ticket(ticket));
        }
        let in_address = token.filter(|_| app.settings.query_token);
        let offered = || {
            let mut offered = protocols(&parts.headers);
            offered
                .next()
                .filter(|first| *first == SOCKET_PROTOCOL)
                .and_then(|_| offered.next().map(str::to_owned))
        };
        let principal = match in_address.or_else(offered) {
            Some(token) => bearer(app, &token, parts).await?,
            None => principal(parts, app).await?,
        };
        Ok(Self::Credential(principal.may_read()?))
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> ApiResult<Self> {
        Ok(Self(origin_of_parts(parts)))
    }
}

/// A bearer token counts before a cookie, because a browser adds only the cookie by itself.
async fn principal(parts: &Parts, app: &App) -> ApiResult<Principal> {
    if let Some(authorization) = parts.headers.get(header::AUTHORIZATION) {
        let token = authorization.to_str().ok().and_then(bearer_token).ok_or(Refusal::InvalidToken)?;
        return bearer(app, token, parts).await;
    }
    if let Some(cookie) = cookie(&parts.headers, cookie_name(app)) {
        let session =
            app.access.session(cookie, host(&parts.extensions)).await.map_err(|error| match error {
                AccessError::Refused(_) => ApiError::dead_session(),
                AccessError::Store(error) => error.into(),
            })?;
        Identified::of(parts).set(&session);
        return check_cookie_call(parts, app).map(|()| session);
    }
    match parts.extensions.get::<Peer>() {
        Some(Peer::Operator) => Ok(Principal::operator()),
        _ => Err(Refusal::AuthenticationRequired.into()),
    }
}

/// The principal of a bearer token. A user of the application who is not an admin is refused by name.
async fn bearer(app: &App, token: &str, parts: &Parts) -> ApiResult<Principal> {
    let (read, identified) = (app.access.bearer(token, host(&parts.extensions)).await, Identified::of(parts));
    match &read {
        Ok(principal) => identified.set(principal),
        Err(AccessError::Refused(Refusal::AdminRequired)) => {
            app.access.user_of(token).await.into_iter().for_each(|user| identified.set(Actor::user(user)));
        }
        Err(_) => {}
    }
    Ok(read?)
}

/// The address that a request comes from, of IPv6 its /64, where a client chooses its addresses itself.
fn host(extensions: &Extensions) -> Option<IpAddr> {
    match extensions.get::<Peer>() {
        Some(Peer::Network { address, .. }) => Some(connections::host(*address)),
        _ => None,
    }
}

fn bearer_token(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The protocols that a WebSocket's client offers.
pub(super) fn protocols(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).map(str::trim)
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(given, _)| *given == name).map(|(_, value)| value)
}

/// Where a request came from, before a handler takes it apart.
pub(super) fn origin_of(request: &Request) -> Origin {
    origin(request.method(), request.uri(), request.headers(), request.extensions())
}

fn origin_of_parts(parts: &Parts) -> Origin {
    origin(&parts.method, &parts.uri, &parts.headers, &parts.extensions)
}

/// The path has no query string, where a token may stand.
fn origin(method: &Method, uri: &Uri, headers: &HeaderMap, extensions: &Extensions) -> Origin {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin {
        endpoint: uri.path().chars().take(limits::ENDPOINT).collect(),
        method: method.as_str().chars().take(limits::HTTP_METHOD).collect(),
        ip_address: match extensions.get::<Peer>() {
            Some(Peer::Network { address, .. }) => Some(address.to_canonical()),
            _ => None,
        },
        user_agent: agent.map(|agent| agent.chars().take(limits::USER_AGENT).collect()),
    }
}
