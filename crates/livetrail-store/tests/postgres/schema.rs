//! The schema that a database's address names.

use super::{append, open, try_to_open};
use private_postgres::Database;

/// A database with these schemas.
fn with_schemas(schemas: &[&str]) -> Database {
    let database = private_postgres::database();
    for schema in schemas {
        database.psql(&format!("CREATE SCHEMA \"{schema}\""));
    }
    database
}

/// The schemas that have a log.
fn logs(database: &Database) -> String {
    let sql = "SELECT string_agg(relnamespace::regnamespace::text, ' ') FROM pg_class WHERE relname = 'livetrail_migrations'";
    database.psql(sql).trim().to_owned()
}

async fn refusal(database: &Database, query: &str) -> String {
    let refused = try_to_open(&format!("{}?{query}", database.url())).await;
    let text = refused.err().unwrap_or_else(|| panic!("{query} should be refused")).to_string();
    assert_eq!(logs(database), "", "{query}");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_is_made_in_the_schema_that_the_address_names() {
    for (schema, query) in [
        ("Audit", "schema=Audit"),
        ("my app", "schema=my%20app"),
        ("a\\\"\"b", "schema=a%5C%22b"),
        ("audit", "schema=audit"),
        ("audit", "currentSchema=Audit,public"),
        ("audit", "search_path=audit"),
        ("my app", "search_path=%22my%20app%22"),
        ("audit", "options=-csearch_path%3Daudit"),
    ] {
        let database = with_schemas(&[schema]);
        let store = open(&format!("{}?{query}", database.url())).await;
        append(&store, 1..=3).await;
        assert_eq!(logs(&database).replace(['"', '\\'], ""), schema.replace(['"', '\\'], ""), "{query}");
    }
}

#[tokio::test]
async fn an_address_with_an_empty_schema_is_one_without() {
    let database = with_schemas(&[]);
    open(&format!("{}?schema=&currentSchema=&search_path=&connect_timeout=", database.url())).await;
    assert_eq!(logs(&database), "public");
}

#[tokio::test]
async fn a_schema_that_is_not_there_is_refused_with_the_statement_that_makes_it() {
    let database = with_schemas(&["audit"]);
    let text = refusal(&database, "schema=Audit").await;
    assert!(text.contains("has no schema \"Audit\"") && text.contains("CREATE SCHEMA \"Audit\""), "{text}");
    for query in ["search_path=nowhere", "currentSchema=nowhere,neither"] {
        let text = refusal(&database, query).await;
        assert!(text.contains("none of the schemas nowhere") && text.contains("CREATE SCHEMA"), "{text}");
    }
}

#[tokio::test]
async fn a_search_path_that_is_not_a_list_is_refused_with_how_to_write_it() {
    let database = with_schemas(&["my app"]);
    let text = refusal(&database, "search_path=my%20app").await;
    assert!(text.contains("double quotes (%22)") && text.contains("schema="), "{text}");
}

#[tokio::test]
async fn a_database_without_a_schema_is_refused_with_the_next_step() {
    let database = with_schemas(&[]);
    database.psql("DROP SCHEMA public");
    let text = refusal(&database, "sslmode=prefer").await;
    assert!(text.contains("CREATE SCHEMA") && text.contains("?schema="), "{text}");
}

#[tokio::test]
async fn a_schema_that_the_user_may_not_use_is_refused_with_the_right_that_is_missing() {
    let database = with_schemas(&["audit"]);
    let _ = database.cluster().try_psql("postgres", "CREATE ROLE schema_app LOGIN");
    let url = database.url().replace("postgres@", "schema_app@");
    let text = try_to_open(&format!("{url}?schema=audit")).await.err().expect("a refusal").to_string();
    assert!(text.contains("GRANT USAGE, CREATE ON SCHEMA \"audit\" TO \"schema_app\""), "{text}");
}
