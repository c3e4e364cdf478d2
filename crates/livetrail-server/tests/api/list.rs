use crate::fixture::{APPLICATION, Fixture, activity, now};
use async_compression::tokio::bufread::GzipDecoder;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

#[tokio::test]
async fn an_empty_log_is_an_empty_page() {
    let fixture = Fixture::start().await;
    let listed = fixture.list(APPLICATION).await;
    assert_eq!(listed.status, 200);
    assert_eq!(listed.header("cache-control"), "no-store");
    let body = &listed.body;
    for (name, value) in [
        ("success", json!(true)),
        ("data", json!([])),
        ("total", json!(0)),
        ("total_is_exact", json!(true)),
        ("page", json!(1)),
        ("limit", json!(20)),
        ("total_pages", json!(0)),
        ("next_cursor", Value::Null),
        ("prev_cursor", Value::Null),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
    let stats = json!({
        "total_logs": 0, "success_rate": 0.0, "success_count": 0, "failed_count": 0, "unique_users": 0,
        "anonymous_users": 0, "admin_actions": 0, "avg_duration_ms": null, "p95_duration_ms": null, "last_24h": 0,
        "top_action": null,
    });
    assert_eq!(body["stats"], stats);
}

#[tokio::test]
async fn the_newest_come_first_twenty_a_page() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..45).map(|n| activity(&format!("u-{n:02}"), "a")).collect();
    fixture.post(json!(batch)).await;
    let users =
        |range: std::ops::Range<u32>| range.rev().map(|n| json!(format!("u-{n:02}"))).collect::<Vec<_>>();
    let first = fixture.list("action_filter=a").await;
    assert_eq!(first.each("user_id"), users(25..45));
    let last = fixture.list("action_filter=a&page=3").await;
    assert_eq!(last.each("user_id"), users(0..5));
    assert_eq!((&last.body["total"], &last.body["total_pages"]), (&json!(45), &json!(3)));
}

#[tokio::test]
async fn beyond_the_last_page_is_an_empty_page() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "a")).await;
    for page in ["2", "1000000", "4294967295"] {
        let listed = fixture.list(&format!("action_filter=a&page={page}&limit=100")).await;
        assert_eq!(listed.status, 200, "{page}");
        assert_eq!((&listed.body["data"], &listed.body["total"]), (&json!([]), &json!(1)), "{page}");
    }
}

#[tokio::test]
async fn a_list_is_sorted_by_what_is_asked_with_nulls_last() {
    let fixture = Fixture::start().await;
    let timed = |user: &str, action: &str, at: i64, duration: Value, status: Value| {
        json!({
            "user_id": user, "action_type": action, "timestamp": at, "duration_ms": duration, "status_code": status
        })
    };
    fixture
        .post(json!([
            timed("u-1", "b", 1_700_000_300, json!(5), json!(500)),
            timed("u-2", "c", 1_700_000_100, json!(null), json!(200)),
            timed("u-3", "a", 1_700_000_200, json!(7), json!(null)),
        ]))
        .await;
    for (sort, order) in [
        ("", ["u-1", "u-3", "u-2"]),
        ("sort_order=asc", ["u-2", "u-3", "u-1"]),
        ("sort_by=timestamp&sort_order=desc", ["u-1", "u-3", "u-2"]),
        ("sort_by=action_type&sort_order=asc", ["u-3", "u-1", "u-2"]),
        ("sort_by=action_type&sort_order=DESC", ["u-2", "u-1", "u-3"]),
        ("sort_by=duration_ms&sort_order=asc", ["u-1", "u-3", "u-2"]),
        ("sort_by=duration_ms", ["u-3", "u-1", "u-2"]),
        ("sort_by=status_code&sort_order=asc", ["u-2", "u-1", "u-3"]),
        ("sort_by=status_code", ["u-1", "u-2", "u-3"]),
    ] {
        assert_eq!(fixture.list(&format!("{APPLICATION}&{sort}")).await.each("user_id"), order, "{sort}");
    }
}

#[tokio::test]
async fn each_parameter_that_is_not_right_is_named() {
    let fixture = Fixture::start().await;
    for (query, name) in [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=-1", "page"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=1.5", "limit"),
        ("sort_by=user_id", "sort_by"),
        ("sort_order=up", "sort_order"),
        ("cursor=x", "cursor"),
        ("success_filter=maybe", "success_filter"),
        ("date_from=yesterday", "date_from"),
        ("date_to=1772366400000", "date_to"),
        ("date_from=1&date_from=2", "date_from"),
        ("date_from=1772366401&date_to=1772366400", "date_to"),
        ("ip=localhost", "ip"),
        ("status=9xx", "status"),
        ("status=700", "status"),
        ("is_admin=perhaps", "is_admin"),
        ("anonymous=1", "anonymous"),
        ("delegated=bot", "delegated"),
        ("category=nothing", "category"),
        ("text=word", "text"),
        ("colour=red", "colour"),
        ("action=a", "action"),
    ] {
        let answer = fixture.list(query).await;
        answer.is_problem(422);
        assert_eq!(answer.pointers(), [name], "{query}");
        assert!(answer.detail().starts_with(name), "{}", answer.detail());
    }
    let both = fixture.list("page=0&limit=0&colour=red").await;
    assert_eq!(both.pointers(), ["page", "limit", "colour"]);
    assert!(fixture.list("user=u-1").await.detail().contains("did you mean user_"), "a hint");
}

