//! Copies every row of the application's table as the log beside it will, and undoes that.
//!
//! The table is copied in pieces. Each piece is a subtransaction that is rolled back, which also gives up the lock on
//! the table. So DDL of the application waits for one piece, and not for the whole table.

use super::{
    super::{
        adopt::{Attempts, literal},
        migrate::{DELEGATE, LOG},
    },
    Beside, LENIENT, LOCK_TIMEOUT, refused,
};
use crate::Result;
use tokio_postgres::{Client, Transaction};

/// Bytes of one piece, with values that are stored out of line. Each row is made JSON, which takes ten times as long as
/// to copy it.
const PIECE: i64 = 2 << 20;

impl Beside {
    /// Does all that will be done, and undoes it.
    pub(in super::super) async fn try_out(&self, client: &mut Client) -> Result<()> {
        client.batch_execute("SET statement_timeout = 0; SET row_security = off").await?;
        let mut attempts = Attempts::default();
        while attempts.asks_again(self.try_once(client).await).await? {}
        Ok(())
    }

    async fn try_once(&self, client: &mut Client) -> Result<()> {
        let transaction = client.transaction().await?;
        self.begin(&transaction).await?;
        let has_log = "SELECT to_regclass('activity_logs') IS NOT NULL";
        if !transaction.query_one(has_log, &[]).await?.get::<_, bool>(0) {
            transaction.batch_execute(LOG.1).await?;
        }
        transaction.batch_execute(DELEGATE.1).await?;
        // No session waits for the table while its rows are read.
        let follow = format!("SAVEPOINT followed; {LOCK_TIMEOUT}; {} ROLLBACK TO followed;", self.follow());
        transaction.batch_execute(&follow).await.map_err(refused)?;
        transaction.batch_execute(LENIENT).await?;
        self.copy_pieces(&transaction).await?;
        Ok(transaction.rollback().await?)
    }

    /// Copies all pages that the table has now. Those of a partitioned table are the same pages of each partition.
    async fn copy_pieces(&self, client: &Transaction<'_>) -> Result<()> {
        let table = literal(&self.table);
        let sizes = format!(
            "SELECT coalesce(max(pages), 0), greatest({PIECE} / (sum(bytes) / greatest(max(pages), 1) + 1), 1)::bigint
             FROM (SELECT pg_relation_size(oid) / current_setting('block_size')::bigint AS pages, pg_table_size(oid) AS bytes FROM pg_class
               WHERE relkind = 'r' AND oid IN (SELECT {table}::regclass UNION SELECT relid FROM pg_partition_tree({table}::regclass))) heaps"
        );
        let sizes = client.query_one(&sizes, &[]).await?;
        let (pages, pages_of_piece): (i64, i64) = (sizes.get(0), sizes.get(1));
        let copy = self.copy(
            "WHERE a.ctid >= format('(%s,0)', $1::bigint)::tid AND a.ctid < format('(%s,0)', $2::bigint)::tid",
        );
        let mut first = 0;
        while first < pages {
            let end = first + pages_of_piece;
            client.batch_execute("SAVEPOINT piece").await?;
            client.execute(&copy, &[&first, &end]).await.map_err(refused)?;
            client.batch_execute("ROLLBACK TO piece; RELEASE piece").await?;
            first = end;
        }
        Ok(())
    }
}
