//! Who answers in which state of the index, and what becomes of turns and tasks.

use super::*;
use livetrail_types::{Condition, ListQuery, PageStart, Sort};
use std::sync::mpsc::sync_channel;

fn first_page(filter: Filter) -> ListQuery {
    ListQuery { filter, sort: Sort::default(), limit: 10, start: PageStart::Number(1) }
}

#[tokio::test]
async fn a_question_without_a_turn_says_so_and_the_next_one_has_its_turn() {
    let asked = Asked::new(NO_END).await;
    let (questions, operator, all) = (&asked.questions, Principal::operator(), Filter::default());

    let mut taken = Vec::new();
    for _ in 0..questions.turns.share() {
        taken.push(questions.turns.take(&operator.credential_id()).await.expect("a turn"));
    }
    let refused = asked.impatient_asker().count(&all, 0).await;
    assert!(matches!(refused, Err(QuestionError::NoTurn(_))), "{refused:?}");
    let other = Principal { user_id: "somebody else".into(), ..operator.clone() };
    assert_eq!(questions.by(&other).count(&all, 0).await.expect("another's share"), 0);

    taken.clear();
    assert_eq!(questions.by(&operator).count(&all, 0).await.expect("a turn"), 0);
}

/// On a runtime of one thread, no other task runs between two awaits of this one.
#[tokio::test]
async fn while_the_index_is_built_the_database_answers_and_the_state_says_so() {
    let place = Arc::new(Place::sqlite());
    let store = place.open().await;
    append(&*store, some(600)).await;
    let asked = Asked::over(place, store, NO_END).await;
    let state = serde_json::to_value(asked.questions.index_state()).expect("JSON");
    assert_eq!(state, serde_json::json!({"state": "building", "indexed": 0, "of": 600}));
    let asker = asked.asker();
    let page = asker.list(first_page(Filter::default())).await.expect("a page");
    assert_eq!((page.head, asker.answered_by()), (600, AnsweredBy::Sql));

    asked.until_indexed().await;
    assert_eq!(asked.questions.index_state(), IndexState::Ready);
    let asker = asked.asker();
    assert_eq!(asker.list(first_page(Filter::default())).await.expect("a page").rows, page.rows);
    assert_eq!(asker.answered_by(), AnsweredBy::Index);
}

#[tokio::test]
async fn what_the_index_does_not_get_in_time_is_in_the_answer_of_the_database() {
    let asked = Asked::new(NO_END).await;
    // The hub is not told.
    append(&*asked.store, some(3)).await;
    let asker = asked.asker();
    let head = asker.head().await.expect("a head").position;
    assert_eq!(asker.count(&Filter::default(), head).await.expect("a count"), 3);
    assert_eq!(asker.answered_by(), AnsweredBy::Sql);
    asked.append(some(1)).await;
    asked.until_indexed().await;
    let asker = asked.asker();
    assert_eq!(asker.count(&Filter::default(), 4).await.expect("a count"), 4);
    assert_eq!(asker.answered_by(), AnsweredBy::Index);
}

#[tokio::test]
async fn everything_that_was_shown_before_a_question_is_in_its_answer() {
    let asked = Asked::new(NO_END).await;
    for n in 1..=50 {
        asked.append(some(1)).await;
        let page = asked.asker().list(first_page(Filter::default())).await.expect("a page");
        assert_eq!((page.head, page.rows[0].0.position), (n, n));
    }
}

#[tokio::test]
async fn words_are_searched_by_the_database_where_very_many_rows_have_very_many_words() {
    let asked = Asked::new(NO_END).await;
    let message: String = (0..250).map(|n| format!("word{n} ")).collect();
    let wordy = |activity| Activity { error_message: Some(message.clone()), ..activity };
    let words = || first_page(Filter::of(vec![Condition::Words("word7".into())]));
    for (count, by) in [(20, AnsweredBy::Index), (4_096, AnsweredBy::Sql)] {
        asked.append(some(count).map(wordy)).await;
        asked.until_indexed().await;
        let asker = asked.asker();
        assert_eq!(asker.list(words()).await.expect("a page").rows.len(), 10);
        assert_eq!(asker.answered_by(), by);
    }
}

