//! The application's tokens: every confusion of a JWT, and those that are right.

use super::{
    access::{INVALID, Opens, REQUIRED},
    calls::TENANT,
    credentials::Credential,
};
use crate::{
    fixture::{Fixture, JWT_SECRET, now},
    issuer::encoded,
};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use livetrail_types::Role;
use serde_json::{Value, json};

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const OTHER_SECRET: &str = "another secret, just as long as the right one is";

/// A token of these texts, signed with any secret and any hash.
fn signed(header: &str, claims: &str, secret: &str, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", encoded(header.as_bytes()), encoded(claims.as_bytes()));
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature = crypto::sign(message.as_bytes(), &key, algorithm).expect("a signature");
    format!("{message}.{signature}")
}

/// A token of these claims that is signed as the application signs.
fn of_claims(claims: &str) -> String {
    signed(HEADER, claims, JWT_SECRET, Algorithm::HS256)
}

/// A token of the admin with this header.
fn with_header(header: &Value, secret: &str) -> String {
    signed(&header.to_string(), &boss().to_string(), secret, Algorithm::HS256)
}

fn boss() -> Value {
    json!({"user_id": "boss", "exp": now() + 3_600})
}

/// The admin's claims with one of them changed.
fn with(name: &str, value: Value) -> String {
    let mut claims = boss();
    claims[name] = value;
    of_claims(&claims.to_string())
}

/// For a server that reads a role and a tenant from the claims `role` and `org`.
pub(super) async fn tokens(fixture: &Fixture) -> Vec<Credential> {
    for user in ["boss", "gone"] {
        fixture.admin_token(user).await;
    }
    fixture.as_admin(reqwest::Method::DELETE, "/api/admin/admins/gone", None).await;
    let of = |opens: Opens| move |(name, token)| Credential::bearer(format!("token: {name}"), token, opens);
    let forged = forged().into_iter().map(of(Opens::Refused(INVALID)));
    let of_bad_claims = of_bad_claims().into_iter().map(of(Opens::Refused(INVALID)));
    let of_nobody = of_nobody().into_iter().map(of(Opens::Refused(REQUIRED)));
    let without_role = without_role().into_iter().map(of(Opens::NoRole));
    let of_admin = of_admin().into_iter().map(of(Opens::All(Role::Admin)));
    let all = forged.chain(of_bad_claims).chain(of_nobody).chain(without_role).chain(of_admin);
    all.chain(by_claim()).collect()
}

/// Right claims, and a header or a signature that is not.
fn forged() -> Vec<(&'static str, String)> {
    let claims = boss().to_string();
    let good = of_claims(&claims);
    let (message, signature) = good.rsplit_once('.').expect("a signature");
    let unsigned = |alg: &str| {
        let header = json!({"alg": alg, "typ": "JWT"}).to_string();
        format!("{}.{}.", encoded(header.as_bytes()), encoded(claims.as_bytes()))
    };
    let own_key = json!({
        "alg": "HS256", "typ": "JWT", "kid": "../../dev/null", "jku": "http://127.0.0.1:1/",
        "jwk": {"kty": "oct", "k": encoded(OTHER_SECRET.as_bytes())},
    });
    let hs512 = json!({"alg": "HS512", "typ": "JWT"}).to_string();
    vec![
        ("another secret", signed(HEADER, &claims, OTHER_SECRET, Algorithm::HS256)),
        ("an empty secret", signed(HEADER, &claims, "", Algorithm::HS256)),
        ("alg none", unsigned("none")),
        ("alg NoNe", unsigned("NoNe")),
        ("alg none and a good signature", with_header(&json!({"alg": "none", "typ": "JWT"}), JWT_SECRET)),
        ("alg RS256 and an HMAC", with_header(&json!({"alg": "RS256", "typ": "JWT"}), JWT_SECRET)),
        ("alg HS512", signed(&hs512, &claims, JWT_SECRET, Algorithm::HS512)),
        ("its own key in the header", with_header(&own_key, OTHER_SECRET)),
        ("crit", with_header(&json!({"alg": "HS256", "typ": "JWT", "crit": ["x"], "x": 1}), JWT_SECRET)),
        ("typ of another use", with_header(&json!({"alg": "HS256", "typ": "logout+jwt"}), JWT_SECRET)),
        ("without its signature", format!("{message}.")),
        ("without the last part", message.to_owned()),
        (
            "the signature of another token",
            format!("{}.{signature}", with("x", json!(1)).rsplit_once('.').expect("a signature").0),
        ),
    ]
}

