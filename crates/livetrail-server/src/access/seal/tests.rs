use super::*;
use crate::{access::LogSecrets, environment::System};
use livetrail_store::{SqliteStore, Store};
use livetrail_types::Epoch;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// A log and the data folders of its nodes.
struct Cluster {
    store: Arc<dyn Store>,
    folders: [TempDir; 2],
}

impl Cluster {
    fn new() -> Self {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let store = SqliteStore::open(folders[0].path(), Epoch(1)).expect("a store");
        Self { store: Arc::new(store), folders }
    }

    /// The secrets that a node finds with these keys.
    async fn start(&self, node: usize, keys: SealKeys<'_>) -> Result<[[u8; 32]; 2], String> {
        let seal = Seal::of(keys, self.folders[node].path(), Arc::new(System)).map_err(|e| e.to_string())?;
        let secrets = LogSecrets::open(&*self.store, seal, &System).await;
        secrets.map(|secrets| [secrets.jwt, secrets.session_ids]).map_err(|error| error.to_string())
    }

    async fn kept(&self, name: &'static str) -> Vec<u8> {
        self.store.secret(name).await.expect("an answer").expect("a secret")
    }

    fn own_file(&self, node: usize) -> PathBuf {
        self.folders[node].path().join(OWN_FILE)
    }
}

fn jwt<'a>(current: &'a Secret, previous: Option<&'a Secret>) -> SealKeys<'a> {
    SealKeys { jwt_secret: Some(current), jwt_secret_previous: previous, ..SealKeys::default() }
}

fn file(secret: &Secret) -> SealKeys<'_> {
    SealKeys { seal_key: Some(secret), ..SealKeys::default() }
}

fn secret(text: &str) -> Secret {
    Secret::of(&text.repeat(16))
}

const NONE: SealKeys<'static> = SealKeys { seal_key: None, jwt_secret: None, jwt_secret_previous: None };

#[tokio::test]
async fn without_a_key_one_is_made_in_the_data_folder_for_its_owner_alone() {
    let cluster = Cluster::new();
    let secrets = cluster.start(0, NONE).await.expect("secrets");
    assert_ne!(secrets[0], secrets[1]);
    let mode = cluster.own_file(0).metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(cluster.start(0, NONE).await, Ok(secrets), "after a restart they are the same");
    let left = std::fs::read_dir(cluster.folders[0].path())
        .expect("a folder")
        .map(|entry| entry.expect("one").path());
    assert!(!left.into_iter().any(|path| path.to_string_lossy().contains("seal.key.")), "no draft is left");
}

#[tokio::test]
async fn a_copy_of_the_database_alone_opens_nothing_and_the_remedy_is_named() {
    let cluster = Cluster::new();
    let secrets = cluster.start(0, NONE).await.expect("secrets");
    for (name, secret) in [("jwt", secrets[0]), ("session_ids", secrets[1])] {
        let kept = cluster.kept(name).await;
        assert!(!kept.windows(16).any(|window| secret.windows(16).any(|part| part == window)), "{name}");
    }
    let refused = cluster.start(1, NONE).await.expect_err("a node that has the database only");
    assert!(refused.contains("seal.key") && refused.contains("--seal-key-file"), "{refused}");
    assert!(
        !cluster.own_file(1).exists(),
        "no other key is made: it would hide that the right one is missing"
    );
    std::fs::copy(cluster.own_file(0), cluster.own_file(1)).expect("a copy");
    assert_eq!(cluster.start(1, NONE).await, Ok(secrets), "the remedy helps");
}

