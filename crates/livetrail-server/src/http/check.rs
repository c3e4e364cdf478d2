//! Checks the activities of a body: of a large one, the second half on a second thread.

use super::{
    body::{Format, Intake, Items, Many, too_many_items},
    error::{ApiError, ApiResult},
};
use crate::{access::Principal, app::App, ingest::Batch};
use livetrail_types::{json::Value, limits};
use std::sync::Arc;
use tokio::task::{JoinHandle, spawn_blocking, yield_now};

/// From this size on, lines are worth a second thread.
const LARGE_BYTES: usize = 256 * 1024;
/// Items that are read before others may have their turn on this thread.
const ITEMS_AT_ONCE: usize = 64;
/// Fewer bytes than an item that can be stored takes.
const MIN_ITEM_BYTES: usize = 28;

/// The activities of a body.
pub(super) enum Checked {
    /// One, which is still to be read.
    One(Value),
    Many(Batch),
}

/// Checks a body. Each item is ready to be stored before the next one is read, so a batch takes little more memory than
/// its text.
pub(super) async fn check(
    app: &Arc<App>,
    principal: &Principal,
    format: &Format,
    intake: &Arc<Intake>,
) -> ApiResult<Checked> {
    let second = match format {
        Format::Lines => begin_second_half(app, principal, intake),
        Format::Json => None,
    };
    let end = second.as_ref().map_or(intake.bytes.len(), |(begin, _)| *begin);
    let mut batch = match Items::of(format, &intake.bytes[..end])? {
        Items::One(value) => return Ok(Checked::One(value)),
        Items::Many(items) => {
            check_all(app, principal, items, Batch::with_capacity(most_items(&intake.bytes))).await?
        }
    };
    if let Some((_, checking)) = second {
        batch.append(checking.await.map_err(|error| ApiError::internal(error.to_string()))??);
        if batch.count() > limits::BATCH_ITEMS {
            return Err(too_many_items());
        }
    }
    Ok(Checked::Many(batch))
}

/// At most so many items can be in the lines of a body. A batch with room for them is not copied while it grows.
fn most_items(bytes: &[u8]) -> usize {
    let lines = memchr::memchr_iter(b'\n', bytes).count() + 1;
    lines.min(bytes.len() / MIN_ITEM_BYTES).min(limits::BATCH_ITEMS)
}

async fn check_all(
    app: &App,
    principal: &Principal,
    mut items: Many<'_>,
    mut batch: Batch,
) -> ApiResult<Batch> {
    while let Some(item) = items.next()? {
        batch.add(app.ingest.check_item(principal, item)?);
        if batch.count().is_multiple_of(ITEMS_AT_ONCE) {
            yield_now().await;
        }
    }
    Ok(batch)
}

/// Checks the second half of large lines on a thread that may wait, if there is one. Also says where that half begins.
fn begin_second_half(
    app: &Arc<App>,
    principal: &Principal,
    intake: &Arc<Intake>,
) -> Option<(usize, JoinHandle<ApiResult<Batch>>)> {
    let middle = Some(intake.bytes.len() / 2).filter(|_| intake.bytes.len() >= LARGE_BYTES)?;
    let begin = middle + memchr::memchr(b'\n', &intake.bytes[middle..])? + 1;
    let turn = Arc::clone(&app.second_threads).try_acquire_owned().ok()?;
    let (app, principal, intake) = (Arc::clone(app), principal.clone(), Arc::clone(intake));
    let checking = spawn_blocking(move || {
        let _turn = turn;
        let lines = &intake.bytes[begin..];
        let (mut batch, mut items) = (Batch::with_capacity(most_items(lines)), Many::lines(lines));
        while let Some(item) = items.next()? {
            batch.add(app.ingest.check_item(&principal, item)?);
        }
        Ok(batch)
    });
    Some((begin, checking))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_room_for_its_lines_and_for_no_more_than_its_text_or_a_batch_can_hold() {
        let line = "{\"user_id\":\"u\",\"action_type\":\"a\"}\n";
        assert!(line.len() > MIN_ITEM_BYTES);
        assert_eq!(most_items(line.repeat(500).as_bytes()), 501);
        assert_eq!(most_items(line.trim_end().as_bytes()), 1);
        assert_eq!(most_items("\n".repeat(200 * MIN_ITEM_BYTES).as_bytes()), 200);
        assert_eq!(most_items(line.repeat(20_000).as_bytes()), limits::BATCH_ITEMS);
    }
}
