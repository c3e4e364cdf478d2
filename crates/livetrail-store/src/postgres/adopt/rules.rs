//! Rules of the application that a dry run tries on the rows of the new table: checks, foreign keys, and the
//! expressions of indexes. They count the rows that break them, and one of these rows is an example.

use super::{super::append::LOG, NEW, carried::can_be_kept, literal, losses::Loss, quoted};
use crate::Result;
use tokio_postgres::{GenericClient, Transaction};

/// A rule for rows of the new table.
pub(super) struct Rule {
    /// What `--without` names.
    name: String,
    /// What it is, for people.
    what: &'static str,
    /// An expression over the columns of the new table. It is false, or an error, for a row that breaks the rule.
    kept: String,
}

const CHECK: &str = "the check";
const FOREIGN_KEY: &str = "the foreign key";
const INDEX: &str = "the index";

/// The rows that break a rule.
#[derive(Default)]
pub(super) struct Broken {
    pub(super) rows: i64,
    /// The id of one of them.
    pub(super) example: String,
    /// An error of the rule's own expression.
    pub(super) error: Option<String>,
}

impl Broken {
    pub(super) fn add(&mut self, more: Self) {
        self.rows += more.rows;
        if self.example.is_empty() {
            self.example = more.example;
        }
        self.error = self.error.take().or(more.error);
    }

    /// How many rows, in words, and which one, for example.
    pub(super) fn in_words(&self) -> String {
        let Self { rows, example, .. } = self;
        match rows {
            1 => format!("1 row (id {example})"),
            rows => format!("{rows} rows (such as id {example})"),
        }
    }
}

/// Errors of a rule's expression that say nothing about the row.
pub(super) const PASSING: &str = "lock_not_available OR deadlock_detected OR serialization_failure OR insufficient_resources OR \
                       operator_intervention OR system_error";

/// Takes the checks off the temporary table, so that it takes all rows. They are deparsed by the names that columns
/// have in the log.
pub(super) async fn take_checks(client: &Transaction<'_>) -> Result<Vec<Rule>> {
    let sql = "SELECT conname::text, pg_get_expr(conbin, conrelid) FROM pg_constraint
               WHERE conrelid = to_regclass($1) AND contype = 'c' ORDER BY conname";
    let rows = client.query(sql, &[&NEW]).await?;
    let check = |row: &tokio_postgres::Row| Rule { name: row.get(0), what: CHECK, kept: row.get(1) };
    let checks: Vec<Rule> = rows.iter().map(check).collect();
    for Rule { name, .. } in &checks {
        client.batch_execute(&format!("ALTER TABLE {NEW} DROP CONSTRAINT {}", quoted(name))).await?;
    }
    Ok(checks)
}

/// The foreign keys that the new table gets. Rows of the old table may break them, because a session can turn off their
/// triggers. A key to a table whose rows this role cannot read is left out.
pub(super) async fn foreign_keys(client: &impl GenericClient, ours: &[&str]) -> Result<Vec<Rule>> {
    let sql = format!(
        "SELECT conname::text, format('(%s OR EXISTS (SELECT FROM %s livetrail_target WHERE %s))', nulls, confrelid::regclass, equal)
         FROM pg_constraint, LATERAL (
           SELECT string_agg(format('{NEW}.%I IS NULL', own.attname), CASE confmatchtype WHEN 'f' THEN ' AND ' ELSE ' OR ' END) AS nulls,
             string_agg(format('livetrail_target.%I OPERATOR(%I.%s) {NEW}.%I', target.attname, nspname, oprname, own.attname), ' AND ') AS equal
           FROM unnest(conkey, confkey, conpfeqop) AS pair (own, target, operator)
           JOIN pg_attribute own ON own.attrelid = conrelid AND own.attnum = pair.own
           JOIN pg_attribute target ON target.attrelid = confrelid AND target.attnum = pair.target
           JOIN pg_operator ON pg_operator.oid = pair.operator JOIN pg_namespace ON pg_namespace.oid = oprnamespace
         ) pairs
         WHERE conrelid = '{LOG}'::regclass AND contype = 'f' AND {} AND has_table_privilege(confrelid, 'SELECT')
           AND NOT row_security_active(confrelid) ORDER BY conname",
        can_be_kept(&ours.join(","))
    );
    let rows = client.query(&sql, &[]).await?;
    let key = |row: &tokio_postgres::Row| Rule { name: row.get(0), what: FOREIGN_KEY, kept: row.get(1) };
    Ok(rows.iter().map(key).collect())
}

