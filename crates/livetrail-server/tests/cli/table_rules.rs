//! Rules of an application's table that the API knows nothing of.

use crate::program::Fixture;

#[tokio::test]
async fn an_activity_that_the_table_does_not_take_is_refused_alone() {
    let database = private_postgres::database();
    let fixture = Fixture::with_log_in(database.url());
    let server = fixture.serve();
    database.psql(
        "ALTER TABLE activity_logs ADD COLUMN amount NUMERIC GENERATED ALWAYS AS ((details->>'amount')::numeric) STORED",
    );
    let writer = fixture.key("writer");
    let of = |amount: &str| serde_json::json!({"user_id": "u-1", "action_type": "paid", "details": {"amount": amount}});
    let alone = server.post(&writer, &of("much")).await;
    assert_eq!(alone.status, 422, "{}", alone.body);
    assert!(alone.body.to_string().contains("invalid input syntax for type numeric"), "{}", alone.body);

    let mut batch: Vec<_> = (0..500).map(|number| of(&number.to_string())).collect();
    batch[7] = of("much");
    batch[400] = of("more");
    let batch = serde_json::Value::from(batch);
    let results = futures_util::future::join_all((0..8).map(|number| {
        let (server, writer, batch) = (&server, &writer, &batch);
        async move {
            if number % 2 == 0 {
                server.post(writer, batch).await
            } else {
                server.post(writer, &of("1")).await
            }
        }
    }))
    .await;
    for (number, answer) in results.into_iter().enumerate() {
        if number % 2 == 0 {
            assert_eq!(
                (answer.status.as_u16(), answer.body["accepted"].as_u64()),
                (200, Some(498)),
                "{}",
                answer.body
            );
            let refused = answer.body["rejected"].as_array().expect("refusals");
            let places: Vec<_> = refused.iter().map(|one| one["index"].as_u64()).collect();
            assert_eq!(places, [Some(7), Some(400)]);
        } else {
            assert_eq!(answer.status, 201, "{}", answer.body);
        }
    }
    assert_eq!(server.get(&writer, "/readyz").await.status, 200);
}
