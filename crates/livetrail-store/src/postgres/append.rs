//! Appends a batch: one transaction that holds the head, so that positions have no gaps. The head is held for one
//! batch, which makes the batch the unit of its cost.

use super::{
    Shared,
    connection::{Connector, in_words, is_about_a_row},
    copy, epoch, head,
    partitions::Partitions,
    placement,
    rows::clamped,
    stray,
    timeouts::{Timeouts, answered, is_silent},
};
use crate::{Appended, Placement, Result, StoreError};
use futures_util::SinkExt;
use livetrail_types::Stamped;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{Client, Row, Statement, error::Severity, types::ToSql};
use uuid::Uuid;

/// The log.
pub(super) const LOG: &str = "activity_logs";

/// Rows are sent in pieces of about this size.
const PIECE: usize = 32 * 1024;

/// Between two looks for the outcome of a commit whose answer was lost.
const PAUSE: Duration = Duration::from_millis(100);

/// What names a transaction, also after it has ended.
const TRANSACTION: &str = "SELECT pg_current_xact_id()::text";

/// What is stored in one partition under some ids. Partitions are named one by one, so that nothing but the index of
/// their ids serves.
fn earlier(partition: &str) -> String {
    format!("SELECT id, tenant_id, position, timestamp, fingerprint FROM {partition} WHERE id = ANY($1)")
}

/// Appends for this node, batch by batch.
pub(super) struct Appender {
    connector: Connector,
    shared: Arc<Shared>,
    session: Option<Session>,
}

/// A connection with its statements.
struct Session {
    client: Client,
    lock: Statement,
    epoch: Statement,
    transaction: Statement,
    copy: Statement,
    forms: copy::Forms,
    looks: Option<Looks>,
}

/// The statements that name partitions, for as long as those are the ones to name.
struct Looks {
    head_sql: String,
    head: Statement,
    earlier_sql: String,
    earlier: Statement,
}

/// A transaction that holds the head.
struct Begun {
    head: u64,
    /// The log's epoch, as it is kept.
    epoch: Option<Vec<u8>>,
    transaction: String,
    /// What is stored under the ids of the batch.
    earlier: Vec<Row>,
}

/// How a transaction failed.
enum Failure {
    /// Nothing was stored.
    Before(StoreError),
    /// The commit was sent and its answer never came.
    Lost { transaction: String, placements: Vec<Placement>, error: StoreError },
}

impl<E: Into<StoreError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Before(error.into())
    }
}

impl Appender {
    pub(super) async fn new(connector: Connector, shared: Arc<Shared>) -> Result<Self> {
        let session = answered(connector.timeouts.statement, Session::open(&connector)).await?;
        Ok(Self { connector, shared, session: Some(session) })
    }

    pub(super) async fn append(&mut self, batch: Vec<Stamped>) -> Result<Appended> {
        let placements = match self.try_to_place(&batch).await {
            Ok(placements) => placements,
            Err(Failure::Before(StoreError::Refused { reason, .. })) => {
                return Err(StoreError::Refused { reason, batch });
            }
            Err(Failure::Before(error)) => return Err(error),
            Err(Failure::Lost { transaction, placements, error }) => {
                let stored =
                    batch.iter().zip(&placements).rev().find_map(|(stamped, placement)| match placement {
                        Placement::New(position) => Some((*position, stamped.activity.id)),
                        _ => None,
                    });
                self.find_out(&transaction, stored, error).await?;
                placements
            }
        };
        Ok(Appended::of(batch, placements))
    }

    async fn try_to_place(&mut self, batch: &[Stamped]) -> Result<Vec<Placement>, Failure> {
        if let Some(session) = self.session.take() {
            let drops = self.shared.partitions.drops();
            match self.place(session, batch).await {
                // The server was restarted since the last batch, and this one did not come far.
                Err(Failure::Before(StoreError::Unavailable(_))) if self.session.is_none() => {}
                // Another node has dropped a partition that a statement names.
                Err(Failure::Before(StoreError::Internal(_) | StoreError::Refused { .. }))
                    if self.has_lost_a_partition(drops).await => {}
                result => return result,
            }
        }
        let limit = self.connector.timeouts.statement;
        let session = answered(limit, Session::open(&self.connector)).await?;
        self.place(session, batch).await
    }

    /// Whether a partition is gone that was known after so many drops. It is not known any more then.
    async fn has_lost_a_partition(&self, drops: u64) -> bool {
        let Some(session) = &self.session else { return false };
        let refreshing = self.shared.partitions.refresh(&session.client);
        let refreshed = answered(self.connector.timeouts.connect, refreshing).await;
        refreshed.is_ok() && self.shared.partitions.drops() != drops
    }

