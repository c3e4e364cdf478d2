//! Writes the records, in the order in which they were made.
//!
//! One task writes all of them, so that records which arrive together share a commit. While the queue of activities is
//! full, it waits for room; up to [`MAX_WAITING`] records wait for it meanwhile.

use crate::{ingest::Ingest, log_span};
use livetrail_types::{NewActivity, Stamped};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Records that may wait to be written. Further ones are lost, which the server's own log reports.
const MAX_WAITING: usize = 16_384;
/// Records that are written together.
const MAX_BATCH: usize = 256;
/// The weight of a record in the queue, in bytes.
const RECORD_BYTES: usize = 1_024;

pub(super) struct Writer {
    ingest: Arc<Ingest>,
    waiting: mpsc::Sender<Message>,
}

enum Message {
    Record(Box<Stamped>),
    /// The last message: everything before it is written when it is answered.
    Finish(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task, which ends with the `Writer` once everything is written.
    pub(super) fn start(ingest: Arc<Ingest>) -> Self {
        let (waiting, messages) = mpsc::channel(MAX_WAITING);
        log_span::spawn("self-audit", run(Arc::clone(&ingest), messages));
        Self { ingest, waiting }
    }

    /// Leaves a record to be written.
    pub(super) fn write(&self, activity: NewActivity) {
        // Stamped here, so that it has the time at which it happened.
        if self.waiting.try_send(Message::Record(Box::new(self.ingest.stamp(activity)))).is_err() {
            tracing::warn!(
                "an activity of livetrail's own was not recorded: {MAX_WAITING} of them wait already"
            );
        }
    }

    /// Waits until all earlier records are written.
    pub(super) async fn finish(&self) {
        let (answer, answered) = oneshot::channel();
        if self.waiting.send(Message::Finish(answer)).await.is_ok() {
            let _ = answered.await;
        }
    }
}

async fn run(ingest: Arc<Ingest>, mut messages: mpsc::Receiver<Message>) {
    let mut received = Vec::new();
    while messages.recv_many(&mut received, MAX_BATCH).await > 0 {
        let (mut batch, mut finished) = (Vec::new(), Vec::new());
        for message in received.drain(..) {
            match message {
                Message::Record(record) => batch.push(*record),
                Message::Finish(answer) => finished.push(answer),
            }
        }
        let count = batch.len();
        if count > 0
            && let Err(error) = ingest.append_own(batch, count * RECORD_BYTES).await
        {
            tracing::warn!(%error, count, "activities of livetrail's own were not recorded");
        }
        if let Some(answer) = finished.pop() {
            // The server stops; the log is closed once this task does not hold it.
            drop(ingest);
            let _ = answer.send(());
            return;
        }
    }
}
