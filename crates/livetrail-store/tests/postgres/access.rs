//! What a log of the version before this one brings along.

use super::{BEFORE_RETENTION, open};
use livetrail_store::{Credentials, SessionQuery};

/// Takes the third step and those after it back, as if they had never been taken, and leaves what that version kept.
const BEFORE: &str = "DROP SEQUENCE livetrail_head; DROP TABLE livetrail_sessions, livetrail_grants, livetrail_tenant_admins; \
     ALTER TABLE livetrail_credentials DROP COLUMN created_by, DROP COLUMN last_used_at; \
     DELETE FROM livetrail_migrations WHERE name >= '0003_access'; \
     INSERT INTO livetrail_settings (name, value) VALUES \
         ('session', decode(repeat('01', 32), 'hex')), ('jwt', decode(repeat('02', 32), 'hex')); \
     INSERT INTO livetrail_credentials (id, name, role, secret, single_use, created_at) VALUES \
         ('0198c0de-7a3b-7000-8000-000000000001', 'key', 'admin', decode(repeat('09', 32), 'hex'), FALSE, 0), \
         ('0198c0de-7a3b-7000-8000-000000000002', 'link', 'admin', decode(repeat('09', 32), 'hex'), TRUE, 0)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_that_signed_sessions_goes_and_other_secrets_and_keys_stay() {
    let log = super::PostgresFixture::new();
    drop(open(&log.database.url()).await);
    log.database.psql(&format!("{BEFORE_RETENTION} {BEFORE}"));
    let store = open(&log.database.url()).await;
    assert_eq!(store.secret("session").await.expect("an answer"), None);
    assert_eq!(store.secret("jwt").await.expect("an answer"), Some(vec![2; 32]));
    let keys = store.credentials().await.expect("keys");
    assert_eq!(keys.len(), 1, "a link that was not used is gone");
    assert_eq!(
        (keys[0].name.as_str(), keys[0].created_by.as_deref(), keys[0].last_used_at),
        ("key", None, None)
    );
    let at = jiff::Timestamp::UNIX_EPOCH;
    let sessions = store.sessions(SessionQuery { at, page: 1, limit: 10 }).await.expect("sessions");
    assert_eq!((sessions.total, sessions.sessions), (0, vec![]));
}
