//! A batch that fails.

use super::{activity, append, head, open, positions, temporary};
use livetrail_store::Log;

#[tokio::test]
async fn a_batch_that_fails_leaves_nothing_behind() {
    let folder = temporary();
    let store = open(folder.path());
    append(&store, 1..=3).await;
    // The server never makes an id twice, so a second one of its making is an error.
    store.append(vec![activity(4), activity(2)]).await.expect_err("an id that is there already");
    assert_eq!(head(&store).await, 3);
    // A user who was new in the batch that failed is new again.
    append(&store, 4..=4).await;
    drop(store);
    let store = open(folder.path());
    assert_eq!(positions(&store).await, [1, 2, 3, 4]);
    let rows = store.range(3, 1).await.expect("a range").rows().expect("all are kept");
    assert_eq!(rows[0].0.user_id, "u-4");
}
