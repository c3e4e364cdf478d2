//! A credential that is bound to a tenant sees and writes that tenant, and nothing of any other.

use crate::fixture::{Answer, EventStream, Fixture, activity, id};
use reqwest::Method;
use serde_json::{Value, json};

struct Tenants {
    fixture: Fixture,
    acme: String,
    globex: String,
}

impl Tenants {
    async fn start() -> Self {
        let fixture = Fixture::start().await;
        let key =
            |tenant: &'static str| fixture.key(json!({"role": "admin", "name": tenant, "tenant_id": tenant}));
        let (acme, globex) = (key("acme").await, key("globex").await);
        Self { fixture, acme, globex }
    }

    async fn post(&self, key: &str, body: Value) -> Answer {
        self.fixture.call(Method::POST, "/api/activity", key, Some(body)).await
    }

    async fn list(&self, key: &str, query: &str) -> Answer {
        self.fixture.call(Method::GET, &format!("/api/admin/activity?{query}"), key, None).await
    }
}

#[tokio::test]
async fn what_a_tenant_sends_belongs_to_it() {
    let tenants = Tenants::start().await;
    tenants.post(&tenants.acme, activity("u-1", "a")).await;
    assert_eq!(tenants.fixture.list("user_id=u-1").await.each("tenant_id"), ["acme"]);
    let named = json!({"user_id": "u-1", "action_type": "a", "tenant_id": "acme"});
    assert_eq!(tenants.post(&tenants.acme, named).await.status, 201);
}

#[tokio::test]
async fn naming_another_tenant_is_refused_and_nothing_is_stored() {
    let tenants = Tenants::start().await;
    let foreign = json!({"user_id": "u-1", "action_type": "a", "tenant_id": "globex"});
    for body in [foreign.clone(), json!([activity("u-1", "a"), foreign])] {
        tenants.post(&tenants.acme, body).await.is_problem(403);
    }
    assert_eq!(tenants.fixture.list("user_id=u-1").await.body["total"], 0);
    for query in ["tenant_id=globex", "tenant_id=acme,globex", "tenant_id=!globex"] {
        tenants.list(&tenants.acme, query).await.is_problem(403);
        let stream = format!("/api/admin/activity/stream?{query}");
        tenants.fixture.call(Method::GET, &stream, &tenants.acme, None).await.is_problem(403);
    }
    assert_eq!(tenants.list(&tenants.acme, "tenant_id=acme").await.status, 200);
}

#[tokio::test]
async fn a_list_and_its_figures_are_the_tenants_own() {
    let tenants = Tenants::start().await;
    tenants.post(&tenants.acme, json!([activity("u-1", "a"), activity("u-2", "a")])).await;
    tenants.post(&tenants.globex, activity("u-3", "b")).await;
    tenants.fixture.post(activity("u-4", "c")).await;
    let listed = tenants.list(&tenants.acme, "resource_type=!livetrail&sort_order=asc").await;
    assert_eq!(listed.each("user_id"), ["u-1", "u-2"]);
    let stats = &listed.body["stats"];
    assert_eq!(
        (&listed.body["total"], &stats["unique_users"], &stats["last_24h"], &stats["top_action"]),
        (&json!(2), &json!(2), &json!(2), &json!("a"))
    );
}

#[tokio::test]
async fn an_activity_of_another_tenant_is_not_found() {
    let tenants = Tenants::start().await;
    let stored = tenants.post(&tenants.globex, activity("u-3", "b")).await;
    let path = format!("/api/admin/activity/{}", stored.body["id"].as_str().expect("an id"));
    tenants.fixture.call(Method::GET, &path, &tenants.acme, None).await.is_problem(404);
    assert_eq!(tenants.fixture.call(Method::GET, &path, &tenants.globex, None).await.status, 200);
}

#[tokio::test]
async fn a_stream_live_or_resumed_is_the_tenants_own() {
    let tenants = Tenants::start().await;
    let fixture = &tenants.fixture;
    let begin = fixture.beginning().await;
    let open = |query: String| {
        let path = format!("/api/admin/activity/stream?resource_type=!livetrail{query}");
        EventStream::open(fixture.request(Method::GET, &path).bearer_auth(&tenants.acme))
    };
    let mut live = open(String::new()).await;
    for n in 0..3 {
        tenants.post(&tenants.globex, activity("theirs", "a")).await;
        fixture.post(activity("nobodys", "a")).await;
        tenants.post(&tenants.acme, activity(&format!("ours-{n}"), "a")).await;
    }
    let mut resumed = open(format!("&last_event_id={begin}")).await;
    for n in 0..3 {
        assert_eq!(live.next_activity().await["user_id"], format!("ours-{n}"));
        assert_eq!(resumed.next_activity().await["user_id"], format!("ours-{n}"));
    }
}

