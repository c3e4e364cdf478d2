//! The connections that a node shares among its look-ups and questions.

use super::connection::{Connector, SESSION};
use crate::{PoolUse, Result, StoreError};
use deadpool_postgres::{
    ConfigConnectImpl, Connect, Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError,
    RecyclingMethod, Runtime, Status, TimeoutType, Timeouts,
};
use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinHandle, time::timeout};
use tokio_postgres::{Client, Config, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connections that one node needs beside those of its pools: to append, to find out what became of a commit, to
/// listen, to take care of partitions.
const OTHERS: usize = 4;
/// Most questions at once. They are answered by the database only where the index cannot, and more of them would keep
/// its processors from short reads.
const MAX_SCANS: usize = 4;
/// The fewest connections that a node can work with.
const LEAST: usize = OTHERS + 2;

/// The shared connections of a node.
#[derive(Clone)]
pub(super) struct Pools {
    /// For look-ups, which are short.
    short: Arc<Shared>,
    /// For lists and figures, which may take long: a look-up does not wait behind them.
    scans: Arc<Shared>,
    connector: Connector,
}

/// A pool that grows while callers wait, as far as PostgreSQL or a pooler gives further connections. A pooler without a
/// free session does not refuse a connection: it has it wait. So a further connection is made apart, and no caller
/// waits for one that may never come while another could serve it.
struct Shared {
    pool: Pool,
    made: Made,
    /// The largest size.
    limit: usize,
    /// How many callers are being given a connection, or wait for one.
    asking: AtomicUsize,
    is_growing: AtomicBool,
    /// Whether no more connections were given when it last grew.
    is_at_its_end: AtomicBool,
}

impl Pools {
    /// Closes the connections that were idle for so long.
    pub(super) fn give_back_idle(&self, idle: Duration) {
        for shared in [&self.short, &self.scans] {
            let pool = &shared.pool;
            shared.made().clear();
            pool.retain(|_, metrics| metrics.last_used() < idle);
            // Others may have taken those that were given back.
            pool.resize(pool.status().size.max(1));
        }
    }

    /// How many questions may be asked at once.
    pub(super) fn max_questions(&self) -> usize {
        self.scans.limit
    }

    /// How the connections are used.
    pub(super) fn in_use(&self) -> [PoolUse; 2] {
        [(PoolUse::LOOK_UPS, &self.short), (PoolUse::QUESTIONS, &self.scans)].map(|(pool, shared)| {
            let Status { size, available, waiting, .. } = shared.pool.status();
            let in_use = size.saturating_sub(available);
            PoolUse { pool, in_use, idle: available, waiting, limit: shared.limit }
        })
    }

    /// A connection for a look-up.
    pub(super) async fn for_look_up(&self) -> Result<Object> {
        self.take(&self.short, &self.scans).await
    }

    /// A connection for a question that may take long.
    pub(super) async fn for_scan(&self) -> Result<Object> {
        self.take(&self.scans, &self.short).await
    }

    /// Lets the pools that were given no more connections grow again.
    pub(super) fn grow_again(&self) {
        for shared in [&self.short, &self.scans] {
            shared.is_at_its_end.store(false, Ordering::Relaxed);
        }
    }

    /// A connection of a pool. If PostgreSQL gives no more of them, the pool gets along with those that it has, or with
    /// one of the other pool.
    async fn take(&self, shared: &Arc<Shared>, other: &Arc<Shared>) -> Result<Object> {
        let _asking = Asking::of(shared);
        if shared.is_short() && !shared.is_growing.swap(true, Ordering::Relaxed) {
            tokio::spawn(grow(Arc::clone(shared), Arc::clone(other), self.connector.clone()));
        }
        let error = match shared.pool.get().await {
            Err(error) if is_exhausted(&error) => error,
            got => return Ok(got?),
        };
        let (has, others) = (shared.pool.status().size, other.pool.status().size);
        if has == 0 && others < 2 {
            return Err(error.into());
        }
        if has == 0 {
            other.pool.resize(others - 1);
        } else if shared.pool.status().max_size > has {
            shared.pool.resize(has);
            shared.end_of_growth(has);
        }
        Ok(shared.pool.get().await?)
    }
}

/// Connections that were made apart and are not in the pool yet, with the tasks that drive them.
type Made = Arc<Mutex<Vec<(Client, JoinHandle<()>)>>>;

/// Where a pool has its connections from.
struct Source {
    made: Made,
    otherwise: ConfigConnectImpl<MakeRustlsConnect>,
}

impl Connect for Source {
    fn connect(
        &self,
        config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + '_>>
    {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match made {
            Some(made) if !made.0.is_closed() => Box::pin(std::future::ready(Ok(made))),
            _ => self.otherwise.connect(config),
        }
    }
}

/// A caller that is being given a connection.
struct Asking<'a>(&'a AtomicUsize);

impl<'a> Asking<'a> {
    fn of(shared: &'a Shared) -> Self {
        shared.asking.fetch_add(1, Ordering::Relaxed);
        Self(&shared.asking)
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Grows while callers wait, after the other pool has its first connection.
async fn grow(shared: Arc<Shared>, other: Arc<Shared>, connector: Connector) {
    if other.pool.status().size == 0 {
        drop(other.pool.get().await);
    }
    loop {
        let further = connector.driven().await;
        let size = shared.pool.status().max_size;
        match further {
            Ok(made) => shared.made().push(made),
            Err(error) => {
                tracing::debug!(%error, "no further connection to PostgreSQL");
                shared.end_of_growth(size);
                break;
            }
        }
        shared.pool.resize(size + 1);
        if shared.pool.status().waiting <= shared.made().len() || !shared.may_grow() {
            break;
        }
    }
    shared.is_growing.store(false, Ordering::Relaxed);
}

impl Shared {
    fn made(&self) -> MutexGuard<'_, Vec<(Client, JoinHandle<()>)>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_grow(&self) -> bool {
        self.pool.status().max_size < self.limit && !self.is_at_its_end.load(Ordering::Relaxed)
    }

    /// Whether the latest of those who ask would wait for another one.
    fn is_short(&self) -> bool {
        let Status { max_size, size, available, .. } = self.pool.status();
        let before = self.asking.load(Ordering::Relaxed).saturating_sub(1);
        self.may_grow() && available <= before && size + before >= max_size
    }

    fn end_of_growth(&self, has: usize) {
        self.is_at_its_end.store(true, Ordering::Relaxed);
        tracing::warn!(
            has,
            "PostgreSQL, or a pooler before it, gives this node no more connections; fewer look-ups and questions are \
             answered at once. --database-connections says how many there may be, default_pool_size how many \
             PgBouncer gives"
        );
    }
}

fn is_exhausted(error: &PoolError) -> bool {
    match error {
        PoolError::Timeout(TimeoutType::Create) | PoolError::PostCreateHook(HookError::Message(_)) => true,
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            error.code() == Some(&SqlState::TOO_MANY_CONNECTIONS)
        }
        _ => false,
    }
}

/// How many connections a node takes of those that it may have: at most half of what PostgreSQL gives this user, so
/// that the application has its own.
///
/// # Errors
/// What the database says.
pub(super) async fn fair_share(client: &Client, wanted: usize) -> Result<usize> {
    let sql = "SELECT least(
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
           (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user AND NOT rolsuper),
           (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))";
    let most: i32 = client.query_one(sql, &[]).await?.get(0);
    let share = (usize::try_from(most).unwrap_or_default() / 2).max(LEAST).min(wanted);
    if share < wanted {
        tracing::warn!(
            wanted,
            share,
            most,
            "PostgreSQL gives this user few connections; this node takes a part of them, so that the application has its own"
        );
    }
    Ok(share)
}

