//! A database goes when its value does, whatever other sessions do.

use private_postgres::Cluster;
use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

#[test]
fn a_copy_that_waits_for_its_client_keeps_nobody_waiting_who_drops_another_database() {
    let cluster = Arc::new(Cluster::start(&[]));
    let (of_the_copy, other) = (cluster.database(), cluster.database());
    of_the_copy.psql("CREATE TABLE t (n INTEGER)");
    let mut copying = Command::new("psql")
        .arg(of_the_copy.url())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("psql runs");
    let mut input = copying.stdin.take().expect("an input");
    input.write_all(b"COPY t FROM STDIN;\n1\n").expect("a question");
    let waits =
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND wait_event = 'ClientRead'";
    while of_the_copy.psql(waits).trim() != "1" {}
    let is_there = format!("SELECT count(*) FROM pg_database WHERE datname = '{}'", other.name());
    // PostgreSQL does not drop it before the COPY has ended; this thread is not to wait for that.
    drop(other);
    input.write_all(b"\\.\n").expect("the rest");
    drop(input);
    assert!(copying.wait().expect("an end").success());
    assert_eq!(of_the_copy.psql("SELECT n FROM t").trim(), "1");
    while of_the_copy.psql(&is_there).trim() != "0" {}
}
