//! Names and texts of the application that look like parts of statements, or are as long as names can be.

use super::{
    adopt::{application, pending},
    adopt_decided::undo,
    open, reaches,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_and_triggers_whose_long_names_begin_alike_are_carried_over() {
    let (long, wide) = ("x".repeat(60), "ü".repeat(29));
    let columns: String = ["a", "b"]
        .map(|end| format!("ADD COLUMN {long}{end} INTEGER NOT NULL DEFAULT 1, ADD COLUMN {wide}{end} INTEGER NOT NULL DEFAULT 1"))
        .join(", ");
    let triggers: String = ["a", "b"]
        .map(|end| {
            format!(
                "CREATE TRIGGER {long}{end} AFTER INSERT OR DELETE ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted('{end}');
                 CREATE TRIGGER {wide}{end} AFTER INSERT OR DELETE ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted('{wide}{end}');"
            )
        })
        .concat();
    let database = application(&[
        "CREATE TABLE fired (argument TEXT); CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO fired VALUES (TG_OP || TG_ARGV[0]); RETURN NULL; END';",
        &format!("ALTER TABLE activity_logs {columns}; {triggers}"),
    ]);
    let plan = pending(&database).await.expect("a plan").join("\n");
    assert!(plan.contains(&format!("the rule that {wide}b is not null")), "{plan}");
    let store = open(&database.url()).await;
    let insert = |columns: &str, values: &str| {
        format!("INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success {columns})
                   VALUES ('00000000-0000-4000-8000-000000000003', 'a', '/', 'GET', 200, TRUE {values})")
    };
    database.psql(&insert("", ""));
    reaches(&store, 5_001).await;
    database.psql("DELETE FROM activity_logs WHERE position = 5001");
    assert_eq!(database.psql("SELECT count(*), count(DISTINCT argument) FROM fired"), "8|8\n");
    for column in [format!("{long}a"), format!("{long}b"), format!("{wide}a"), format!("{wide}b")] {
        let null = insert(&format!(", {column}"), ", NULL");
        let refusal = database.cluster().try_psql(database.name(), &null).expect_err("a refusal");
        assert!(refusal.contains("not_null"), "{column}: {refusal}");
    }
    drop(store);
    undo(&database).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arguments_and_conditions_of_triggers_may_hold_the_words_of_a_statement() {
    let arguments = [
        " WHEN (a) EXECUTE FUNCTION b('c')".to_owned(),
        r"it's a \ ü' , '".to_owned(),
        String::new(),
        ") EXECUTE FUNCTION ".to_owned(),
    ];
    let literals =
        arguments.iter().map(|one| format!("'{}'", one.replace('\'', "''"))).collect::<Vec<_>>().join(", ");
    let database = application(&[&format!(
        "CREATE TABLE fired (name TEXT, arguments TEXT);
         CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN INSERT INTO fired VALUES (TG_NAME, array_to_string(TG_ARGV, ''|'')); RETURN NULL; END';
         ALTER TABLE activity_logs ADD COLUMN \"x OR y ON z\" TEXT;
         CREATE TRIGGER bare AFTER INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted({literals});
         CREATE TRIGGER met AFTER INSERT ON activity_logs FOR EACH ROW WHEN (NEW.endpoint <> ') EXECUTE FUNCTION ') EXECUTE FUNCTION noted({literals});
         CREATE TRIGGER unmet AFTER INSERT ON activity_logs FOR EACH ROW WHEN (NEW.endpoint = ') WHEN (a) EXECUTE FUNCTION ') EXECUTE FUNCTION noted();
         CREATE TRIGGER of_column AFTER UPDATE OF \"x OR y ON z\" ON activity_logs FOR EACH ROW EXECUTE FUNCTION noted('of');"
    )]);
    pending(&database).await.expect("a plan");
    let store = open(&database.url()).await;
    database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success)
           VALUES ('00000000-0000-4000-8000-000000000003', 'a', '/', 'GET', 200, TRUE)",
    );
    reaches(&store, 5_001).await;
    database.psql("UPDATE activity_logs SET endpoint = '/x' WHERE position = 5001; UPDATE activity_logs SET \"x OR y ON z\" = 'x' WHERE position = 5001");
    let joined = arguments.join("|");
    let fired = database.psql("SELECT name, arguments FROM fired ORDER BY 1");
    assert_eq!(fired, format!("bare|{joined}\nmet|{joined}\nof_column|of\n"));
}
