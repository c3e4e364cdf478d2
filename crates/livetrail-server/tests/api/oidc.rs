//! Signing in to the page at an issuer.

use crate::{
    fixture::{Answer, Fixture},
    issuer::{CLIENT_ID, CLIENT_SECRET, Issuer, SigningKey},
};
use reqwest::{Client, Method, Url, redirect::Policy};
use serde_json::{Value, json};
use std::{io::Write, sync::Arc};

/// A browser that does not follow redirects by itself.
struct Browser<'a> {
    fixture: &'a Fixture,
    client: Client,
}

/// A sign-in on its way: the browser's cookie, and where the issuer sends the browser back to.
struct UnderWay {
    cookie: String,
    back: Url,
}

impl<'a> Browser<'a> {
    fn new(fixture: &'a Fixture) -> Self {
        Self { fixture, client: Client::builder().redirect(Policy::none()).build().expect("a client") }
    }

    async fn get(&self, address: &str, cookie: &str) -> Answer {
        Answer::of(self.client.get(address).header("cookie", cookie).send().await.expect("an answer")).await
    }

    async fn begin(&self, query: &str) -> Answer {
        self.get(&format!("{}/api/session/oidc{query}", self.fixture.base_url), "").await
    }

    /// Signs in at the issuer, as far as the way back.
    async fn signed_in_at_issuer(&self, query: &str) -> UnderWay {
        let begun = self.begin(query).await;
        assert_eq!(begun.status, 302, "{begun:?}");
        let cookie = begun.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let at_issuer = self.get(begun.header("location"), "").await;
        assert_eq!(at_issuer.status, 302, "{at_issuer:?}");
        UnderWay { cookie, back: at_issuer.header("location").parse().expect("an address") }
    }

    async fn come_back(&self, under_way: &UnderWay) -> Answer {
        self.get(under_way.back.as_str(), &under_way.cookie).await
    }

    /// The whole of it.
    async fn sign_in(&self) -> Answer {
        self.come_back(&self.signed_in_at_issuer("").await).await
    }
}

async fn world_of(issuer: &Issuer) -> Fixture {
    let mut secret = tempfile::NamedTempFile::new().expect("a file");
    writeln!(secret, "{CLIENT_SECRET}").expect("a secret");
    Fixture::start_with(|config| {
        config.oidc_issuer = Some(issuer.url.clone());
        config.oidc_client_id = Some(CLIENT_ID.into());
        config.oidc_client_secret_file = Some(secret.path().into());
        config.oidc_role = vec!["staff=viewer".into(), "cn=admins,ou=log=admin".into()];
        config.jwt_tenant_claim = Some("org".into());
    })
    .await
}

/// The session's cookie of an answer, as a browser sends it back.
fn session_cookie(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let mut set = cookies.filter(|cookie| cookie.starts_with("livetrail_session="));
    set.next().map(|cookie| cookie.split(';').next().expect("a cookie").to_owned())
}

async fn session_of(fixture: &Fixture, answer: &Answer) -> Value {
    assert_eq!(answer.status, 302, "{answer:?}");
    let cookie = session_cookie(answer).expect("a session");
    fixture.send(fixture.request(Method::GET, "/api/session").header("cookie", cookie)).await.body
}

/// Changes a parameter of an address; without a value, it is left out.
fn with_parameter(address: &Url, name: &str, value: Option<&str>) -> Url {
    let kept: Vec<(String, String)> =
        address.query_pairs().into_owned().filter(|(key, _)| key != name).collect();
    let mut changed = address.clone();
    changed.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(value.map(|value| (name, value)));
    changed
}

#[tokio::test]
async fn a_member_of_a_group_signs_in_and_returns_to_the_page() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    let mut log = fixture.stream("action_filter=login,user_login").await;
    let under_way = browser.signed_in_at_issuer("?return_to=%2Fadmin%2Factivity%3Fq%3Dada").await;
    let answer = browser.come_back(&under_way).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, "/admin/activity?q=ada"));
    assert_eq!(answer.header("cache-control"), "no-store");
    let session = session_of(&fixture, &answer).await;
    assert_eq!(session["user_id"], "4711");
    assert_eq!((&session["role"], &session["display_name"]), (&json!("viewer"), &json!("Ada Lovelace")));
    let recorded = log.next_activity().await;
    assert_eq!((&recorded["user_id"], &recorded["details"]["method"]), (&json!("4711"), &json!("oidc")));
}

