//! Stores chunks in a log without a running server, by the parts of the server that this command starts. While one
//! chunk is appended, the next ones are checked and read.

use super::{
    Import, MAX_TRIES, TOO_LONG, Taken,
    chunk::Chunk,
    sent::{Target, without_given},
    source::Chunks,
    stage::Stage,
};
use crate::{
    access::Principal,
    app::App,
    ingest::{Batch, Ingest, IngestError},
};
use anyhow::{Result, anyhow, bail};
use jiff::Timestamp;
use livetrail_types::{
    json::{self, ParseError, Value},
    limits,
};
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// How long to wait for a store that is away.
const PAUSE: Duration = Duration::from_secs(2);

/// The id and time that a record got when it was first checked.
type Given = (Uuid, Timestamp);

/// Stores every chunk, in order.
pub(super) async fn all(chunks: Chunks, app: &App, import: &mut Import) -> Result<()> {
    let (ingest, by) = (Arc::clone(&app.ingest), Principal::operator());
    let mut checked = Stage::begin(chunks, move |chunk| Ok((check(&ingest, &by, &chunk, &[])?, chunk)));
    while let Some((batch, chunk)) = checked.next(import).await? {
        let taken = store(&app.ingest, batch, &chunk).await?;
        import.add(&chunk, taken);
    }
    Ok(())
}

/// Checks the records of a chunk; those of which `given` is known get the same id and time.
fn check(ingest: &Ingest, by: &Principal, chunk: &Chunk, given: &[Option<Given>]) -> Result<Batch> {
    let records = chunk.records();
    let mut batch = Batch::with_capacity(records.len());
    for (index, record) in records.enumerate() {
        let item = parsed(record, given.get(index).copied().flatten());
        let checked = ingest.check_item(by, item);
        batch.add(checked.map_err(|refusal| anyhow!("the import was refused: {refusal:?}"))?);
    }
    Ok(batch)
}

fn parsed(record: &[u8], given: Option<Given>) -> Result<Value, ParseError> {
    let value = json::parse(record)?;
    let Value::Object(activity) = value else { return Ok(value) };
    let mut activity = without_given(activity, Target::Own);
    if let Some((id, at)) = given {
        activity.insert("id".into(), id.to_string().into());
        activity.insert("timestamp".into(), at.to_string().into());
    }
    Ok(activity.into())
}

/// Stores a batch, and retries while the store is away. A batch may be in the log although its commit was not
/// confirmed. So its records keep their ids and times, by which they are recognised.
async fn store(ingest: &Ingest, mut batch: Batch, chunk: &Chunk) -> Result<Taken> {
    let by = Principal::operator();
    let given = given(&batch, chunk.numbers.len());
    for _ in 0..MAX_TRIES {
        match batch.store(ingest, chunk.bytes(), by.share_id()).await {
            Ok(result) if result.is_refusal() => {
                let mut errors = result.into_errors();
                errors.truncate(limits::ERRORS);
                return Ok(Taken::None(errors));
            }
            Ok(result) => return Ok(Taken::Some(result.into())),
            Err(error @ IngestError::Internal) => bail!("the activities could not be stored: {error}"),
            Err(IngestError::Full | IngestError::Unavailable) => tokio::time::sleep(PAUSE).await,
        }
        batch = check(ingest, &by, chunk, &given)?;
    }
    bail!("{TOO_LONG}")
}