#[tokio::test]
async fn a_parameter_without_a_value_is_none() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "a")).await;
    let everything = "page=&limit=&sort_by=&sort_order=&cursor=&action_filter=&success_filter=&user_search=&q=&date_from=\
                      &date_to=&ip=&status=&user_id=";
    assert_eq!(fixture.list(everything).await.status, 200);
}

#[tokio::test]
async fn the_figures_are_those_of_the_filter() {
    let fixture = Fixture::start().await;
    let days_ago = |days: u64| now() - days * 86_400;
    let mut batch = vec![
        json!({"user_id": "u-1", "action_type": "a", "duration_ms": 10, "timestamp": days_ago(3)}),
        json!({"user_id": "u-1", "action_type": "a", "duration_ms": 15, "success": false}),
        json!({"user_id": "anon-1", "action_type": "b", "status_code": 500}),
        json!({"user_id": "u-2", "action_type": "a", "is_admin": true}),
    ];
    batch.push(json!({"user_id": "other", "action_type": "c", "duration_ms": 1_000}));
    fixture.post(json!(batch)).await;
    let figures = json!({
        "total_logs": 4, "success_rate": 50.0, "success_count": 2, "failed_count": 2, "unique_users": 3,
        "anonymous_users": 1, "admin_actions": 1, "avg_duration_ms": 12.5, "p95_duration_ms": 15, "last_24h": 3,
        "top_action": "a",
    });
    assert_eq!(fixture.list("action_filter=a,b&limit=1").await.body["stats"], figures);
}

#[tokio::test]
async fn the_last_day_is_counted_whatever_dates_the_filter_names() {
    let fixture = Fixture::start().await;
    let long_ago = json!({"user_id": "u-1", "action_type": "a", "timestamp": now() - 500_000});
    fixture.post(json!([activity("u-1", "a"), activity("u-1", "a"), long_ago])).await;
    let listed = fixture.list(&format!("action_filter=a&date_to={}", now() - 90_000)).await;
    assert_eq!(
        (&listed.body["stats"]["total_logs"], &listed.body["stats"]["last_24h"]),
        (&json!(1), &json!(2))
    );
}

#[tokio::test]
async fn names_come_from_the_directory_whenever_it_learns_them() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "user_login")).await;
    assert_eq!(fixture.list("user_id=u-1").await.each("description"), ["u-1 signed in"]);
    let names = json!({"email": "ada@example.com", "display_name": "Ada Lovelace"});
    fixture.call(Method::PUT, "/api/users/u-1", &fixture.writer, Some(names)).await;
    let listed = fixture.list("user_id=u-1").await;
    assert_eq!(listed.each("user_email"), ["ada@example.com"]);
    assert_eq!(listed.each("user_display_name"), ["Ada Lovelace"]);
    assert_eq!(listed.each("description"), ["Ada Lovelace signed in"]);
}

#[tokio::test]
async fn an_action_that_the_catalogue_does_not_know_is_shown_in_words() {
    let fixture = Fixture::start().await;
    fixture.post(activity("u-1", "parcel_sent")).await;
    let listed = fixture.list("user_id=u-1").await;
    assert_eq!(listed.each("category"), ["other"]);
    assert!(
        listed.body["data"][0]["description"]
            .as_str()
            .is_some_and(|text| text.to_lowercase().contains("parcel sent"))
    );
}

#[tokio::test]
async fn one_activity_is_found_by_its_id() {
    let fixture = Fixture::start().await;
    let stored = fixture.post(activity("u-1", "a")).await;
    let found =
        fixture.get(&format!("/api/admin/activity/{}", stored.body["id"].as_str().expect("an id"))).await;
    assert_eq!(found.status, 200);
    assert_eq!(found.body, fixture.list("user_id=u-1").await.body["data"][0]);
}

#[tokio::test]
async fn an_id_that_is_unknown_or_none_is_not_found() {
    let fixture = Fixture::start().await;
    for id in ["0198c0de-7a3b-7000-8000-000000000001", "17", "stream2"] {
        fixture.get(&format!("/api/admin/activity/{id}")).await.is_problem(404);
    }
}

#[tokio::test]
async fn a_list_has_everything_that_was_acknowledged_before_it_began() {
    let fixture = Fixture::start().await;
    let write_and_read = |n: u32| {
        let fixture = &fixture;
        async move {
            let stored = fixture.post(activity(&format!("u-{n}"), "a")).await;
            let listed = fixture.list(&format!("user_id=u-{n}")).await;
            assert_eq!(listed.each("position"), [stored.body["position"].clone()], "u-{n}");
        }
    };
    join_all((0..50).map(write_and_read)).await;
}

