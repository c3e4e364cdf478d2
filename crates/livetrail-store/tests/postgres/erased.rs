//! The data of a user are erased from a table that was an application's.

use super::{adopt::application, everything, open, reaches};
use livetrail_store::{Erasure, Person, Retention};

const USER: &str = "00000000-0000-4000-8000-000000000003";

/// Columns that may not be empty and are of other types than Livetrail's, and a row whose delegate is in a column
/// beside the application's own.
const STRICT: &str = "UPDATE activity_logs SET error_message = coalesce(error_message, 'none'), target_user_id = coalesce(target_user_id, user_id);
    ALTER TABLE activity_logs ALTER details TYPE TEXT, ALTER details SET NOT NULL, ALTER ip_address TYPE VARCHAR(45), ALTER ip_address SET NOT NULL,
      ALTER user_agent SET NOT NULL, ALTER error_message SET NOT NULL, ADD COLUMN delegate_id INTEGER NOT NULL DEFAULT 7,
      ADD CONSTRAINT an_agent CHECK (user_agent LIKE 'Mozilla%');";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adopted_table_keeps_its_rows_and_nothing_of_the_user() {
    let database = application(&[STRICT]);
    let store = open(&database.url()).await;
    database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, error_message, target_user_id, \
           details, ip_address, user_agent, resource_type) \
         VALUES ('{USER}', 'user_login', '/users/{USER}', 'GET', 200, TRUE, 'none', '{USER}', '{{}}', '192.0.2.9', 'Mozilla', 'livetrail')"
    ));
    reaches(&store, 5_001).await;
    let before = everything(&store).await;
    let person = Person { user_id: USER.into(), tenant: None, pseudonym: "erased-1".into() };
    let found = store.about(person.clone(), 0, 5_001).await.expect("activities");
    let positions: Vec<u64> = found.iter().map(|aged| aged.position).collect();
    let about = |activity: &&livetrail_types::Activity| {
        activity.user_id == USER || activity.target_user_id.as_deref() == Some(USER)
    };
    assert_eq!(positions.len(), before.iter().filter(about).count());
    let holds = store.holds().await.expect("holds").version;
    let erased = store.erase(person.clone(), positions.clone(), holds).await.expect("an erasure");
    assert_eq!(erased, Some(positions.len() as u64));

    let after = everything(&store).await;
    assert_eq!(after.iter().filter(about).count(), 0);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((before.id, before.timestamp, before.success), (after.id, after.timestamp, after.success));
        if before.user_id == USER {
            assert_eq!((&*after.user_id, &after.ip_address, &after.user_agent), ("erased-1", &None, &None));
        } else if !about(&before) {
            assert_eq!(before, after);
        }
    }
    let last = after.last().expect("a row");
    assert_eq!(last.endpoint.as_deref(), Some("/users/erased-1"));
    assert_eq!(
        last.resource_type.as_deref(),
        Some("external:livetrail"),
        "it does not become one of Livetrail's own"
    );
    assert_eq!(
        database.psql(&format!("SELECT count(*) FROM activity_logs a WHERE a::text LIKE '%{USER}%'")).trim(),
        "0"
    );
    // The application goes on with its own rules.
    database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, error_message, details, ip_address, \
           user_agent) VALUES ('{USER}', 'user_login', '/', 'GET', 200, TRUE, 'none', '{{}}', '192.0.2.9', 'Mozilla')"
    ));
    reaches(&store, 5_002).await;
}

/// An application's row is redacted when it is read, as no intake has seen it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_an_application_stays_redacted_after_an_erasure() {
    let database = application(&[]);
    let store = open(&database.url()).await;
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoidS0xIn0.c2lnbmF0dXJl";
    database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, target_user_id, ip_address, user_agent) \
         VALUES ('00000000-0000-4000-8000-000000000004', 'user_updated', '/users', 'PUT', 200, TRUE, '{USER}', '192.0.2.9', 'Mozilla {token}')"
    ));
    reaches(&store, 5_001).await;
    let agent = async || everything(&store).await.pop().expect("a row").user_agent.expect("an agent");
    let before = agent().await;
    assert!(!before.contains(token), "{before}");
    let person = Person { user_id: USER.into(), tenant: None, pseudonym: "erased-1".into() };
    let holds = store.holds().await.expect("holds").version;
    assert_eq!(store.erase(person, vec![5_001], holds).await.expect("an erasure"), Some(1));
    assert_eq!(agent().await, before, "the person is the target only");
}