/// The ids and times of a batch's records, by their index.
fn given(batch: &Batch, count: usize) -> Vec<Option<Given>> {
    let mut given = vec![None; count];
    for (index, stamped) in batch.ready() {
        given[index] = Some((stamped.activity.id, stamped.activity.timestamp));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cli::import::{chunk::Gatherer, record::Record},
        directory::Directory,
        environment::System,
        hub::Hub,
    };
    use livetrail_store::{SqliteStore, Store};
    use livetrail_types::{Catalogue, Epoch, Json, Redaction};
    use prometheus_client::registry::Registry;

    fn chunk(records: &[&str]) -> Chunk {
        let mut gatherer = Gatherer::new(tokio::sync::mpsc::channel(1).0);
        for (number, record) in (1..).zip(records) {
            assert!(gatherer.blocking_add(Record { number, json: Ok(record.as_bytes().into()) }));
        }
        gatherer.finish(Ok(())).1.expect("a chunk").expect("no error")
    }

    async fn ingest_of(store: &Arc<dyn Store>) -> Ingest {
        let (directory, catalogue) = (Directory::new(Arc::clone(store)), Catalogue::builtin());
        let mut registry = Registry::default();
        let hub = Hub::start(Arc::clone(store), directory.into(), catalogue.into(), &mut registry).await;
        let hub = hub.expect("a hub");
        let ingest = Ingest::start(Arc::clone(store), hub, Arc::new(System), Redaction::standard(), [7; 32]);
        ingest.await.expect("an ingest")
    }

    fn answer(taken: Taken) -> (u64, u64, usize) {
        match taken {
            Taken::Some(answer) => (answer.accepted, answer.duplicates, answer.rejected.len()),
            Taken::None(errors) => (0, 0, errors.len()),
        }
    }

    #[tokio::test]
    async fn a_chunk_whose_commit_was_not_confirmed_is_recognised_when_it_is_stored_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
        let (ingest, by) = (ingest_of(&store).await, Principal::operator());
        let chunk = chunk(&[
            r#"{"user_id":"u-1","action_type":"a"}"#,
            "no JSON",
            r#"{"user_id":"u-2","action_type":"a","timestamp":1772366400,"password":"x"}"#,
            r#"{"user_id":"u-3","action_type":"a","occurred_at":"2026-03-01T12:00:00.000007Z","details":{"token":"x"}}"#,
            r#"{"user_id":"u-4","action_type":"a","id":"0198c0de-7a3b-7000-8000-0123456789ab"}"#,
        ]);
        let first = check(&ingest, &by, &chunk, &[]).expect("a batch");
        let known = given(&first, chunk.numbers.len());
        assert_eq!(answer(store_of(&ingest, first, &chunk).await), (3, 0, 2));

        let again = check(&ingest, &by, &chunk, &known).expect("a batch");
        assert_eq!(answer(store_of(&ingest, again, &chunk).await), (0, 3, 2));
        assert_eq!(store.head().await.expect("a head").head, 3);
    }

    #[tokio::test]
    async fn rows_that_an_application_inserted_by_sql_are_imported_and_recognised() {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
        let (ingest, by) = (ingest_of(&store).await, Principal::operator());
        let chunk = chunk(&[
            r#"{"id":"0198c0de-7a3b-7000-8000-000000000001","user_id":"u","action_type":"signed in, again","status_code":999,"duration_ms":-5}"#,
            r#"{"id":"0198c0de-7a3b-7000-8000-000000000002","user_id":"u","action_type":"a","details":"{\"a\":1}"}"#,
            // Rows of an export have a position.
            r#"{"id":"0198c0de-7a3b-7000-8000-000000000003","position":7,"user_id":"","action_type":"a\tb\u0001","details":[1]}"#,
            r#"{"id":"0198c0de-7a3b-7000-8000-000000000004","user_id":"","action_type":"a"}"#,
        ]);
        for expected in [(3, 0, 1), (0, 3, 1)] {
            let batch = check(&ingest, &by, &chunk, &[]).expect("a batch");
            assert_eq!(answer(store_of(&ingest, batch, &chunk).await), expected);
        }
        let rows: Vec<_> = store.rows(&[1, 2, 3]).await.expect("rows").into_iter().flatten().collect();
        let [(one, _), (other, _), (exported, _)] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((&*one.action_type, one.status_code), ("signed in, again", Some(999)));
        assert_eq!((one.duration_ms, one.success), (Some(-5), false));
        assert_eq!(other.details.as_ref().map(Json::as_str), Some(r#"{"a":1}"#));
        assert_eq!((&*exported.user_id, &*exported.action_type), ("", "a\tb"));
        assert_eq!(exported.details.as_ref().map(Json::as_str), Some(r#"{"value":[1]}"#));
    }

    async fn store_of(ingest: &Ingest, batch: Batch, chunk: &Chunk) -> Taken {
        store(ingest, batch, chunk).await.expect("an answer")
    }
}
