//! The index behind the questions, over a real store and a real hub.

use super::*;
use crate::directory::Directory;
use livetrail_store::SqliteStore;
use livetrail_types::{Epoch, Filter};

async fn questions(folder: &std::path::Path, timeout: Duration) -> Questions {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder, Epoch(1)).expect("the store opens"));
    let (directory, catalogue) = (Directory::new(Arc::clone(&store)), Arc::new(Catalogue::builtin()));
    let registry = &mut Registry::default();
    let hub = Hub::start(Arc::clone(&store), Arc::new(directory), Arc::clone(&catalogue), registry);
    let hub = hub.await.expect("a hub");
    Questions::start(store, hub, catalogue, timeout, (folder, 1_000_000), registry).await.expect("questions")
}

#[tokio::test]
async fn a_question_without_a_turn_says_so_and_the_next_one_has_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let questions = questions(folder.path(), Duration::from_millis(50)).await;
    let operator = Principal::operator();
    let all = Filter::default();

    let mut taken = Vec::new();
    for _ in 0..questions.turns.share() {
        taken.push(questions.turns.take(&operator.credential_id()).await.expect("a turn"));
    }
    let refused = questions.by(&operator).count(&all, 0).await;
    assert!(matches!(refused, Err(QuestionError::NoTurn(_))), "{refused:?}");
    let other = Principal { user_id: "somebody else".into(), ..operator.clone() };
    assert_eq!(questions.by(&other).count(&all, 0).await.expect("another's share"), 0);

    taken.clear();
    assert_eq!(questions.by(&operator).count(&all, 0).await.expect("a turn"), 0);
}