#[tokio::test]
async fn the_head_cursor_joins_a_list_and_a_stream_without_gap_or_reset() {
    let fixture = Fixture::start().await;
    let writer = async {
        for n in 0..40 {
            fixture.post(activity(&format!("u-{n}"), "a")).await;
        }
    };
    let reader = async {
        for _ in 0..10 {
            let listed = fixture.list("action_filter=a&limit=100&sort_order=asc").await;
            let mut seen: Vec<u64> = listed.each("position").iter().filter_map(Value::as_u64).collect();
            let head = listed.body["head_cursor"].as_str().expect("a cursor");
            let mut stream = fixture.stream_after("action_filter=a", Some(head)).await;
            assert_eq!(stream.connected.id.as_deref(), Some(head), "no reset");
            while seen.len() < 40 {
                let event = stream.next().await.expect("the stream goes on");
                assert_eq!(event.data["type"], "new_activity", "{event:?}");
                seen.extend(event.data["data"]["position"].as_u64());
            }
            assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
        }
    };
    tokio::join!(writer, reader);
}

#[tokio::test]
async fn a_page_is_compressed_for_a_client_that_takes_it() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..50).map(|n| activity(&format!("u-{n:02}"), "a")).collect();
    fixture.post(json!(batch)).await;
    let path = "/api/admin/activity?action_filter=a&limit=50";
    let ask = async |accepted: &str| {
        let request = fixture.request(Method::GET, path).bearer_auth(&fixture.admin);
        let answer = request.header("accept-encoding", accepted).send().await.expect("an answer");
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (encoding, vary, length) = (header("content-encoding"), header("vary"), header("content-length"));
        let body = answer.bytes().await.expect("a body");
        assert_eq!(length, Some(body.len().to_string()));
        assert!(vary.is_some_and(|names| names.contains("accept-encoding")));
        (encoding, body)
    };
    let (none, plain) = ask("identity").await;
    let (gzip, zipped) = ask("br, gzip").await;
    assert_eq!((none, gzip.as_deref()), (None, Some("gzip")));
    let mut text = Vec::new();
    GzipDecoder::new(&zipped[..]).read_to_end(&mut text).await.expect("gzip");
    let rows = |text: &[u8]| serde_json::from_slice::<Value>(text).expect("JSON")["data"].clone();
    assert_eq!(rows(&text), rows(&plain));
    assert!(zipped.len() * 4 < plain.len(), "{} of {}", zipped.len(), plain.len());
    let (refused, _) = ask("gzip;q=0").await;
    assert_eq!(refused, None);
}

#[tokio::test]
async fn a_page_without_figures_is_the_same_page_and_the_figures_alone_are_the_same_figures() {
    let fixture = Fixture::start().await;
    let batch: Vec<_> = (0..45).map(|n| activity(&format!("u-{n:02}"), "a")).collect();
    fixture.post(json!(batch)).await;
    let whole = fixture.list("action_filter=a&page=2").await.body;
    let page = fixture.list("action_filter=a&page=2&stats=false").await.body;
    for name in ["data", "page", "limit"] {
        assert_eq!(page[name], whole[name], "{name}");
    }
    for (name, missing) in [
        ("stats", Value::Null),
        ("total", Value::Null),
        ("total_pages", Value::Null),
        ("total_is_exact", json!(false)),
    ] {
        assert_eq!(page.get(name), Some(&missing), "{name}");
    }
    assert_eq!(fixture.list("action_filter=a&page=2&stats=TRUE").await.body["stats"], whole["stats"]);
    let alone = fixture.get("/api/admin/activity/stats?action_filter=a").await;
    assert_eq!(alone.status, 200);
    assert_eq!((&alone.body["success"], &alone.body["stats"]), (&json!(true), &whole["stats"]));
    assert!(alone.body["head_cursor"].is_string());
    let next = page["next_cursor"].as_str().expect("another page");
    let last = fixture.list(&format!("action_filter=a&cursor={next}&stats=false")).await;
    assert_eq!(last.each("user_id"), (0..5).rev().map(|n| json!(format!("u-{n:02}"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn figures_alone_refuse_what_is_about_pages_and_a_list_refuses_other_values_of_stats() {
    let fixture = Fixture::start().await;
    let answer = fixture.get("/api/admin/activity/stats?page=2&sort_by=timestamp&stats=false").await;
    answer.is_problem(422);
    let named: Vec<_> =
        answer.body["errors"].as_array().expect("errors").iter().map(|error| &error["pointer"]).collect();
    assert_eq!(named.len(), 3, "{named:?}");
    let answer = fixture.list("stats=maybe").await;
    answer.is_problem(422);
    assert!(answer.detail().contains("stats must be true or false, not \"maybe\""), "{answer:?}");
}
