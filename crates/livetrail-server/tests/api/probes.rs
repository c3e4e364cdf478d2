use crate::fixture::Fixture;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn anybody_may_ask_whether_it_lives_is_ready_and_what_it_is() {
    let fixture = Fixture::start().await;
    for (path, expected) in [
        ("/healthz", json!({"status": "ok"})),
        ("/readyz", json!({"status": "ok", "index": {"state": "ready"}})),
        (
            "/config",
            json!({
                "name": "livetrail",
                "version": env!("CARGO_PKG_VERSION"),
                "single_sign_on": false,
                "text_search": false,
            }),
        ),
    ] {
        let answer = fixture.send(fixture.request(Method::GET, path)).await;
        assert_eq!((answer.status.as_u16(), answer.body), (200, expected), "{path}");
    }
}
