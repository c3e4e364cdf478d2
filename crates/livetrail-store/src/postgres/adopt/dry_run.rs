//! Copies every row of the old table to a temporary one, to find all that an adoption would fail at.
//!
//! The table is copied in pieces. Each piece is a subtransaction that is rolled back, which also gives up the lock on
//! the old table. So DDL of the application waits for one piece, and not for the whole table.

use super::{
    super::{append::LOG, connection::may_pass},
    Adoption, Attempts, LOCK_TIMEOUT, NEW,
    carried::{Carried, guards},
    copy::{Copy, of_pages},
    literal,
    losses::Loss,
    rules::{Broken, PASSING, Rule, foreign_keys, indexes, take_checks},
    shape, unusable,
};
use crate::Result;
use std::collections::BTreeMap;
use tokio_postgres::{Client, Transaction};

/// Bytes of one piece, with values that are stored out of line.
const PIECE: i64 = 16 << 20;
/// So many rows that cannot be copied end the reading, because each of them costs a subtransaction.
const MAX_REFUSED: i64 = 10_000;

/// What a piece is copied with.
struct Pieces<'a> {
    transaction: &'a Transaction<'a>,
    /// The statement that copies some pages.
    copy: String,
    rules: Vec<Rule>,
}

/// What was found in the rows.
#[derive(Default)]
struct Found {
    /// The rows that break a rule, by its index.
    broken: BTreeMap<usize, Broken>,
    /// The rows that cannot be copied, by the code of the error.
    refused: BTreeMap<String, Broken>,
}

impl Adoption {
    /// The rules of the application that rows break once they are copied, and errors of rows that break none.
    pub(super) async fn copy_every_row(&self, client: &mut Client, log: &str) -> Result<Vec<Loss>> {
        let (guards, more_rules) = self.guards(client, log).await?;
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
        let mut rules = take_checks(&transaction).await?;
        rules.extend(more_rules);
        for (index, rule) in rules.iter().enumerate() {
            transaction.batch_execute(&rule.function(index)).await?;
        }
        let copy = Copy::of(&transaction, self).await?;
        transaction.batch_execute(&one_by_one(&copy)).await?;
        let copy = copy.pages("$1::bigint", "$2::bigint");
        let found = Pieces { transaction: &transaction, copy, rules }.copy_all().await?;
        let is_changed = shape(&transaction).await? != self.shape;
        transaction.rollback().await?;
        if is_changed {
            return Err(unusable("it was changed while its rows were read; begin again"));
        }
        Ok(found)
    }

    /// What protects the rows of the new table, deparsed by the names that columns have there.
    async fn guards(&self, client: &mut Client, log: &str) -> Result<(Vec<Carried>, Vec<Rule>)> {
        let transaction = client.transaction().await?;
        transaction.batch_execute(LOCK_TIMEOUT).await?;
        transaction.batch_execute(&self.choices.rename(LOG)).await?;
        self.make_temporary(&transaction, log).await?;
        let mut guards = guards(&transaction, &self.names()).await?;
        let mut rules = foreign_keys(&transaction, &self.names()).await?;
        rules.extend(indexes(&transaction).await?);
        transaction.rollback().await?;
        guards.retain(|guard| self.choices.keeps(&guard.name));
        rules.retain(|rule| self.choices.keeps(rule.name()));
        Ok((guards, rules))
    }
}

/// Makes the function that copies some pages, one by one, and the rows of a page that fails one by one. It gives the
/// errors.
fn one_by_one(copy: &Copy) -> String {
    let (page, row) = (copy.pages("livetrail.page", "livetrail.page + 1"), copy.row());
    let of_page = of_pages("livetrail.page", "livetrail.page + 1");
    let body = format!(
        "#variable_conflict use_column
         <<livetrail>> DECLARE page BIGINT; one RECORD; BEGIN
           FOR page IN SELECT generate_series(first, last - 1) LOOP
             BEGIN {page};
             EXCEPTION WHEN {PASSING} THEN RAISE; WHEN OTHERS THEN
               FOR one IN SELECT old.ctid AS place, old.id::text AS name FROM {LOG} old WHERE {of_page} LOOP
                 BEGIN {row} WHERE old.ctid = livetrail.one.place;
                 EXCEPTION WHEN {PASSING} THEN RAISE; WHEN OTHERS THEN
                   RETURN QUERY SELECT SQLSTATE, SQLERRM, livetrail.one.name;
                 END;
               END LOOP;
             END;
           END LOOP;
         END"
    );
    let body = literal(&body);
    format!(
        "CREATE FUNCTION pg_temp.livetrail_copy(first BIGINT, last BIGINT) RETURNS TABLE (code TEXT, reason TEXT, example TEXT)
         LANGUAGE plpgsql AS {body}"
    )
}

