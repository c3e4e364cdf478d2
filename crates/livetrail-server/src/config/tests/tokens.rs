use super::*;
use crate::config::secrets::MIN_SECRET_BYTES;
use livetrail_types::Role;

#[test]
fn keys_and_secrets_travel_over_https_or_not_at_all() {
    let with = |url: &str| RawConfig { jwks_url: Some(url.into()), ..typed() };
    for url in
        ["https://login.example/jwks", "http://localhost:8080/jwks", "http://127.0.0.9/", "http://[::1]:1/"]
    {
        let config = with(url).resolve(None).expect("a configuration");
        assert!(matches!(config.tokens.keys, TokenKeys::Jwks(_)), "{url}: it replaces the secret");
    }
    for url in
        ["http://login.example/jwks", "http://localhost.example/", "ftp://127.0.0.1/", "file:///etc/keys"]
    {
        let refusal = refusal(with(url));
        assert_eq!(
            refusal, "jwks-url: must begin with https://, unless its host is a loopback address",
            "{url}"
        );
    }
    assert!(refusal(with("jwks")).starts_with("jwks-url: is not a URL"));
}

#[test]
fn single_sign_on_is_configured_whole_or_not_at_all() {
    let whole = || RawConfig {
        oidc_issuer: Some("https://login.example".into()),
        oidc_client_id: Some("livetrail".into()),
        oidc_role: vec!["cn=admins,ou=log=admin".into(), "staff=viewer".into()],
        ..typed()
    };
    let oidc = whole().resolve(None).expect("a configuration").oidc.expect("single sign-on");
    let roles = [("cn=admins,ou=log".to_owned(), Role::Admin), ("staff".to_owned(), Role::Viewer)];
    assert_eq!((oidc.roles.as_slice(), oidc.groups_claim.as_str()), (&roles[..], "groups"));
    assert_eq!(oidc.scopes, ["openid", "profile", "email"]);
    assert!(typed().resolve(None).expect("a configuration").oidc.is_none());
    let scopes = RawConfig { oidc_scopes: vec!["groups email".into()], ..whole() };
    let scopes = scopes.resolve(None).expect("a configuration").oidc.expect("single sign-on").scopes;
    assert_eq!(scopes, ["openid", "groups", "email"]);
    for (raw, text) in [
        (RawConfig { oidc_issuer: None, ..whole() }, "oidc-issuer: is missing"),
        (RawConfig { oidc_client_id: None, ..whole() }, "oidc-client-id: is missing"),
        (RawConfig { oidc_role: Vec::new(), ..whole() }, "oidc-role: is missing"),
        (RawConfig { oidc_issuer: Some("http://login.example".into()), ..whole() }, "oidc-issuer: "),
        (
            RawConfig { oidc_client_secret_file: Some("no-such-file".into()), ..whole() },
            "oidc-client-secret-file: no-such",
        ),
    ] {
        let refusal = refusal(raw);
        assert!(refusal.starts_with(text), "{refusal}");
    }
    for role in ["staff", "=admin", "staff=writer", "staff=owner", "staff="] {
        let refusal = refusal(RawConfig { oidc_role: vec![role.into()], ..whole() });
        assert!(refusal.starts_with(&format!("oidc-role: {role:?} must be GROUP=ROLE")), "{refusal}");
    }
}

#[test]
fn a_claim_that_makes_an_admin_has_a_name_and_may_have_a_value() {
    let with = |claim: &str| RawConfig { jwt_admin_claim: Some(claim.into()), ..typed() };
    for (claim, name, value) in
        [("is_admin", "is_admin", None), ("groups=a=b", "groups", Some("a=b".to_owned()))]
    {
        let admin = with(claim).resolve(None).expect("a configuration").tokens.claims.admin;
        assert_eq!(admin, Some(AdminClaim { name: name.into(), value }));
    }
    for claim in ["", "=x", "groups="] {
        assert!(refusal(with(claim)).contains("must be NAME or NAME=VALUE"), "{claim}");
    }
}

#[test]
fn a_table_of_admins_is_named_with_its_schema_and_its_column() {
    let with = |table: &str| RawConfig {
        admin_table: Some(table.into()),
        database_url: Some("postgres://app@db/app".into()),
        ..typed()
    };
    let embedded = RawConfig { admin_table: Some("staff".into()), ..typed() };
    assert!(refusal(embedded).starts_with("admin-table: there is an application's table only"));
    for table in ["staff", "app.staff", "app.staff:login", "\"Staff\":id"] {
        assert!(with(table).resolve(None).is_ok(), "{table}");
    }
    for table in ["", "staff:", ":id", "staff; DROP TABLE x", "f(x)"] {
        assert!(
            refusal(with(table)).starts_with(&format!("admin-table: {table:?} must be TABLE")),
            "{table}"
        );
    }
}

#[test]
fn a_trusted_proxy_is_an_address_or_a_network() {
    let with = |proxy: &str| RawConfig { trusted_proxy: vec![proxy.into()], ..typed() };
    for (proxy, network) in [("10.0.0.0/8", "10.0.0.0/8"), ("192.0.2.1", "192.0.2.1/32"), ("::1", "::1/128")]
    {
        let proxies = with(proxy).resolve(None).expect("a configuration").trusted_proxies;
        assert_eq!(proxies.iter().map(ToString::to_string).collect::<Vec<_>>(), [network]);
    }
    for proxy in ["proxy.example", "10.0.0.0/40", "", "10.0.0.1:80"] {
        assert!(
            refusal(with(proxy)).starts_with(&format!("trusted-proxy: {proxy:?} is not a network")),
            "{proxy}"
        );
    }
}

#[test]
fn a_secret_before_the_first_one_is_none() {
    let previous = || Some("xy".repeat(MIN_SECRET_BYTES));
    let config = RawConfig { jwt_secret_key_previous: previous(), ..typed() }.resolve(None);
    let keys = config.expect("a configuration").tokens.keys;
    assert!(matches!(keys, TokenKeys::Secrets { previous: Some(_), .. }));
    assert!(!format!("{keys:?}").contains("xyxy"));
    let short = RawConfig { jwt_secret_key_previous: Some("short".into()), ..typed() };
    assert!(refusal(short).starts_with("jwt-secret-key-previous: "));
}