/// A right signature of claims that are not.
fn of_bad_claims() -> Vec<(&'static str, String)> {
    let end = now() + 3_600;
    vec![
        ("expired", with("exp", json!(now() - 1))),
        ("without exp", of_claims(r#"{"user_id":"boss"}"#)),
        ("exp of text", with("exp", json!(end.to_string()))),
        ("exp of null", with("exp", Value::Null)),
        ("exp before 1970", with("exp", json!(-5))),
        ("exp in milliseconds", with("exp", json!(end * 1_000))),
        ("exp of 1e308", of_claims(r#"{"user_id":"boss","exp":1e308}"#)),
        ("exp of 1e400", of_claims(r#"{"user_id":"boss","exp":1e400}"#)),
        ("not valid yet", with("nbf", json!(now() + 600))),
        ("nbf of text", with("nbf", json!("later"))),
        ("two users", of_claims(&format!(r#"{{"user_id":"u-2","user_id":"boss","exp":{end}}}"#))),
        ("two ends", of_claims(&format!(r#"{{"user_id":"boss","exp":1,"exp":{end}}}"#))),
        ("an array", of_claims(&format!(r#"["boss",{end}]"#))),
    ]
}

fn of_nobody() -> Vec<(&'static str, String)> {
    vec![
        ("no user", Fixture::token(json!({}))),
        ("an empty user", with("user_id", json!(""))),
        ("an anonymous user", with("user_id", json!("anon-7"))),
        ("an anonymous user of a role", Fixture::token(json!({"sub": "anon-7", "role": "admin"}))),
    ]
}

fn without_role() -> Vec<(&'static str, String)> {
    vec![
        ("an ordinary user", with("user_id", json!("u-2"))),
        ("the admin with a space", with("user_id", json!("boss "))),
        ("the admin in capitals", with("user_id", json!("BOSS"))),
        ("an admin who was removed", with("user_id", json!("gone"))),
        ("the built-in user", with("user_id", json!("livetrail-admin"))),
        ("the operator", with("user_id", json!("livetrail-operator"))),
        ("the name of a key", with("user_id", json!("key:admin"))),
    ]
}

fn of_admin() -> Vec<(&'static str, String)> {
    vec![
        ("admin", with("nbf", json!(now() - 5))),
        ("admin by sub", Fixture::token(json!({"user_id": "", "sub": "boss"}))),
        ("exp with a fraction", with("exp", json!(now() as f64 + 3_600.5))),
        ("typ at+jwt", with_header(&json!({"alg": "HS256", "typ": "at+jwt"}), JWT_SECRET)),
        // Neither is configured.
        (
            "audience and issuer of any kind",
            Fixture::token(json!({"user_id": "boss", "aud": "x", "iss": "y"})),
        ),
    ]
}

/// A role and a tenant that the issuer says. Only keys are writers.
fn by_claim() -> Vec<Credential> {
    let mut all = Vec::new();
    for role in [Role::Writer, Role::Viewer, Role::Auditor, Role::Admin] {
        let (unbound, bound) = match role {
            Role::Writer => (Opens::NoRole, Opens::NoRole),
            _ => (Opens::All(role), Opens::OfTenant(role)),
        };
        let name = role.as_str();
        let token = Fixture::token(json!({"sub": "u-3", "role": role}));
        all.push(Credential::bearer(format!("token: {name} by claim"), token, unbound));
        let token = Fixture::token(json!({"sub": "u-3", "role": role, "org": TENANT}));
        all.push(Credential::bearer(format!("token: {name} of a tenant by claim"), token, bound));
    }
    let named = Fixture::token(json!({"user_id": "boss", "org": TENANT}));
    all.push(Credential::bearer("token: admin of a tenant", named, Opens::OfTenant(Role::Admin)));
    let unreadable = Fixture::token(json!({"user_id": "boss", "org": ["acme", "globex"]}));
    all.push(Credential::bearer("token: admin of two tenants", unreadable, Opens::Refused(INVALID)));
    all
}