    /// Keeps the session if it is of further use.
    async fn place(&mut self, mut session: Session, batch: &[Stamped]) -> Result<Vec<Placement>, Failure> {
        let timeouts = self.connector.timeouts;
        let result = session.place(batch, &self.shared, timeouts).await;
        let usable = match &result {
            Ok(_) => true,
            Err(Failure::Before(_)) => answered(timeouts.commit, session.undo(timeouts)).await.is_ok(),
            Err(Failure::Lost { .. }) => false,
        };
        self.session = usable.then_some(session);
        result
    }

    /// Finds out whether a transaction was committed, whose last row is `stored`.
    ///
    /// # Errors
    /// `error` when it was not, or when that cannot be found out.
    async fn find_out(
        &self,
        transaction: &str,
        stored: Option<(u64, Uuid)>,
        error: StoreError,
    ) -> Result<()> {
        let timeouts = self.connector.timeouts;
        let deadline = Instant::now() + timeouts.outcome;
        loop {
            match answered(timeouts.commit, self.was_committed(transaction, stored)).await {
                Ok(Some(true)) => return Ok(()),
                Ok(Some(false)) => return Err(error),
                _ if Instant::now() > deadline => return Err(error),
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// None when the server does not know the transaction.
    async fn was_committed(&self, transaction: &str, stored: Option<(u64, Uuid)>) -> Result<Option<bool>> {
        let client = self.connector.connect().await?;
        // The transaction holds the head for as long as it lives, so a transaction that gets the head finds this one
        // ended.
        client.query_one(head::LOCK, &[]).await?;
        let status = client.query_one("SELECT pg_xact_status($1::text::xid8)", &[&transaction]).await?;
        match status.get::<_, Option<&str>>(0) {
            // On a server that took over, another transaction may have had this number.
            Some("committed") => {
                let (position, id) = stored.unwrap_or_default();
                let row = "SELECT id FROM activity_logs WHERE position = $1";
                let found = client.query_opt(row, &[&clamped(position)]).await?;
                Ok(Some(found.is_some_and(|row| row.get::<_, Uuid>(0) == id)))
            }
            Some("aborted") => Ok(Some(false)),
            _ => Ok(None),
        }
    }
}

/// Why rows were not stored. The batch is added where it is known.
fn refused(error: tokio_postgres::Error) -> StoreError {
    if is_about_a_row(&error) {
        return StoreError::Refused { reason: in_words(&error), batch: Vec::new() };
    }
    error.into()
}

/// Whether the server has said that a transaction is not committed. One that says that it is going down may have
/// committed before; and so may one of which something in between speaks.
fn is_refusal(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|said| {
        said.parsed_severity() == Some(Severity::Error) && !said.code().code().starts_with("08")
    })
}

impl Session {
    async fn open(connector: &Connector) -> Result<Self> {
        let client = connector.connect().await?;
        // However many ids a batch has, they are looked up one by one.
        client.batch_execute("SET enable_seqscan = off").await?;
        let forms = copy::Forms::read(&client).await?;
        Ok(Self {
            lock: client.prepare(head::LOCK).await?,
            epoch: client.prepare(epoch::READ).await?,
            transaction: client.prepare(TRANSACTION).await?,
            copy: client.prepare(&forms.statement()).await?,
            forms,
            looks: None,
            client,
        })
    }

    async fn place(
        &mut self,
        batch: &[Stamped],
        shared: &Shared,
        timeouts: Timeouts,
    ) -> Result<Vec<Placement>, Failure> {
        let (transaction, placements, last) = answered(timeouts.batch, self.write(batch, shared)).await?;
        let Some(last) = last else { return Ok(placements) };
        match timeout(timeouts.commit, self.client.batch_execute("COMMIT")).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) if is_refusal(&error) => return Err(Failure::Before(refused(error))),
            Ok(Err(error)) => return Err(Failure::Lost { transaction, placements, error: error.into() }),
            Err(_) => return Err(Failure::Lost { transaction, placements, error: is_silent() }),
        }
        if last > shared.partitions.covered()
            && let Err(error) = answered(timeouts.connect, shared.partitions.refresh(&self.client)).await
        {
            // It is known at the next try.
            tracing::debug!(%error, "partitions could not be read");
        }
        Ok(placements)
    }

    /// Leaves a transaction that failed, and sees that the next one does not fail of the same.
    async fn undo(&self, timeouts: Timeouts) -> Result<()> {
        self.client.batch_execute("ROLLBACK").await?;
        let ended = self.client.query(head::TAKE_FROM_SILENT, &[&timeouts.batch.as_secs_f64()]).await?.len();
        if ended > 0 {
            tracing::warn!(
                "a node that stood still in the middle of a batch held the log; its session was ended"
            );
        }
        Ok(())
    }