#[tokio::test]
async fn the_attempt_is_kept_in_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let begun = Browser::new(&fixture).begin("").await;
    let cookie = begun.header("set-cookie");
    assert!(cookie.starts_with("livetrail_oidc="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax"), "{cookie}");
    let address: Url = begun.header("location").parse().expect("an address");
    let asked: std::collections::HashMap<_, _> = address.query_pairs().into_owned().collect();
    let redirect_uri = format!("{}/api/session/oidc/callback", fixture.base_url);
    assert_eq!(asked["redirect_uri"], redirect_uri);
    assert_eq!(asked["scope"], "openid profile email");
    for name in ["state", "nonce", "code_challenge"] {
        assert!(asked[name].len() >= 43 && !cookie.contains(&asked[name]), "{name}");
    }
    let returned = Browser::new(&fixture).sign_in().await;
    let cookies: Vec<_> = returned.headers.get_all("set-cookie").iter().collect();
    assert!(
        cookies.iter().any(|cookie| cookie.as_bytes().starts_with(b"livetrail_oidc=; Path=/; Max-Age=0"))
    );
}

#[tokio::test]
async fn the_group_that_gives_most_counts_and_a_tenant_binds() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    for (claims, role) in [
        (json!({"groups": ["staff", "cn=admins,ou=log"]}), "admin"),
        (json!({"groups": "staff"}), "viewer"),
        (json!({"groups": ["cn=admins,ou=log"], "org": "acme"}), "admin"),
    ] {
        issuer.says(claims.clone());
        let answer = Browser::new(&fixture).sign_in().await;
        assert_eq!(session_of(&fixture, &answer).await["role"], role, "{claims}");
        let cookie = session_cookie(&answer).expect("a session");
        let keys =
            fixture.send(fixture.request(Method::GET, "/api/admin/keys").header("cookie", cookie)).await;
        let may = role == "admin" && claims.get("org").is_none();
        assert_eq!(keys.status.as_u16(), if may { 200 } else { 403 }, "{claims}");
    }
}

#[tokio::test]
async fn a_user_without_a_group_that_counts_is_told_so() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    for groups in [json!([]), json!(["Staff", "other"]), json!(null), json!({"staff": true})] {
        issuer.says(json!({"groups": groups}));
        let answer = Browser::new(&fixture).sign_in().await;
        answer.is_problem(403);
        assert!(answer.detail().contains("none of your groups"), "{answer:?}");
        assert_eq!(session_cookie(&answer), None);
    }
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_in_this_browser_is_refused() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    let (mine, other) = (browser.signed_in_at_issuer("").await, browser.signed_in_at_issuer("").await);
    let state = other.back.query_pairs().find(|(name, _)| name == "state").expect("a state").1.into_owned();
    for (what, cookie, back) in [
        ("no cookie", "", mine.back.clone()),
        ("another attempt's cookie", other.cookie.as_str(), mine.back.clone()),
        ("another attempt's state", &mine.cookie, with_parameter(&mine.back, "state", Some(&state))),
        ("no state", &mine.cookie, with_parameter(&mine.back, "state", None)),
        ("another issuer", &mine.cookie, with_parameter(&mine.back, "iss", Some("https://evil.example"))),
        ("no issuer", &mine.cookie, with_parameter(&mine.back, "iss", None)),
        ("no code", &mine.cookie, with_parameter(&mine.back, "code", None)),
        ("an error", &mine.cookie, with_parameter(&mine.back, "error", Some("access_denied"))),
    ] {
        let answer = browser.get(back.as_str(), cookie).await;
        assert_eq!(answer.status, 401, "{what}: {answer:?}");
        assert_eq!(session_cookie(&answer), None, "{what}");
    }
    assert_eq!(browser.come_back(&mine).await.status, 302, "the right one still works");
}

#[tokio::test]
async fn answers_that_are_made_up_are_slowed_down_and_a_right_one_is_not() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    let under_way = browser.signed_in_at_issuer("").await;
    for _ in 0..10 {
        browser.get(under_way.back.as_str(), "").await.is_problem(401);
    }
    browser.get(under_way.back.as_str(), "").await.is_problem(429);
    assert_eq!(browser.come_back(&under_way).await.status, 302);
}

#[tokio::test]
async fn a_code_works_once_and_for_the_attempt_that_it_was_given_to() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    let under_way = browser.signed_in_at_issuer("").await;
    assert_eq!(browser.come_back(&under_way).await.status, 302);
    browser.come_back(&under_way).await.is_problem(401);
    let (mine, other) = (browser.signed_in_at_issuer("").await, browser.signed_in_at_issuer("").await);
    let code = other.back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let injected = UnderWay { back: with_parameter(&mine.back, "code", Some(&code)), ..mine };
    browser.come_back(&injected).await.is_problem(401);
}

