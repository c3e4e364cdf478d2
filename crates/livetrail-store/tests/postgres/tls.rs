//! Servers elsewhere, over TLS.

use super::{append, open, try_to_open};
use livetrail_store::StoreError;
use private_postgres::{Cluster, Database};
use std::sync::Arc;

/// A server with a certificate that it has signed itself, and a database in it.
pub(super) fn server() -> (Arc<Cluster>, Database) {
    server_with("-addext basicConstraints=critical,CA:FALSE")
}

/// The same with a certificate that may sign others, as PostgreSQL's manual tells to make one.
fn server_of_the_manual() -> (Arc<Cluster>, Database) {
    server_with("")
}

fn server_with(extension: &str) -> (Arc<Cluster>, Database) {
    let cluster = Arc::new(Cluster::start(&[]));
    // Run by the server, in the folder where it looks for both by default.
    let made = format!(
        "COPY (SELECT 1) TO PROGRAM 'openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
         -addext subjectAltName=IP:127.0.0.1 {extension} \
         -keyout server.key -out server.crt 2>/dev/null && chmod 600 server.key';"
    );
    cluster.psql("postgres", &made);
    cluster.psql("postgres", "ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()");
    while cluster.psql("postgres", "SHOW ssl").trim() != "on" {}
    let database = cluster.database();
    (cluster, database)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_is_encrypted_and_the_server_is_who_it_says_where_that_is_asked_for() {
    for (cluster, database) in [server(), server_of_the_manual()] {
        is_believed(&cluster, &database).await;
    }
}

async fn is_believed(cluster: &Cluster, database: &Database) {
    let with = |query: &str| format!("{}?{query}", database.url());
    let encrypted = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE application_name = 'livetrail' AND datname = current_database()";
    let certificate = cluster.folder().join("data/server.crt");
    let believed = format!("sslmode=verify-full&sslrootcert={}", certificate.display());
    let mut stored = 0;
    for query in ["sslmode=prefer", "sslmode=require", believed.as_str()] {
        let store = open(&with(query)).await;
        append(&store, stored + 1..=stored + 1).await;
        stored += 1;
        assert_eq!(database.psql(encrypted).trim(), "t", "{query}");
    }
    let store = open(&with("sslmode=disable")).await;
    append(&store, stored + 1..=stored + 1).await;
    assert_eq!(database.psql(encrypted).trim(), "f");

    // libpq checks no name where an authority's file is given without verify-full.
    for mode in ["require", "verify-ca"] {
        let lenient = believed.replace("verify-full", mode);
        let store = open(&with(&lenient).replace("127.0.0.1", "localhost")).await;
        append(&store, stored + 2..=stored + 2).await;
        stored += 1;
    }

    // The same server under a name that is not in its certificate, and without an authority that vouches for it.
    for url in [with(&believed).replace("127.0.0.1", "localhost"), with("sslmode=verify-full")] {
        let error = try_to_open(&url).await.err().expect("it is not believed");
        assert!(matches!(error, StoreError::Unusable(_)), "{error:?}");
        assert!(error.to_string().contains("certificate"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_refused_where_it_is_required() {
    let database = private_postgres::database();
    let error = try_to_open(&format!("{}?sslmode=require", database.url())).await.err().expect("it has none");
    assert!(error.to_string().contains("does not support TLS"), "{error}");
}