impl Connector {
    /// Connections that are shared, so that the node has at most `connections`. None is made before it is needed.
    pub(super) fn pools(&self, connections: usize) -> Result<Pools> {
        let both = connections.saturating_sub(OTHERS).max(2);
        let scans = (both / 2).min(MAX_SCANS);
        let sizes = [both - scans, scans];
        let [short, scans] = sizes.map(|limit| self.shared(limit));
        Ok(Pools { short: Arc::new(short?), scans: Arc::new(scans?), connector: self.clone() })
    }

    fn shared(&self, limit: usize) -> Result<Shared> {
        let (asking, is_growing, is_at_its_end) = Default::default();
        let made = Made::default();
        Ok(Shared { pool: self.pool(Arc::clone(&made))?, made, limit, asking, is_growing, is_at_its_end })
    }

    fn pool(&self, made: Made) -> Result<Pool> {
        let manager = Manager::from_connect(
            self.address().config.as_ref().clone(),
            Source { made, otherwise: ConfigConnectImpl { tls: self.tls() } },
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let limit = self.timeouts.connect;
        let told = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move {
                // A pooler without a free session lets its client connect, and wait.
                let told = timeout(limit, client.batch_execute(&SESSION)).await;
                told.map_err(|_| HookError::message("PostgreSQL does not answer"))?
                    .map_err(HookError::Backend)
            })
        });
        let limit = Some(limit);
        let pool = Pool::builder(manager)
            .max_size(1)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: limit, create: limit, recycle: limit })
            .post_create(told)
            .build();
        pool.map_err(|error| StoreError::Internal(error.to_string()))
    }
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => error.into(),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::postgres::timeouts::Timeouts;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_that_come_at_once_do_not_wait_for_each_other() {
        let database = private_postgres::database();
        let address = database.url().parse().expect("an address");
        let timeouts = Timeouts { connect: Duration::from_hours(1), ..Timeouts::default() };
        let pools = Connector::new(address, timeouts).expect("a connector").pools(20).expect("pools");
        // Each is kept until the other is there.
        let both = async { tokio::join!(pools.for_scan(), pools.for_scan()) };
        let (one, other) = timeout(Duration::from_secs(60), both).await.expect("two connections");
        assert!(one.is_ok() && other.is_ok());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn connections_that_are_idle_after_a_load_are_given_back_to_the_application() {
        let database = private_postgres::database();
        let address = database.url().parse().expect("an address");
        let connector = Connector::new(address, Timeouts::default()).expect("a connector");
        let pools = connector.pools(20).expect("pools");
        let mut taken = Vec::new();
        for _ in 0..12 {
            taken.push(pools.for_look_up().await.expect("a connection"));
        }
        for _ in 0..MAX_SCANS {
            taken.push(pools.for_scan().await.expect("a connection"));
        }
        let session = connector.connect().await.expect("a session");
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let count = async || session.query_one(sql, &[]).await.expect("an answer").get::<_, i64>(0);
        assert_eq!(count().await, 16);
        pools.give_back_idle(Duration::ZERO);
        assert_eq!(count().await, 16, "none that is in use");
        let look_ups = PoolUse { pool: PoolUse::LOOK_UPS, in_use: 12, idle: 0, waiting: 0, limit: 12 };
        let questions = PoolUse { pool: PoolUse::QUESTIONS, in_use: 4, limit: 4, ..look_ups };
        assert_eq!(pools.in_use(), [look_ups, questions]);
        tokio::select! {
            biased;
            _ = pools.for_look_up() => panic!("there are no more connections"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(pools.in_use()[0], look_ups, "what has given up does not wait");
        drop(taken);
        assert_eq!(pools.in_use()[0], PoolUse { in_use: 0, idle: 12, ..look_ups });
        pools.give_back_idle(Duration::from_hours(1));
        assert_eq!(count().await, 16, "none that was used just now");
        pools.give_back_idle(Duration::ZERO);
        let given_back = async { while count().await > 0 {} };
        timeout(Duration::from_secs(60), given_back).await.expect("the sessions end");
        drop(pools.for_look_up().await.expect("a new connection"));
    }
}