/// The expressions and conditions of the indexes that the new table gets. They may fail for a value that is another one
/// in the log. A function that counts them has the database compute them.
pub(super) async fn indexes(client: &impl GenericClient) -> Result<Vec<Rule>> {
    let sql = format!(
        "SELECT relname::text, CASE WHEN indexprs IS NULL THEN format('num_nulls(%s) >= 0', condition)
             WHEN indpred IS NULL THEN format('num_nulls(%s) >= 0', expressions)
             ELSE format('CASE WHEN %s THEN num_nulls(%s) >= 0 ELSE TRUE END', condition, expressions) END
         FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid,
           LATERAL (SELECT pg_get_expr(indexprs, indrelid) AS expressions, pg_get_expr(indpred, indrelid) AS condition) deparsed
         WHERE indrelid = '{LOG}'::regclass AND NOT indisunique AND indisvalid AND (indexprs IS NOT NULL OR indpred IS NOT NULL)
         ORDER BY relname"
    );
    let rows = client.query(&sql, &[]).await?;
    let index = |row: &tokio_postgres::Row| Rule { name: row.get(0), what: INDEX, kept: row.get(1) };
    Ok(rows.iter().map(index).collect())
}

impl Rule {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether a row of the temporary table breaks the rule, or cannot be tested.
    pub(super) fn broken(&self) -> String {
        format!("({}) IS FALSE", self.kept)
    }

    /// The statement that makes a function of one row: null, or why the row breaks the rule. An error is an answer,
    /// too.
    pub(super) fn function(&self, index: usize) -> String {
        let body = format!(
            "#variable_conflict use_column
             BEGIN
               RETURN (SELECT CASE WHEN {} THEN '' END FROM (SELECT (given).*) {NEW});
             EXCEPTION WHEN {PASSING} THEN RAISE; WHEN OTHERS THEN RETURN format('%s [%s]', SQLERRM, SQLSTATE);
             END",
            self.broken()
        );
        let body = literal(&body);
        format!(
            "CREATE FUNCTION pg_temp.livetrail_rule_{index}(given {NEW}) RETURNS TEXT LANGUAGE plpgsql AS {body}"
        )
    }

    /// Counts the rows of the temporary table that break the rule, one by one.
    pub(super) async fn count(&self, client: &Transaction<'_>, index: usize) -> Result<Broken> {
        let sql = format!(
            "SELECT count(reason), coalesce(min(id::text) FILTER (WHERE reason IS NOT NULL), ''), nullif(max(reason), '')
             FROM (SELECT id, pg_temp.livetrail_rule_{index}({NEW}) AS reason FROM {NEW}) read"
        );
        let row = client.query_one(&sql, &[]).await?;
        Ok(Broken { rows: row.get(0), example: row.get(1), error: row.get(2) })
    }

    /// What is said of the rows that break the rule.
    pub(super) fn loss(&self, broken: &Broken) -> Loss {
        let Self { name, what, .. } = self;
        let fails = broken.error.as_ref().map(|error| format!(" ({error})")).unwrap_or_default();
        let way = match *what {
            FOREIGN_KEY => "Add the rows that they refer to, or change these rows",
            _ => {
                "In the log, null is an empty text, and the resource type livetrail is external:livetrail. Change these rows"
            }
        };
        let reason = format!("{} would break {what}{fails}. {way}, or do without {what}", broken.in_words());
        Loss::new(name, reason)
    }
}