#[tokio::test]
async fn codes_that_are_made_up_are_exchanged_once_for_an_attempt_and_ten_times_for_an_address() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    let made_up = |under_way: &UnderWay, n: usize| {
        with_parameter(&under_way.back, "code", Some(&format!("made-up-{n}")))
    };
    let one = browser.signed_in_at_issuer("").await;
    for n in 0..5 {
        assert_ne!(browser.get(made_up(&one, n).as_str(), &one.cookie).await.status, 302);
    }
    assert_eq!(issuer.exchanges(), 1);
    for n in 0..20 {
        let another = browser.signed_in_at_issuer("").await;
        assert_ne!(browser.get(made_up(&another, n).as_str(), &another.cookie).await.status, 302);
    }
    assert_eq!(issuer.exchanges(), 10);
}

#[tokio::test]
async fn single_sign_on_is_only_for_the_host_name_of_the_public_url() {
    let issuer = Issuer::start().await;
    let fixture = Fixture::start_with(|config| {
        config.oidc_issuer = Some(issuer.url.clone());
        config.oidc_client_id = Some(CLIENT_ID.into());
        config.oidc_role = vec!["staff=viewer".into()];
        config.public_url = Some("http://log.example.com".into());
    })
    .await;
    let browser = Browser::new(&fixture);
    for path in ["/api/session/oidc", "/api/session/oidc/callback"] {
        let asking = || browser.client.get(format!("{}{path}", fixture.base_url));
        fixture.send(asking()).await.is_problem(403);
        let right = fixture.send(asking().header("host", "log.example.com")).await;
        assert_ne!(right.status, 403, "{path}");
    }
}

#[tokio::test]
async fn an_id_token_that_is_not_for_this_sign_in_is_refused() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    for claims in [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"iss": "https://evil.example"}),
        json!({"aud": "another-client"}),
        json!({"aud": [CLIENT_ID, "another-client"]}),
        json!({"azp": "another-client"}),
        json!({"exp": 1_700_000_000}),
        json!({"exp": null}),
    ] {
        issuer.says(claims.clone());
        let answer = Browser::new(&fixture).sign_in().await;
        assert_eq!((answer.status.as_u16(), answer.detail()), (401, "Invalid token"), "{claims}");
    }
    issuer.says(json!({"aud": [CLIENT_ID, "another-client"], "azp": CLIENT_ID}));
    assert_eq!(Browser::new(&fixture).sign_in().await.status, 302);
}

#[tokio::test]
async fn an_id_token_of_a_key_that_the_issuer_does_not_publish_is_refused() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    let browser = Browser::new(&fixture);
    assert_eq!(browser.sign_in().await.status, 302);
    let under_way = browser.signed_in_at_issuer("").await;
    let same_name = Arc::new(SigningKey::new("RS256", "RS256"));
    issuer.rotate(vec![same_name]);
    browser.come_back(&under_way).await.is_problem(401);
}

#[tokio::test]
async fn an_issuer_that_is_away_stops_nothing_but_signing_in_there() {
    let mut issuer = Issuer::start().await;
    issuer.stop().await;
    let fixture = world_of(&issuer).await;
    let answer = Browser::new(&fixture).begin("").await;
    answer.is_problem(503);
    assert_eq!(answer.header("retry-after"), "30");
    assert_eq!(fixture.list("").await.status, 200);
}

#[tokio::test]
async fn the_page_is_told_whether_there_is_single_sign_on() {
    let issuer = Issuer::start().await;
    let with = world_of(&issuer).await;
    let told = with.send(with.request(Method::GET, "/config")).await;
    assert_eq!(told.body["single_sign_on"], true);
    let without = Fixture::start().await;
    for path in ["/api/session/oidc", "/api/session/oidc/callback"] {
        without.send(without.request(Method::GET, path)).await.is_problem(404);
    }
}

#[tokio::test]
async fn an_issuers_names_are_checked_and_redacted_as_those_of_applications() {
    let issuer = Issuer::start().await;
    let fixture = world_of(&issuer).await;
    for (sub, name, shown) in [
        ("1", "Eve\u{0}", Value::Null),
        ("2", "Eve\nMallory", Value::Null),
        ("3", "Eve 4111 1111 1111 1111", json!("Eve [redacted]")),
    ] {
        issuer.says(json!({"groups": ["staff"], "sub": sub, "name": name, "email": null}));
        let session = session_of(&fixture, &Browser::new(&fixture).sign_in().await).await;
        assert_eq!((&session["user_id"], &session["display_name"]), (&json!(sub), &shown));
    }
}
