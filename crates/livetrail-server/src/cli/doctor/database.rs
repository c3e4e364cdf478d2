//! The database: whether it answers, what it lacks, and its clock. Nothing is changed.

use super::{clock, finding::Finding};
use crate::{
    config::{Config, Database},
    environment::{Environment, System},
};
use jiff::Timestamp;
use livetrail_store::{Inspection, PostgresAddress, PostgresStore, SqliteStore, StoreError};
use std::path::Path;

const CHECK: &str = "database";

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    match &config.database {
        Database::Sqlite(folder) => vec![embedded(folder)],
        Database::Postgres(address) => postgres(address, config.database_connections).await,
    }
}

fn embedded(folder: &Path) -> Finding {
    if !SqliteStore::is_in(folder) {
        let message = format!("{} does not contain a log yet", folder.display());
        let advice = "livetrail serve begins one; if there should be one, name its folder with --data-dir";
        return Finding::warning(CHECK, message, advice);
    }
    match SqliteStore::pending_migrations(folder) {
        Ok(pending) => migrations(&format!("the database in {}", folder.display()), &pending),
        Err(error) => unusable(&error),
    }
}

async fn postgres(address: &PostgresAddress, connections: usize) -> Vec<Finding> {
    let before = System.now();
    let inspected = PostgresStore::inspect(address.clone(), connections).await;
    let after = System.now();
    match inspected {
        Ok(inspection) => {
            let mut findings = of_server(address, &inspection, connections);
            findings.push(clock_of(&inspection, before, after));
            findings
        }
        Err(error) => vec![unusable(&error)],
    }
}

fn unusable(error: &StoreError) -> Finding {
    let advice = match error {
        StoreError::Unavailable(_) => "check that it runs, its address in database-url, and firewalls",
        StoreError::Newer { .. } => "use the livetrail that last served this log, or a newer one",
        StoreError::Damaged { .. } => "check the disk, and restore a backup: livetrail restore FILE",
        _ => "docs/postgresql.md says what livetrail needs",
    };
    Finding::failure(CHECK, error.to_string(), advice)
}

fn migrations(name: &str, pending: &[impl AsRef<str>]) -> Finding {
    if pending.is_empty() {
        return Finding::ok(CHECK, format!("{name} is up to date"));
    }
    let steps = pending.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    let advice = "make a backup; the next start of the server takes the steps, and so does livetrail migrate";
    Finding::warning(CHECK, format!("{name} lacks: {steps}"), advice)
}

fn of_server(address: &PostgresAddress, found: &Inspection, connections: usize) -> Vec<Finding> {
    let mut findings = vec![migrations(&format!("{address} (PostgreSQL {})", found.version), &found.pending)];
    let failures = [
        (
            found.is_read_only,
            "the database is read-only: it is a standby, or default_transaction_read_only is on",
            "name the primary in database-url, or switch the setting off",
        ),
        (
            !found.has_fsync,
            "PostgreSQL runs with fsync=off: acknowledged activities do not survive a power loss",
            "set fsync = on in postgresql.conf",
        ),
    ];
    let failures = failures.into_iter().filter(|(is_so, ..)| *is_so);
    findings.extend(failures.map(|(_, message, advice)| Finding::failure(CHECK, message, advice)));
    findings.extend(found.missing_rights.iter().map(|right| {
        let message = format!("the user of database-url lacks a right: {right}");
        Finding::failure(CHECK, message, "docs/postgresql.md lists the rights that livetrail needs")
    }));
    if found.is_remote && !found.has_tls {
        let message = "the connection to PostgreSQL goes over the network without TLS";
        findings.push(Finding::warning(CHECK, message, "add sslmode=verify-full to database-url"));
    }
    if found.connections < connections {
        let message = format!(
            "PostgreSQL gives this server {} connections instead of {connections}",
            found.connections
        );
        let advice =
            "raise max_connections, or the limit of the user or the database; or lower database-connections";
        findings.push(Finding::warning(CHECK, message, advice));
    }
    findings
}

/// The database read its clock at some moment between the two.
fn clock_of(found: &Inspection, before: Timestamp, after: Timestamp) -> Finding {
    let ahead = if found.now < before {
        found.now.duration_since(before)
    } else {
        found.now.duration_since(after.min(found.now))
    };
    clock::compared("PostgreSQL", ahead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;
    use jiff::SignedDuration;

    fn healthy() -> Inspection {
        Inspection {
            version: "17.2".into(),
            now: Timestamp::UNIX_EPOCH,
            pending: Vec::new(),
            is_read_only: false,
            has_fsync: true,
            missing_rights: Vec::new(),
            is_remote: true,
            has_tls: true,
            connections: 20,
        }
    }

    fn levels(found: &Inspection) -> Vec<Level> {
        let address = "postgres://u@db.example.com/app".parse().expect("an address");
        of_server(&address, found, 20).into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn each_fault_of_a_server_is_a_finding() {
        assert_eq!(levels(&healthy()), [Level::Ok]);
        let one = |level| vec![Level::Ok, level];
        for (found, expected) in [
            (Inspection { pending: vec!["0015_x".into()], ..healthy() }, vec![Level::Warning]),
            (Inspection { is_read_only: true, ..healthy() }, one(Level::Failure)),
            (Inspection { has_fsync: false, ..healthy() }, one(Level::Failure)),
            (Inspection { missing_rights: vec!["CREATE".into()], ..healthy() }, one(Level::Failure)),
            (Inspection { has_tls: false, ..healthy() }, one(Level::Warning)),
            (Inspection { has_tls: false, is_remote: false, ..healthy() }, vec![Level::Ok]),
            (Inspection { connections: 6, ..healthy() }, one(Level::Warning)),
        ] {
            assert_eq!(levels(&found), expected, "{found:?}");
        }
    }

    #[test]
    fn a_clock_that_was_read_between_two_moments_agrees_however_long_they_are_apart() {
        let found = healthy();
        let at = |seconds| found.now + SignedDuration::from_secs(seconds);
        for (before, after, level) in [
            (at(-30), at(30), Level::Ok),
            (at(10), at(11), Level::Warning),
            (at(-11), at(-10), Level::Warning),
            (at(3_600), at(3_601), Level::Failure),
        ] {
            assert_eq!(clock_of(&found, before, after).level, level);
        }
    }
}
