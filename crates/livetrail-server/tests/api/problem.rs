//! Every error is a problem (RFC 9457).

use crate::fixture::Fixture;
use reqwest::Method;

#[tokio::test]
async fn an_unknown_address_of_the_api_is_a_problem_and_never_the_page() {
    let fixture = Fixture::start().await;
    for path in ["/api/nothing", "/api/", "/api/admin/activity/", "/api/activity/1/2", "/nothing.js"] {
        for method in [Method::GET, Method::POST] {
            let answer = fixture.send(fixture.request(method.clone(), path)).await;
            answer.is_problem(404);
            assert!(answer.detail().contains(path), "{}", answer.detail());
        }
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_a_problem_that_names_those_it_does() {
    let fixture = Fixture::start().await;
    for (method, path, allowed) in [
        (Method::GET, "/api/activity", "POST"),
        (Method::DELETE, "/api/admin/activity", "GET,HEAD"),
        (Method::PATCH, "/api/users/u-1", "PUT"),
        (Method::POST, "/healthz", "GET,HEAD"),
        (Method::POST, "/", "GET,HEAD"),
    ] {
        let answer = fixture.send(fixture.request(method.clone(), path)).await;
        answer.is_problem(405);
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn each_request_has_an_id_of_its_own() {
    let fixture = Fixture::start().await;
    let mut ids = std::collections::HashSet::new();
    for path in ["/healthz", "/api/nothing", "/api/admin/activity", "/"] {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        assert!(ids.insert(answer.header("x-request-id").to_owned()), "{path}");
    }
    assert!(!ids.contains(""));
}

#[tokio::test]
async fn a_problem_is_kept_by_no_cache() {
    let fixture = Fixture::start().await;
    let answer = fixture.send(fixture.request(Method::GET, "/api/admin/activity")).await;
    answer.is_problem(401);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.body["type"], "about:blank");
    assert_eq!(answer.body["title"], "Unauthorized");
}

#[tokio::test]
async fn what_is_in_an_address_is_not_taken_for_markup() {
    let fixture = Fixture::start().await;
    let answer = fixture.send(fixture.request(Method::GET, "/%3Cscript%3E")).await;
    answer.is_problem(404);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}