#[tokio::test]
async fn nodes_with_data_folders_of_their_own_share_a_log_by_a_key_file_or_the_jwt_secret() {
    let (key, other) = (secret("ab"), secret("cd"));
    for keys in [file(&key), jwt(&key, None)] {
        let cluster = Cluster::new();
        let (one, two) = tokio::join!(cluster.start(0, keys), cluster.start(1, keys));
        assert!(one.is_ok() && one == two, "{one:?} {two:?}");
        assert!(!cluster.own_file(0).exists() && !cluster.own_file(1).exists());
        for wrong in [NONE, file(&other), jwt(&other, None)] {
            let refused = cluster.start(1, wrong).await.expect_err("another key");
            let remedy = if keys.seal_key.is_some() { "--seal-key-file" } else { "JWT_SECRET_KEY" };
            assert!(refused.contains(remedy) && refused.contains("sealed"), "{refused}");
        }
    }
}

#[tokio::test]
async fn secrets_that_were_kept_in_clear_are_sealed_at_the_first_start_and_stay_the_same() {
    let cluster = Cluster::new();
    for (name, clear) in [("jwt", [2; 32]), ("session_ids", [3; 32])] {
        assert!(cluster.store.replace_secret(name, None, clear.to_vec()).await.expect("an answer"));
    }
    let key = secret("ab");
    assert_eq!(cluster.start(0, jwt(&key, None)).await, Ok([[2; 32], [3; 32]]));
    for name in ["jwt", "session_ids"] {
        assert!(cluster.kept(name).await.starts_with(MAGIC), "{name}");
    }
    assert_eq!(cluster.start(0, jwt(&key, None)).await, Ok([[2; 32], [3; 32]]));
    assert!(cluster.start(0, NONE).await.is_err());
}

#[tokio::test]
async fn while_the_jwt_secret_is_changed_the_one_before_opens_the_seal_and_the_new_one_seals_anew() {
    let cluster = Cluster::new();
    let (old, new) = (secret("ab"), secret("cd"));
    let secrets = cluster.start(0, jwt(&old, None)).await.expect("secrets");
    assert!(cluster.start(1, jwt(&new, None)).await.is_err());
    assert_eq!(cluster.start(1, jwt(&new, Some(&old))).await, Ok(secrets));
    assert_eq!(cluster.start(0, jwt(&new, None)).await, Ok(secrets), "the old one is not needed any more");
    assert!(cluster.start(0, jwt(&old, None)).await.is_err(), "and opens nothing");
}

#[tokio::test]
async fn a_key_that_is_given_takes_the_place_of_the_file_in_the_data_folder() {
    let cluster = Cluster::new();
    let secrets = cluster.start(0, NONE).await.expect("secrets");
    let key = secret("ab");
    assert_eq!(cluster.start(0, file(&key)).await, Ok(secrets));
    assert_eq!(cluster.start(1, file(&key)).await, Ok(secrets), "where there is no such file");
}

#[tokio::test]
async fn a_sealed_secret_that_was_changed_or_put_under_another_name_does_not_open() {
    let cluster = Cluster::new();
    let key = secret("ab");
    cluster.start(0, file(&key)).await.expect("secrets");
    let (jwt, other) = (cluster.kept("jwt").await, cluster.kept("session_ids").await);
    let mut changed = jwt.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    for wrong in [other, changed, b"lts1".to_vec(), Vec::new(), vec![0; 65]] {
        let kept = cluster.kept("jwt").await;
        assert!(cluster.store.replace_secret("jwt", Some(kept), wrong).await.expect("an answer"));
        cluster.start(0, file(&key)).await.expect_err("it does not open");
    }
    let kept = cluster.kept("jwt").await;
    assert!(cluster.store.replace_secret("jwt", Some(kept), jwt).await.expect("an answer"));
    cluster.start(0, file(&key)).await.expect("the right one does");
}

#[test]
fn a_key_file_that_is_cut_short_is_named() {
    let cluster = Cluster::new();
    std::fs::write(cluster.own_file(0), "0123").expect("a file");
    let refused = Seal::of(NONE, cluster.folders[0].path(), Arc::new(System)).err().expect("a refusal");
    assert!(refused.to_string().contains("seal.key"), "{refused}");
}
