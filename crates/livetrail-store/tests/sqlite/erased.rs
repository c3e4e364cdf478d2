//! What an erasure leaves in the files of the embedded database: nothing.

use super::{head, open, temporary};
use jiff::Timestamp;
use livetrail_store::{Directory, Erasure, Log, Person, Retention, SqliteStore};
use livetrail_types::{NewActivity, Stamped, UserProfile, json};
use std::{fs, path::Path};
use uuid::Uuid;

/// In every text of the user who is erased.
const MARK: &str = "Qx7Marker";

fn person() -> Person {
    Person { user_id: format!("u-{MARK}"), tenant: None, pseudonym: "erased-1".into() }
}

/// The n-th activity: some are of the user who is erased. Their texts are as long as those that fill several pages.
fn activity(n: u64) -> Stamped {
    let is_of_person = n.is_multiple_of(3);
    let text = |length: usize| match is_of_person {
        true => format!("{MARK} {n} ").repeat(length / 10),
        false => format!("other {n} ").repeat(length / 10),
    };
    let details = json::parse(
        format!("{{\"note\": \"{}\"}}", text(if n.is_multiple_of(30) { 9_000 } else { 200 })).as_bytes(),
    );
    let user = if is_of_person { person().user_id } else { format!("u-{}", n % 50) };
    let given = NewActivity {
        endpoint: Some(format!("/users/{user}/{}", n % 7)),
        error_message: Some(text(150)),
        details: details.expect("JSON").as_object().cloned(),
        user_agent: Some(text(100)),
        session_id: Some(text(30)),
        request_id: Some(text(30)),
        target_resource_id: Some(user.clone()),
        ..NewActivity::new(user, "user_login")
    };
    let id = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_0000 | u128::from(n));
    given.stamp(Timestamp::from_second(1_772_366_400).expect("a moment"), id, &[7; 32])
}

async fn append(store: &SqliteStore, numbers: std::ops::Range<u64>) {
    store.append(numbers.map(activity).collect()).await.expect("an append");
}

async fn erase(store: &SqliteStore) -> u64 {
    let holds = store.holds().await.expect("holds").version;
    let found = store.about(person(), 0, head(store).await).await.expect("activities");
    let positions: Vec<u64> = found.iter().map(|aged| aged.position).collect();
    let mut erased = 0;
    for piece in positions.chunks(100) {
        erased += store.erase(person(), piece.to_vec(), holds).await.expect("an erasure").expect("the holds");
    }
    assert!(store.erase_profile(person()).await.expect("an erasure"));
    assert!(store.purge().await.expect("a purge"));
    erased
}

/// How often the mark is in each file of a folder that has it.
fn marks(folder: &Path) -> Vec<(String, usize)> {
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let count = |bytes: &[u8]| bytes.windows(MARK.len()).filter(|window| *window == MARK.as_bytes()).count();
    files
        .map(|file| (file.display().to_string(), count(&fs::read(file).expect("a file"))))
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_has_a_text_of_an_erased_user() {
    let folder = temporary();
    let store = open(folder.path());
    let profile = UserProfile {
        user_id: person().user_id,
        email: Some(format!("{MARK}@example.com")),
        display_name: None,
    };
    store.put_profiles(None, vec![profile]).await.expect("a profile");
    for batch in 0..20 {
        append(&store, batch * 300..(batch + 1) * 300).await;
    }
    assert!(!marks(folder.path()).is_empty(), "the test is about texts that are there");
    assert_eq!(erase(&store).await, 2_000);
    assert_eq!(marks(folder.path()), [], "while the store is open");
    // What others had is still there, and the dictionary goes on.
    append(&store, 6_001..6_002).await;
    let rows = store.range(0, 10_000).await.expect("a range").rows().expect("all are kept");
    assert_eq!(rows.len(), 6_001);
    let others = rows.iter().filter(|(activity, _)| activity.user_id.starts_with("u-"));
    assert!(others.count() == 4_001 && rows.iter().all(|(activity, _)| activity.endpoint.is_some()));
    drop(store);
    assert_eq!(marks(folder.path()), [], "after the store is closed");
}