impl Pieces<'_> {
    /// Copies all pages that the table has now.
    async fn copy_all(&self) -> Result<Vec<Loss>> {
        let sizes = format!(
            "SELECT pages, greatest({PIECE} / (pg_table_size('{LOG}') / greatest(pages, 1) + 1), 1)
             FROM (SELECT pg_relation_size('{LOG}') / current_setting('block_size')::bigint AS pages) heap"
        );
        let sizes = self.transaction.query_one(&sizes, &[]).await?;
        let (pages, pages_of_piece): (i64, i64) = (sizes.get(0), sizes.get(1));
        let (mut found, mut first) = (Found::default(), 0);
        while first < pages && found.refused() < MAX_REFUSED {
            let end = first + pages_of_piece;
            found.add(self.try_piece(first, end.min(pages)).await?);
            first = end;
        }
        Ok(self.losses(&found, first < pages))
    }

    /// Copies the pages, looks what is wrong with the rows, and takes the copy back.
    async fn try_piece(&self, first: i64, end: i64) -> Result<Found> {
        let (mut attempts, mut found) = (Attempts::default(), Found::default());
        loop {
            self.transaction.batch_execute("SAVEPOINT piece").await?;
            let copied = self.copy_piece(first, end).await;
            self.transaction
                .batch_execute(&format!("ROLLBACK TO piece; RELEASE piece; TRUNCATE {NEW}"))
                .await?;
            if !attempts.asks_again(copied.map(|of_piece| found = of_piece)).await? {
                return Ok(found);
            }
        }
    }

    async fn copy_piece(&self, first: i64, end: i64) -> Result<Found> {
        let mut found = Found::default();
        self.transaction.batch_execute("SAVEPOINT copied").await?;
        if let Err(error) = self.transaction.execute(&self.copy, &[&first, &end]).await {
            if error.code().is_none_or(may_pass) {
                return Err(error.into());
            }
            self.transaction.batch_execute("ROLLBACK TO copied").await?;
            let sql = "SELECT code, min(reason), count(*), min(example) FROM pg_temp.livetrail_copy($1, $2) GROUP BY code";
            for row in self.transaction.query(sql, &[&first, &end]).await? {
                let broken = Broken { rows: row.get(2), example: row.get(3), error: row.get(1) };
                found.refused.insert(row.get(0), broken);
            }
        }
        for index in self.broken().await? {
            if let Some(rule) = self.rules.get(index) {
                found.broken.insert(index, rule.count(self.transaction, index).await?);
            }
        }
        Ok(found)
    }

    /// The rules that rows of the piece may break, by their indexes. An error of one rule's expression may hide another
    /// rule, so then it is all of them.
    async fn broken(&self) -> Result<Vec<usize>> {
        if self.rules.is_empty() {
            return Ok(Vec::new());
        }
        let each: Vec<String> =
            self.rules.iter().map(|rule| format!("coalesce(bool_or({}), FALSE)", rule.broken())).collect();
        self.transaction.batch_execute("SAVEPOINT tried").await?;
        match self.transaction.query_one(&format!("SELECT {} FROM {NEW}", each.join(", ")), &[]).await {
            Ok(row) => Ok((0..self.rules.len()).filter(|index| row.get(*index)).collect()),
            Err(error) if error.code().is_none_or(may_pass) => Err(error.into()),
            Err(_) => {
                self.transaction.batch_execute("ROLLBACK TO tried").await?;
                Ok((0..self.rules.len()).collect())
            }
        }
    }

    fn losses(&self, found: &Found, is_cut: bool) -> Vec<Loss> {
        let rules = found.broken.iter().filter_map(|(index, broken)| Some((self.rules.get(*index)?, broken)));
        let rules = rules.filter(|(_, broken)| broken.rows > 0).map(|(rule, broken)| rule.loss(broken));
        let refused = found.refused.iter().map(|(code, broken)| {
            let (rows, error) = (broken.in_words(), broken.error.as_deref().unwrap_or_default());
            let end = if is_cut { ". The rows after these were not read" } else { "" };
            Loss::unacceptable(
                "rows",
                format!("{rows} cannot be copied: {error} [{code}]. Change these rows{end}"),
            )
        });
        rules.chain(refused).collect()
    }
}

impl Found {
    fn add(&mut self, more: Self) {
        for (index, broken) in more.broken {
            self.broken.entry(index).or_default().add(broken);
        }
        for (code, broken) in more.refused {
            self.refused.entry(code).or_default().add(broken);
        }
    }

    fn refused(&self) -> i64 {
        self.refused.values().map(|broken| broken.rows).sum()
    }
}
