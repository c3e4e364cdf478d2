//! Copies every row of the old table to a temporary one, to find all that an adoption would fail at.
//!
//! The table is copied in pieces. Each piece is a subtransaction that is rolled back, which also gives up the lock on
//! the old table. So DDL of the application waits for one piece, and not for the whole table.

use super::{
    super::{append::LOG, connection::may_pass},
    Adoption, Attempts, LOCK_TIMEOUT, NEW,
    carried::{Carried, guards},
    copy::{Copy, why_refused},
    losses::Loss,
    shape, unusable,
};
use crate::Result;
use tokio_postgres::{Client, Error, Transaction};

/// Bytes of one piece, with values that are stored out of line.
const PIECE: i64 = 16 << 20;

/// What a piece is copied with.
struct Pieces<'a> {
    transaction: &'a Transaction<'a>,
    /// The statement that copies some pages.
    copy: String,
    /// The checks of the temporary table.
    checks: Vec<String>,
}

impl Adoption {
    /// The rules of the application that rows break once they are copied, and errors of rows that break none.
    pub(super) async fn copy_every_row(&self, client: &mut Client, log: &str) -> Result<Vec<Loss>> {
        let guards = self.guards(client, log).await?;
        let transaction = client.transaction().await?;
        transaction.batch_execute("SET LOCAL statement_timeout = 0").await?;
        self.make_temporary(&transaction, log).await?;
        transaction
            .batch_execute(&format!("CREATE TEMPORARY TABLE livetrail_copied PARTITION OF {NEW} DEFAULT"))
            .await?;
        for guard in guards {
            transaction.batch_execute("SAVEPOINT guard").await?;
            // A temporary table cannot have all of them. That the new table can have them was tried.
            if transaction.batch_execute(&guard.sql).await.is_err() {
                transaction.batch_execute("ROLLBACK TO guard").await?;
            }
            // A table that was made in another subtransaction would keep its file when it is truncated.
            transaction.batch_execute("RELEASE guard").await?;
        }
        let checks =
            "SELECT conname::text FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'c'";
        let checks = transaction.query(checks, &[&NEW]).await?.iter().map(|row| row.get(0)).collect();
        let copy = Copy::of(&transaction, self).await?.pages();
        let found = Pieces { transaction: &transaction, copy, checks }.copy_all().await?;
        let is_changed = shape(&transaction).await? != self.shape;
        transaction.rollback().await?;
        if is_changed {
            return Err(unusable("it was changed while its rows were read; begin again"));
        }
        Ok(found)
    }

    /// What protects the rows of the new table, deparsed by the names that columns have there.
    async fn guards(&self, client: &mut Client, log: &str) -> Result<Vec<Carried>> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        self.make_temporary(&transaction, log).await?;
        let mut guards = guards(&transaction, &self.names()).await?;
        transaction.rollback().await?;
        guards.retain(|guard| self.choices.keeps(&guard.name));
        Ok(guards)
    }
}

impl Pieces<'_> {
    /// Copies all pages that the table has now, as far as an error allows.
    async fn copy_all(&self) -> Result<Vec<Loss>> {
        let sizes = format!(
            "SELECT pages, greatest({PIECE} / (pg_table_size('{LOG}') / greatest(pages, 1) + 1), 1)
             FROM (SELECT pg_relation_size('{LOG}') / current_setting('block_size')::bigint AS pages) heap"
        );
        let sizes = self.transaction.query_one(&sizes, &[]).await?;
        let (pages, pages_of_piece): (i64, i64) = (sizes.get(0), sizes.get(1));
        let (mut found, mut first) = (Vec::new(), 0);
        while first < pages {
            let end = first + pages_of_piece;
            self.copy_piece(first, end, &mut found).await?;
            if found.iter().any(|loss: &Loss| !loss.is_acceptable) {
                break;
            }
            first = end;
        }
        Ok(found)
    }

    /// Copies the pages under the rules that no row has broken yet. If that fails, it copies them under no check, and
    /// under each one alone, because an error may name no rule, or one of several.
    async fn copy_piece(&self, first: i64, end: i64, found: &mut Vec<Loss>) -> Result<()> {
        let intact: Vec<&String> =
            self.checks.iter().filter(|check| !found.iter().any(|loss| loss.name == **check)).collect();
        if self.try_piece(first, end, &intact).await?.is_none() {
            return Ok(());
        }
        if let Some(error) = self.try_piece(first, end, &[]).await? {
            found.push(Loss::unacceptable("a row", why_refused(&error)));
            return Ok(());
        }
        for check in intact {
            if let Some(error) = self.try_piece(first, end, &[check]).await? {
                found.push(Loss::new(check, why_refused(&error)));
            }
        }
        Ok(())
    }

    /// Copies the pages under these checks, and takes that back; why they cannot be copied.
    async fn try_piece(&self, first: i64, end: i64, checks: &[&String]) -> Result<Option<Error>> {
        let others: Vec<String> = self
            .checks
            .iter()
            .filter(|check| !checks.contains(check))
            .map(|check| format!("DROP CONSTRAINT {}", super::quoted(check)))
            .collect();
        let drop = format!("ALTER TABLE {NEW} {};", others.join(", "));
        let drop = if others.is_empty() { "" } else { &drop };
        let (mut attempts, mut refusal) = (Attempts::default(), None);
        loop {
            self.transaction.batch_execute(&format!("SAVEPOINT piece; {drop}")).await?;
            let copied = self.transaction.execute(&self.copy, &[&first, &end]).await;
            self.transaction
                .batch_execute(&format!("ROLLBACK TO piece; RELEASE piece; TRUNCATE {NEW}"))
                .await?;
            let attempt = match copied {
                Err(error) if error.code().is_some_and(|code| !may_pass(code)) => {
                    refusal = Some(error);
                    Ok(())
                }
                Err(error) => Err(error.into()),
                Ok(_) => Ok(()),
            };
            if !attempts.asks_again(attempt).await? {
                return Ok(refusal);
            }
        }
    }
}
