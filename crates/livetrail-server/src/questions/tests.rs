use super::*;
use livetrail_store::SqliteStore;
use livetrail_types::Epoch;

#[tokio::test]
async fn a_question_without_a_turn_says_so_and_the_next_one_has_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("the store opens"));
    let questions = Questions::new(store, Duration::from_millis(50));
    let operator = Principal::operator();

    let mut taken = Vec::new();
    for _ in 0..questions.turns.share() {
        taken.push(questions.turns.take(&operator.credential_id()).await.expect("a turn"));
    }
    let refused = questions.by(&operator).count(Filter::default(), 1).await;
    assert!(matches!(refused, Err(QuestionError::NoTurn(_))), "{refused:?}");
    let other = Principal { user_id: "somebody else".into(), ..operator.clone() };
    assert_eq!(questions.by(&other).count(Filter::default(), 1).await.expect("another's share"), 0);

    taken.clear();
    assert_eq!(questions.by(&operator).count(Filter::default(), 1).await.expect("a turn"), 0);
}
