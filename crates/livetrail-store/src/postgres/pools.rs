//! The connections that a node shares among its look-ups and questions.

use super::connection::{Connector, SESSION};
use crate::{PoolUse, Result, StoreError};
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, Status,
    TimeoutType, Timeouts,
};
use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::{Client, error::SqlState};

/// Connections that one node needs beside those of its pools: to append, to find out what became of a commit, to
/// listen, to take care of partitions.
const OTHERS: usize = 4;
/// The fewest connections that a node can work with.
const LEAST: usize = OTHERS + 2;

/// The shared connections of a node.
#[derive(Clone)]
pub(super) struct Pools {
    /// For look-ups, which are short.
    short: Pool,
    /// For lists and figures, which may take long: a look-up does not wait behind them.
    scans: Pool,
    /// The sizes of the two pools while connections are not short.
    sizes: [usize; 2],
}

impl Pools {
    /// Closes the connections that were idle for so long.
    pub(super) fn give_back_idle(&self, idle: Duration) {
        for pool in [&self.short, &self.scans] {
            pool.retain(|_, metrics| metrics.last_used() < idle);
        }
    }

    /// How many questions may be asked at once.
    pub(super) fn max_questions(&self) -> usize {
        self.sizes[1]
    }

    /// How the connections are used.
    pub(super) fn in_use(&self) -> [PoolUse; 2] {
        [(PoolUse::LOOK_UPS, &self.short), (PoolUse::QUESTIONS, &self.scans)].map(|(pool, connections)| {
            let Status { max_size, size, available, waiting } = connections.status();
            PoolUse {
                pool,
                in_use: size.saturating_sub(available),
                idle: available,
                waiting,
                limit: max_size,
            }
        })
    }

    /// A connection for a look-up.
    pub(super) async fn for_look_up(&self) -> Result<Object> {
        take(&self.short, &self.scans).await
    }

    /// A connection for a question that may take long.
    pub(super) async fn for_scan(&self) -> Result<Object> {
        take(&self.scans, &self.short).await
    }

    /// Lets the pools that were given no more connections grow again.
    pub(super) fn grow_again(&self) {
        for (pool, size) in [&self.short, &self.scans].into_iter().zip(self.sizes) {
            if pool.status().max_size < size {
                pool.resize(size);
            }
        }
    }
}

/// A connection of a pool. If a pooler or PostgreSQL itself gives no more of them, the pool gets along with those that
/// it has, or with one of the other pool.
async fn take(pool: &Pool, other: &Pool) -> Result<Object> {
    let error = match pool.get().await {
        Err(error) if is_exhausted(&error) => error,
        got => return Ok(got?),
    };
    let (has, others) = (pool.status().size, other.status().size);
    if has == 0 && others < 2 {
        return Err(error.into());
    }
    if has == 0 {
        other.resize(others - 1);
    } else if pool.status().max_size > has {
        pool.resize(has);
        tracing::warn!(
            has,
            "PostgreSQL gives this node no more connections; fewer look-ups and questions are answered at once. \
             --database-connections says how many there may be"
        );
    }
    Ok(pool.get().await?)
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
        let sizes = [both - both / 2, both / 2];
        Ok(Pools { short: self.pool(sizes[0])?, scans: self.pool(sizes[1])?, sizes })
    }

    fn pool(&self, size: usize) -> Result<Pool> {
        let manager = Manager::from_config(
            self.address().config.as_ref().clone(),
            self.tls(),
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
            .max_size(size)
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
    async fn connections_that_are_idle_after_a_load_are_given_back_to_the_application() {
        let database = private_postgres::database();
        let address = database.url().parse().expect("an address");
        let connector = Connector::new(address, Timeouts::default()).expect("a connector");
        let pools = connector.pools(20).expect("pools");
        let mut taken = Vec::new();
        for _ in 0..8 {
            taken.push(pools.for_look_up().await.expect("a connection"));
            taken.push(pools.for_scan().await.expect("a connection"));
        }
        let session = connector.connect().await.expect("a session");
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let count = async || session.query_one(sql, &[]).await.expect("an answer").get::<_, i64>(0);
        assert_eq!(count().await, 16);
        pools.give_back_idle(Duration::ZERO);
        assert_eq!(count().await, 16, "none that is in use");
        let look_ups = PoolUse { pool: PoolUse::LOOK_UPS, in_use: 8, idle: 0, waiting: 0, limit: 8 };
        assert_eq!(pools.in_use(), [look_ups, PoolUse { pool: PoolUse::QUESTIONS, ..look_ups }]);
        tokio::select! {
            biased;
            _ = pools.for_look_up() => panic!("there are no more connections"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(pools.in_use()[0], look_ups, "what has given up does not wait");
        drop(taken);
        assert_eq!(pools.in_use()[0], PoolUse { in_use: 0, idle: 8, ..look_ups });
        pools.give_back_idle(Duration::from_hours(1));
        assert_eq!(count().await, 16, "none that was used just now");
        pools.give_back_idle(Duration::ZERO);
        let given_back = async { while count().await > 0 {} };
        timeout(Duration::from_secs(60), given_back).await.expect("the sessions end");
        drop(pools.for_look_up().await.expect("a new connection"));
    }
}
