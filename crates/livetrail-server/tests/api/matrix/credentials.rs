//! The credentials of the matrix, apart from the application's tokens: each with what it opens.

use super::{
    access::{INVALID, Needs, Opens, REQUIRED},
    calls::{Call, TENANT},
};
use crate::fixture::{Fixture, now};
use livetrail_types::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// How a client shows a credential.
pub(super) enum Shown {
    Nothing,
    Bearer(String),
    /// The session's cookie, as a browser sends it with a request of the page's own.
    Cookie(String),
    BearerAndCookie(String, String),
    /// Any value of `Authorization`.
    Authorization(&'static str),
    /// A parameter of the address.
    Parameter(&'static str, String),
    /// A new ticket for each call, asked for with this key.
    NewTicket(String),
    /// One of the protocols that a WebSocket's client offers.
    Protocol(String),
    /// The socket in the data folder.
    Socket,
}

pub(super) struct Credential {
    pub(super) name: String,
    pub(super) shown: Shown,
    opens: Opens,
    /// What it opens as the token of a sign-in, if that is something else.
    signs_in_as: Option<Opens>,
}

impl Credential {
    pub(super) fn new(name: impl Into<String>, shown: Shown, opens: Opens) -> Self {
        Self { name: name.into(), shown, opens, signs_in_as: None }
    }

    /// An admin's secret that is shown where it is not taken, although it signs in.
    fn misplaced(name: &str, shown: Shown) -> Self {
        Self { signs_in_as: Some(Opens::All(Role::Admin)), ..Self::new(name, shown, REFUSED) }
    }

    pub(super) fn bearer(name: impl Into<String>, secret: impl Into<String>, opens: Opens) -> Self {
        Self::new(name, Shown::Bearer(secret.into()), opens)
    }

    fn cookie(name: impl Into<String>, secret: impl Into<String>, opens: Opens) -> Self {
        Self::new(name, Shown::Cookie(secret.into()), opens)
    }

    /// What it opens for this call. Only a stream reads its address and its protocols, and signing in reads its body
    /// alone.
    pub(super) fn opens(&self, call: &Call) -> Opens {
        if call.needs == Needs::SignIn {
            return self.signs_in_as.unwrap_or(match self.shown {
                Shown::Bearer(_) | Shown::Parameter("token", _) | Shown::Protocol(_) => self.opens,
                _ => Opens::Refused(INVALID),
            });
        }
        match self.shown {
            Shown::Parameter(..) | Shown::NewTicket(_) | Shown::Protocol(_) if !call.is_stream() => {
                Opens::Refused(REQUIRED)
            }
            _ => self.opens,
        }
    }

    /// What is sent as the token of a sign-in.
    pub(super) fn secret(&self) -> &str {
        match &self.shown {
            Shown::Bearer(secret)
            | Shown::Cookie(secret)
            | Shown::Parameter(_, secret)
            | Shown::Protocol(secret) => secret,
            _ => "garbage",
        }
    }
}

const REFUSED: Opens = Opens::Refused(INVALID);
const ROLES: [Role; 4] = [Role::Writer, Role::Viewer, Role::Auditor, Role::Admin];

/// A key of each role, for all tenants and for one: its name, its secret and what it opens.
async fn keys_of_each_role(fixture: &Fixture) -> Vec<(String, String, Opens)> {
    let mut keys = Vec::new();
    for role in ROLES {
        let name = role.as_str();
        let wanted = json!({"role": role, "name": name});
        keys.push((name.to_owned(), fixture.key(wanted).await, Opens::All(role)));
        let wanted = json!({"role": role, "name": name, "tenant_id": TENANT});
        keys.push((format!("{name} of a tenant"), fixture.key(wanted).await, Opens::OfTenant(role)));
    }
    keys
}

async fn revoke(fixture: &Fixture, id: &str) {
    let path = format!("/api/admin/keys/{id}");
    assert_eq!(fixture.as_admin(Method::DELETE, &path, None).await.status, 204);
}

/// A key that has expired, and the secret in the cookie of a session that it began. On a busy machine a key that lives
/// for a moment may have expired before that. Then the next one lives longer.
async fn expired(fixture: &Fixture) -> (String, String) {
    for seconds in [2, 8, 32] {
        let end = i64::try_from(now()).expect("a time") + seconds;
        let end = jiff::Timestamp::from_second(end).expect("a time");
        let wanted = json!({"role": "admin", "name": "short", "expires_at": end});
        let Ok(key) = fixture.try_key(wanted).await else { continue };
        if let Some((cookie, _)) = try_session(fixture, &key.secret).await {
            until_refused(fixture, &key.secret).await;
            return (key.secret, cookie);
        }
    }
    panic!("no key lives long enough to sign in with it");
}

/// Asks until the server does not take a key any more.
async fn until_refused(fixture: &Fixture, key: &str) {
    while fixture
        .request(Method::GET, "/api/session")
        .bearer_auth(key)
        .send()
        .await
        .expect("an answer")
        .status()
        == 200
    {}
}

pub(super) async fn link(fixture: &Fixture) -> String {
    let link = fixture.as_admin(Method::POST, "/api/admin/sign-in-link", None).await;
    link.body["link"].as_str().expect("a link").split_once("#token=").expect("a token").1.to_owned()
}

pub(super) async fn ticket(fixture: &Fixture, key: &str) -> String {
    let answer = fixture.call(Method::POST, "/api/admin/activity/stream/ticket", key, None).await;
    answer.body["ticket"].as_str().expect("a ticket").to_owned()
}

/// The secret in the cookie of a new session, and the session's id.
async fn session(fixture: &Fixture, token: &str) -> (String, Value) {
    try_session(fixture, token).await.expect("a cookie")
}

/// The same, if the token opens one.
async fn try_session(fixture: &Fixture, token: &str) -> Option<(String, Value)> {
    let signing_in = fixture.request(Method::POST, "/api/session").json(&json!({"token": token}));
    let answer = fixture.send(signing_in).await;
    let cookie = answer.header("set-cookie").split(';').next()?;
    let secret = cookie.split_once('=')?.1.to_owned();
    Some((secret, answer.body["session_id"].clone()))
}

/// Keys, and other secrets that are shown as if they were keys.
pub(super) async fn keys(fixture: &Fixture) -> Vec<Credential> {
    let keys = keys_of_each_role(fixture).await.into_iter();
    let mut all: Vec<Credential> =
        keys.map(|(name, key, opens)| Credential::bearer(format!("key: {name}"), key, opens)).collect();
    let revoked = fixture.key_with_id(json!({"role": "admin", "name": "revoked"})).await;
    revoke(fixture, &revoked.id).await;
    let (expired, _) = expired(fixture).await;
    let mut bit_off = fixture.admin.clone();
    bit_off.replace_range(40..41, if &bit_off[40..41] == "A" { "B" } else { "A" });
    let link = Shown::Bearer(link(fixture).await);
    all.extend([
        Credential::bearer("key: revoked", revoked.secret, REFUSED),
        Credential::bearer("key: expired", expired, REFUSED),
        Credential::bearer("key: of another server", other_servers_key(), REFUSED),
        Credential::bearer("key: one character wrong", bit_off, REFUSED),
        Credential::bearer("key: one character too many", format!("{}A", fixture.admin), REFUSED),
        Credential::bearer("key: prefix in capitals", fixture.admin.replacen("lt_", "LT_", 1), REFUSED),
        Credential::bearer("key: prefix alone", "lt_abc", REFUSED),
        Credential::misplaced("sign-in link as bearer", link),
        Credential::bearer("ticket as bearer", ticket(fixture, &fixture.admin).await, REFUSED),
        Credential::bearer("session as bearer", session(fixture, &fixture.admin).await.0, REFUSED),
        Credential::new("none", Shown::Nothing, Opens::Refused(REQUIRED)),
        Credential::bearer("empty bearer", "", REFUSED),
        Credential::bearer("garbage", "garbage", REFUSED),
        Credential::new("basic", Shown::Authorization("Basic YWRtaW46YWRtaW4="), REFUSED),
        Credential::new("a scheme alone", Shown::Authorization("Bearer"), REFUSED),
        Credential::new("Unix socket", Shown::Socket, Opens::All(Role::Admin)),
    ]);
    all
}

/// A key of the right form (the old one, without a checksum) that this server has not issued.
fn other_servers_key() -> String {
    "lt_".to_owned() + &"A".repeat(64)
}

/// Sessions of every origin, and what is none.
pub(super) async fn cookies(fixture: &Fixture, other: &Fixture) -> Vec<Credential> {
    let mut all = Vec::new();
    for (name, key, opens) in keys_of_each_role(fixture).await {
        if !name.starts_with("writer") {
            let (secret, _) = session(fixture, &key).await;
            all.push(Credential::cookie(format!("session: {name}'s key"), secret, opens));
        }
    }
    let of_link = session(fixture, &link(fixture).await).await.0;
    let of_token = session(fixture, &fixture.admin_token("boss").await).await.0;
    let beside = session(fixture, &fixture.admin).await.0;
    all.extend([
        Credential::cookie("session: link", of_link, Opens::All(Role::Admin)),
        Credential::cookie("session: admin's token", of_token, Opens::All(Role::Admin)),
        Credential::cookie("session: of another server", session(other, &other.admin).await.0, REFUSED),
        Credential::cookie("garbage as cookie", "abc.def.ghi", REFUSED),
        Credential::cookie("empty cookie", "", REFUSED),
        Credential::new(
            "bad bearer and good cookie",
            Shown::BearerAndCookie("garbage".into(), beside),
            REFUSED,
        ),
        Credential::misplaced("admin's token as cookie", Shown::Cookie(fixture.admin_token("boss").await)),
        Credential::misplaced("key as cookie", Shown::Cookie(fixture.admin.clone())),
        Credential::cookie("ticket as cookie", ticket(fixture, &fixture.admin).await, REFUSED),
    ]);
    all.extend(ended_sessions(fixture).await);
    all
}

async fn ended_sessions(fixture: &Fixture) -> Vec<Credential> {
    let signed_out = session(fixture, &fixture.admin).await.0;
    let cookie = format!("livetrail_session={signed_out}");
    let signing_out = fixture.request(Method::DELETE, "/api/session").header("cookie", cookie);
    fixture.send(signing_out.header("sec-fetch-site", "same-origin")).await;
    let key = fixture.key_with_id(json!({"role": "admin", "name": "revoked since"})).await;
    let of_revoked = session(fixture, &key.secret).await.0;
    revoke(fixture, &key.id).await;
    let of_removed = session(fixture, &fixture.admin_token("gone").await).await.0;
    fixture.as_admin(Method::DELETE, "/api/admin/admins/gone", None).await;
    let (ended, id) = session(fixture, &fixture.admin).await;
    let path = format!("/api/admin/sessions/{}", id.as_str().expect("an id"));
    assert_eq!(fixture.as_admin(Method::DELETE, &path, None).await.status, 204);
    let (_, expired) = expired(fixture).await;
    [
        ("signed out", signed_out),
        ("key revoked since", of_revoked),
        ("admin removed since", of_removed),
        ("ended by an admin", ended),
        ("expired", expired),
    ]
    .map(|(name, secret)| Credential::cookie(format!("session: {name}"), secret, REFUSED))
    .into()
}

/// What only a stream reads: its address and its protocols.
pub(super) async fn of_streams(fixture: &Fixture) -> Vec<Credential> {
    let keys = keys_of_each_role(fixture).await.into_iter().filter(|(name, ..)| !name.starts_with("writer"));
    let mut all: Vec<Credential> = keys
        .map(|(name, key, opens)| Credential::new(format!("ticket: {name}"), Shown::NewTicket(key), opens))
        .collect();
    let used = ticket(fixture, &fixture.admin).await;
    let path = format!("/api/admin/activity/stream?ticket={used}");
    assert_eq!(fixture.request(Method::GET, &path).send().await.expect("an answer").status(), 200);
    let key = fixture.key_with_id(json!({"role": "viewer", "name": "revoked since"})).await;
    let of_revoked = ticket(fixture, &key.secret).await;
    revoke(fixture, &key.id).await;
    let parameter = |name: &'static str, what: &str, secret: String, opens| {
        Credential::new(format!("?{name}=: {what}"), Shown::Parameter(name, secret), opens)
    };
    let token = fixture.admin_token("boss").await;
    let admin = Opens::All(Role::Admin);
    let without_user_role = Fixture::token(json!({"user_id": "anon-1"}));
    all.extend([
        parameter("ticket", "used", used, REFUSED),
        parameter("ticket", "key revoked since", of_revoked, REFUSED),
        parameter("ticket", "garbage", "garbage".into(), REFUSED),
        Credential::misplaced("?ticket=: a key", Shown::Parameter("ticket", fixture.admin.clone())),
        Credential::misplaced("?ticket=: admin's token", Shown::Parameter("ticket", token.clone())),
        parameter("token", "admin's", token.clone(), admin),
        parameter("token", "garbage", "garbage".into(), REFUSED),
        parameter("token", "anonymous", without_user_role, Opens::Refused(REQUIRED)),
        parameter("token", "without a role", Fixture::token(json!({"user_id": "u-2"})), Opens::NoRole),
        Credential::new("protocol: admin's token", Shown::Protocol(token), admin),
        Credential::new("protocol: garbage", Shown::Protocol("garbage".into()), REFUSED),
    ]);
    all
}
