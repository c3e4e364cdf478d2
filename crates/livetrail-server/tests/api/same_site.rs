//! Which pages may act with the session cookie and sign in, and what browsers are told about this server's answers.

use crate::fixture::{Answer, Fixture};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

const APP: &str = "https://app.example.com";
const PUBLIC: &str = "https://log.example.com";

/// What a browser says of the page that calls.
type Page<'a> = &'a [(&'a str, &'a str)];

async fn signed_in(fixture: &Fixture) -> String {
    let request = fixture.request(Method::POST, "/api/session").json(&json!({"token": &fixture.admin}));
    let answer = fixture.send(request).await;
    answer.header("set-cookie").split(';').next().expect("a cookie").to_owned()
}

fn from(request: RequestBuilder, page: Page<'_>) -> RequestBuilder {
    page.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

/// A change that the cookie authorises.
async fn change(fixture: &Fixture, cookie: &str, page: Page<'_>) -> Answer {
    let request = fixture.request(Method::PUT, "/api/admin/admins/u-1").header("cookie", cookie);
    fixture.send(from(request, page)).await
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_with_the_cookie() {
    let fixture = Fixture::start().await;
    let cookie = signed_in(&fixture).await;
    let own = fixture.base_url.clone();
    let other_port = "http://127.0.0.1:1";
    let pages: [(Page<'_>, u16); 9] = [
        (&[("sec-fetch-site", "same-origin")], 204),
        (&[("sec-fetch-site", "none")], 204),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", "cross-site")], 403),
        (&[("sec-fetch-site", "cross-site"), ("origin", &own)], 403),
        (&[("origin", &own)], 204),
        (&[("origin", other_port)], 403),
        (&[("origin", "null")], 403),
        (&[], 403),
    ];
    for (page, status) in pages {
        assert_eq!(change(&fixture, &cookie, page).await.status, status, "{page:?}");
    }
    let reading = fixture.request(Method::GET, "/api/session").header("cookie", &cookie);
    assert_eq!(fixture.send(from(reading, &[("sec-fetch-site", "cross-site")])).await.status, 200);
    let bearer = fixture.request(Method::PUT, "/api/admin/admins/u-1").bearer_auth(&fixture.admin);
    assert_eq!(fixture.send(from(bearer, &[("origin", other_port)])).await.status, 204);
}

#[tokio::test]
async fn a_page_of_an_origin_that_is_named_may_change_things_with_the_cookie() {
    let fixture = Fixture::start_with(|config| config.cors_origin = vec![APP.into()]).await;
    let cookie = signed_in(&fixture).await;
    for (origin, status) in
        [(APP, 204), ("https://evil.example.com", 403), ("https://app.example.com.evil.com", 403)]
    {
        for site in [&[][..], &[("sec-fetch-site", "same-site")]] {
            let page = [site, &[("origin", origin)]].concat();
            assert_eq!(change(&fixture, &cookie, &page).await.status, status, "{page:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_site_signs_no_user_in_or_out() {
    let fixture = Fixture::start().await;
    let cookie = signed_in(&fixture).await;
    let attempt = async |cookie: Option<&str>, page: Page<'_>| {
        let mut request =
            fixture.request(Method::POST, "/api/session").json(&json!({"token": &fixture.writer}));
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        fixture.send(from(request, page)).await.detail().to_owned()
    };
    let reached = "Admin access required";
    assert_eq!(attempt(None, &[]).await, reached, "a program that is not a browser");
    assert_eq!(attempt(Some(&cookie), &[("sec-fetch-site", "same-origin")]).await, reached);
    let refused: [(Option<&str>, Page<'_>); 4] = [
        (None, &[("sec-fetch-site", "cross-site")]),
        (None, &[("origin", "http://127.0.0.1:1")]),
        (Some(&cookie), &[("sec-fetch-site", "same-site")]),
        (Some(&cookie), &[]),
    ];
    for (cookie, page) in refused {
        assert!(attempt(cookie, page).await.contains("page of another site"), "{page:?}");
    }
    let sign_out = |page: Page<'_>| {
        let request = fixture.request(Method::DELETE, "/api/session").header("cookie", &cookie);
        fixture.send(from(request, page))
    };
    sign_out(&[("sec-fetch-site", "same-site")]).await.is_problem(403);
    assert_eq!(sign_out(&[("sec-fetch-site", "same-origin")]).await.status, 204);
}

#[tokio::test]
async fn a_body_that_the_cookie_authorises_needs_its_type() {
    let fixture = Fixture::start().await;
    let cookie = signed_in(&fixture).await;
    let body = json!({"name": "n", "role": "viewer"}).to_string();
    let request = || {
        let request =
            fixture.request(Method::POST, "/api/admin/keys").header("sec-fetch-site", "same-origin");
        request.body(body.clone())
    };
    fixture.send(request().header("cookie", &cookie)).await.is_problem(415);
    assert_eq!(
        fixture.send(request().bearer_auth(&fixture.admin)).await.status,
        201,
        "a bearer credential is exempt"
    );
    let sign_in =
        fixture.request(Method::POST, "/api/session").body(json!({"token": &fixture.admin}).to_string());
    fixture.send(sign_in).await.is_problem(415);
}

#[tokio::test]
async fn a_body_over_http2_needs_its_type_too_though_no_header_says_that_there_is_one() {
    let fixture = Fixture::start().await;
    let cookie = signed_in(&fixture).await;
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    let request = |method, path: &str| {
        let request = client.request(method, format!("{}{path}", fixture.base_url));
        request.header("cookie", &cookie).header("sec-fetch-site", "same-origin")
    };
    let parts = [json!({"name": "n", "role": "viewer"}).to_string()].map(Ok::<_, std::io::Error>);
    let without_length = reqwest::Body::wrap_stream(futures_util::stream::iter(parts));
    fixture.send(request(Method::POST, "/api/admin/keys").body(without_length)).await.is_problem(415);
    let without_body = fixture.send(request(Method::PUT, "/api/admin/admins/u-1")).await;
    assert_eq!(without_body.status, 204, "{without_body:?}");
}

#[tokio::test]
async fn the_page_is_known_by_its_public_url_where_that_is_set() {
    let fixture = Fixture::start_with(|config| config.public_url = Some(format!("{PUBLIC}:443/"))).await;
    let sign_in = async |host: &str| {
        let request = fixture.request(Method::POST, "/api/session").header("host", host);
        fixture.send(request.json(&json!({"token": &fixture.admin}))).await
    };
    sign_in("127.0.0.1").await.is_problem(403);
    let other = sign_in("evil.example.com").await;
    assert!(other.detail().contains("open https://log.example.com"), "{}", other.detail());
    let answer = sign_in("log.example.com").await;
    assert_eq!(answer.status, 200);
    let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    for (host, origin, status) in [
        ("log.example.com", PUBLIC, 204),
        ("log.example.com", "http://log.example.com", 403),
        ("evil.example.com", "https://evil.example.com", 403),
    ] {
        let page = [("host", host), ("origin", origin)];
        assert_eq!(change(&fixture, &cookie, &page).await.status, status, "{page:?}");
    }
    assert_eq!(fixture.list("").await.status, 200, "a bearer credential may use any name");
}

#[tokio::test]
async fn browsers_are_told_what_answers_are_not_for() {
    let fixture = Fixture::start().await;
    for path in ["/", "/api/session", "/api/admin/activity", "/healthz", "/nothing", "/docs"] {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "this one is reached over plain HTTP");
    }
    let secure = Fixture::start_with(|config| config.public_url = Some(PUBLIC.into())).await;
    let answer = secure.send(secure.request(Method::GET, "/")).await;
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn no_cache_keeps_an_answer_of_the_api() {
    let fixture = Fixture::start().await;
    let cookie = signed_in(&fixture).await;
    let sign_out = fixture.request(Method::DELETE, "/api/session").header("cookie", cookie);
    let answers = [
        fixture.list("").await,
        fixture.get("/api/admin/keys").await,
        fixture.as_admin(Method::PUT, "/api/admin/admins/u-1", None).await,
        fixture.as_admin(Method::POST, "/api/admin/activity/stream/ticket", None).await,
        fixture.send(sign_out.header("sec-fetch-site", "same-origin")).await,
    ];
    for answer in answers {
        assert!(answer.status.is_success());
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    }
}