#[tokio::test]
async fn rows_that_sql_has_deleted_are_in_no_answer_of_the_index() {
    let asked = Asked::new(NO_END).await;
    asked.append(some(30)).await;
    asked.until_indexed().await;
    let all = Filter::default();
    for (first, last, left) in [(25, 25, 29), (3, 7, 24), (30, 30, 23), (1, 2, 21)] {
        asked.place.delete(first, last);
        let asker = asked.asker();
        let page = asker.list(first_page(all.clone())).await.expect("a page");
        assert_eq!(page.rows.len(), 10);
        assert!(page.rows.iter().all(|row| !(first..=last).contains(&row.0.position)));
        assert_eq!(asker.count(&all, 30).await.expect("a count"), left);
        assert_eq!(asker.counted_by_sql(&all, 30).await.expect("a count"), left);
        assert_eq!(asker.answered_by(), AnsweredBy::Index);
    }
}

#[tokio::test]
async fn after_an_error_of_the_index_the_database_answers() {
    let asked = Asked::new(NO_END).await;
    asked.append(some(5)).await;
    asked.until_indexed().await;
    asked.questions.feed().fail("a test");
    assert_eq!(asked.questions.index_state(), IndexState::Failed);
    let asker = asked.asker();
    assert_eq!(asker.count(&Filter::default(), 5).await.expect("a count"), 5);
    assert_eq!(asker.answered_by(), AnsweredBy::Sql);
}

#[tokio::test]
async fn an_index_that_has_failed_is_made_again_for_an_administrator_and_after_an_erasure() {
    let asked = Asked::new(NO_END).await;
    asked.append(some(5)).await;
    asked.until_indexed().await;
    for erases in [false, true] {
        asked.questions.feed().panic_for_test();
        // The task notices the failure at the next activity at the latest.
        asked.append(some(1)).await;
        if erases {
            let person = Person { user_id: "u-1".into(), tenant: None, pseudonym: "erased-1".into() };
            let erased = asked.store.erase(person, (1..=6).collect(), 0).await.expect("an erasure");
            assert!(erased.is_some_and(|count| count > 0), "{erased:?}");
            asked.questions.forget_erased().await.expect("a new index");
        } else {
            asked.questions.rebuild_index();
        }
        asked.until_indexed().await;
        let asker = asked.asker();
        let head = asker.head().await.expect("a head").position;
        assert_eq!(asker.count(&Filter::default(), head).await.expect("a count"), head);
        assert_eq!(asker.answered_by(), AnsweredBy::Index);
    }
}

#[tokio::test]
async fn a_question_that_panics_is_answered_by_the_database_and_leaves_its_turn() {
    let asked = Asked::new(NO_END).await;
    for _ in 0..asked.questions.turns.share() * 2 {
        let asker = asked.asker();
        let panicking = |_: &columns::Selection<'_>| std::panic::resume_unwind(Box::new("a bug"));
        let answer = asker.ask_index(&Filter::default(), 0, panicking).await.expect("no error");
        assert_eq!(answer.map(|()| "an answer"), None);
    }
}

#[tokio::test]
async fn a_turn_ends_with_the_work_on_the_answer_although_the_client_has_hung_up() {
    let asked = Asked::new(NO_END).await;
    let mut releases = Vec::new();
    for _ in 0..asked.questions.turns.share() {
        let (begin, begun) = tokio::sync::oneshot::channel();
        let (release, released) = sync_channel::<()>(1);
        let asker = asked.asker();
        let all = Filter::default();
        let asking = asker.ask_index(&all, 0, move |_| {
            let _ = begin.send(());
            let _ = released.recv();
            Ok(())
        });
        tokio::select! {
            answer = asking => panic!("it was not released: {answer:?}"),
            _ = begun => {}
        }
        releases.push(release);
    }
    let refused = asked.impatient_asker().count(&Filter::default(), 0).await;
    assert!(matches!(refused, Err(QuestionError::NoTurn(_))), "{refused:?}");
    releases.clear();
    assert_eq!(asked.asker().count(&Filter::default(), 0).await.expect("a turn"), 0);
}

#[tokio::test]
async fn the_task_ends_with_the_questions_and_keeps_nothing() {
    for is_stopped in [false, true] {
        let Asked { questions, store, hub, place: _place, data: _data } = Asked::new(NO_END).await;
        if is_stopped {
            questions.stop().await;
            assert_eq!(hub.watchers(), 0);
        }
        let left = (Arc::downgrade(&hub), Arc::downgrade(&store));
        drop((questions, hub, store));
        until(async || left.0.strong_count() + left.1.strong_count() == 0).await;
    }
}