    /// Does all but the commit: the transaction, what becomes of each activity, and the last position, if any is new.
    async fn write(
        &mut self,
        batch: &[Stamped],
        shared: &Shared,
    ) -> Result<(String, Vec<Placement>, Option<u64>)> {
        // An id that the server has just made is unique.
        let of_senders = batch.iter().filter(|stamped| stamped.fingerprint.is_some());
        let mut ids: Vec<Uuid> = of_senders.map(|stamped| stamped.activity.id).collect();
        ids.sort_unstable();
        // Before the log is held: the log has reached this position for good.
        let (partitions, known) = (&*shared.partitions, shared.head());
        let mut begun = self.begin(&ids, partitions).await?;
        while begun.head >= partitions.covered() {
            // All that are known are full. Other nodes may have made more, in which these ids may be; while the head is
            // ours, no node makes another.
            let covered = partitions.covered();
            partitions.refresh(&self.client).await?;
            if partitions.covered() == covered {
                break;
            }
            self.client.batch_execute("ROLLBACK").await?;
            begun = self.begin(&ids, partitions).await?;
        }
        let Begun { head, epoch, transaction, earlier } = begun;
        if !shared.is_served(epoch.as_deref()) || head < known {
            self.client.batch_execute("ROLLBACK").await?;
            shared.wake.notify_one();
            return Err(epoch::changed());
        }
        let before = stray::settle(&self.client, partitions, known, head).await?;
        let placements = placement::decide(batch, &earlier, before);
        let stored = placements.iter().filter(|placement| matches!(placement, Placement::New(_))).count();
        if stored == 0 {
            self.client.batch_execute("ROLLBACK").await?;
            return Ok((transaction, placements, None));
        }
        let last = before + stored as u64;
        if last > shared.partitions.covered() {
            partitions.cover(&self.client, LOG, last).await?;
        }
        self.store(batch, &placements).await.map_err(refused)?;
        Ok((transaction, placements, Some(last)))
    }

    /// Begins a transaction that holds the head, and looks for the ids.
    async fn begin(&mut self, ids: &Vec<Uuid>, partitions: &Partitions) -> Result<Begun> {
        self.look_at(partitions, ids).await?;
        let Some(looks) = &self.looks else {
            return Err(StoreError::Internal("a log without partitions".into()));
        };
        // Sent together, run one after the other: what is looked up is of the moment at which the head was ours.
        let earlier = async {
            let parameters: [&(dyn ToSql + Sync); 1] = [ids];
            if ids.is_empty() { Ok(Vec::new()) } else { self.client.query(&looks.earlier, &parameters).await }
        };
        let (begun, locked, head, epoch, transaction, earlier) = tokio::join!(
            self.client.batch_execute("BEGIN"),
            self.client.query_one(&self.lock, &[]),
            self.client.query_one(&looks.head, &[]),
            self.client.query_opt(&self.epoch, &[]),
            self.client.query_one(&self.transaction, &[]),
            earlier,
        );
        begun?;
        locked?;
        // The first that failed says why; what follows it only says that something did.
        let head = head::position(head?.get(0));
        let epoch = epoch?.map(|row| row.get(0));
        Ok(Begun { head, epoch, transaction: transaction?.get(0), earlier: earlier? })
    }

    /// Prepares the statements that name partitions, unless they name the right ones.
    async fn look_at(&mut self, partitions: &Partitions, ids: &[Uuid]) -> Result<()> {
        let places = partitions.that_may_hold(ids);
        let earlier_sql = places.iter().map(|place| earlier(place)).collect::<Vec<_>>().join(" UNION ALL ");
        let head_sql = partitions.head();
        if self
            .looks
            .as_ref()
            .is_none_or(|known| known.earlier_sql != earlier_sql || known.head_sql != head_sql)
        {
            let (head, earlier) =
                (self.client.prepare(&head_sql).await?, self.client.prepare(&earlier_sql).await?);
            self.looks = Some(Looks { head_sql, head, earlier_sql, earlier });
        }
        Ok(())
    }

    async fn store(&self, batch: &[Stamped], placements: &[Placement]) -> Result<(), tokio_postgres::Error> {
        let mut sink = pin!(self.client.copy_in::<_, bytes::Bytes>(&self.copy).await?);
        let mut rows = copy::Rows::new(self.forms);
        let mut sent = Ok(());
        for (stamped, placement) in batch.iter().zip(placements) {
            let Placement::New(position) = placement else { continue };
            rows.push(*position, &stamped.activity, stamped.fingerprint.as_ref());
            if sent.is_ok() && rows.len() > PIECE {
                sent = sink.as_mut().send(rows.take()).await;
            }
        }
        if sent.is_ok() {
            sent = sink.as_mut().send(rows.finish()).await;
        }
        // A server that refuses a row takes no more of them, and says why when it is asked for the end.
        sink.as_mut().finish().await?;
        sent
    }
}