#[tokio::test]
async fn the_directory_is_the_tenants_own() {
    let tenants = Tenants::start().await;
    let name = |name: &str| Some(json!({"display_name": name}));
    let put = |key, body| tenants.fixture.call(Method::PUT, "/api/users/u-1", key, body);
    put(&tenants.acme, name("Ada")).await;
    put(&tenants.globex, name("Grace")).await;
    put(&tenants.fixture.writer, name("Nobody")).await;
    for key in [&tenants.acme, &tenants.globex, &tenants.fixture.writer] {
        tenants.post(key, activity("u-1", "a")).await;
    }
    assert_eq!(tenants.list(&tenants.acme, "user_id=u-1").await.each("user_display_name"), ["Ada"]);
    assert_eq!(tenants.list(&tenants.globex, "user_id=u-1").await.each("user_display_name"), ["Grace"]);
    assert_eq!(tenants.list(&tenants.acme, "q=grace").await.body["total"], 0);
    let all = tenants.fixture.list("user_id=u-1&sort_order=asc").await;
    assert_eq!(all.each("user_display_name"), ["Ada", "Grace", "Nobody"]);
}

#[tokio::test]
async fn an_id_of_another_tenant_is_free() {
    let tenants = Tenants::start().await;
    let numbered = |user: &str| json!({"id": id(1), "user_id": user, "action_type": "a"});
    assert_eq!(tenants.post(&tenants.acme, numbered("u-1")).await.body["duplicate"], false);
    let answer = tenants.post(&tenants.globex, numbered("u-2")).await;
    assert_eq!((answer.status.as_u16(), &answer.body["duplicate"]), (201, &json!(false)));
    assert_eq!(tenants.post(&tenants.acme, numbered("u-3")).await.status, 409);
}

#[tokio::test]
async fn of_an_id_that_several_tenants_have_used_each_activity_can_be_had() {
    let tenants = Tenants::start().await;
    let numbered = |user: &str| json!({"id": id(1), "user_id": user, "action_type": "shared"});
    tenants.post(&tenants.acme, numbered("u-1")).await;
    tenants.post(&tenants.globex, numbered("u-2")).await;
    let get = |key: &str, query: &str| {
        let (path, key) = (format!("/api/admin/activity/{}{query}", id(1)), key.to_owned());
        let fixture = &tenants.fixture;
        async move { fixture.call(Method::GET, &path, &key, None).await }
    };
    let admin = &tenants.fixture.admin;
    let ambiguous = get(admin, "").await;
    ambiguous.is_problem(409);
    assert!(ambiguous.detail().contains("tenant_id=acme, tenant_id=globex"), "{}", ambiguous.detail());
    get(admin, "?tenant_id=").await.is_problem(404);
    tenants.fixture.post(numbered("u-3")).await;
    for (key, query, user) in [
        (admin, "?tenant_id=acme", "u-1"),
        (admin, "?tenant_id=globex", "u-2"),
        (admin, "?tenant_id=", "u-3"),
        (&tenants.acme, "", "u-1"),
        (&tenants.globex, "?tenant_id=globex", "u-2"),
    ] {
        assert_eq!(get(key, query).await.body["user_id"], user, "{query}");
    }
    get(&tenants.acme, "?tenant_id=globex").await.is_problem(403);
    get(admin, "?tenant_id=nobody").await.is_problem(404);
    let listed = tenants.fixture.list("action_filter=shared&sort_order=asc").await;
    assert_eq!(listed.each("user_id"), ["u-1", "u-2", "u-3"]);
    assert_eq!(tenants.list(&tenants.acme, "action_filter=shared").await.each("user_id"), ["u-1"]);
}

#[tokio::test]
async fn the_record_of_a_tenants_view_belongs_to_it() {
    let tenants = Tenants::start().await;
    let mut views = tenants.fixture.stream("action_filter=admin_view_activity_logs").await;
    tenants.list(&tenants.acme, "").await;
    let view = views.next_activity().await;
    assert_eq!((&view["tenant_id"], &view["user_id"]), (&json!("acme"), &json!("key:acme")));
}
