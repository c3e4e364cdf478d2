//! Lists, figures and groups.

use super::{
    PostgresStore,
    dialect::parameters,
    directory::Application,
    rows::{self, Reader},
    value::Moment,
    words,
};
use crate::{
    PageBudget, Questions, Reading, Result,
    sql::{self, Clause, DAY, StatsSql, Totals},
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;
use livetrail_types::{
    Activity, Filter, Group, GroupBy, Grouping, ListQuery, Page, REDACTED, Redaction, Scalar, SortBy, Stats,
};
use std::pin::pin;
use tokio_postgres::{Client, Row};

/// The rows of a page, as many as there is room for, and whether there was no room for more.
pub(super) async fn page(
    client: &Client,
    application: &Application,
    reader: &Reader,
    list: &ListQuery,
    reading: &mut Reading,
) -> Result<(Vec<Activity>, bool)> {
    let dialect = words::dialect(client, application, reader.log, &list.filter, reading.head).await?;
    let mut clause = Clause::of(&dialect, &list.filter, reading.head);
    restore_edge(client, &clause, list.sort.by, reading).await?;
    let sql = sql::page(&reader.select(), &mut clause, list.sort.by, reading);
    let mut found = pin!(client.query_raw(&sql, parameters(&clause)).await?);
    let (mut activities, mut budget) = (Vec::new(), PageBudget::default());
    while let Some(row) = found.try_next().await? {
        let activity = reader.activity(&row)?;
        let fits = budget.take(&activity);
        activities.push(activity);
        if !fits {
            return Ok((activities, true));
        }
    }
    Ok((activities, false))
}

/// Puts the stored action in place of a redacted one in the edge of a page: rows are sorted by what is stored, and a
/// cursor holds what was shown. The edge is looked up in the list that it belongs to, so that a made-up cursor compares
/// no other rows.
async fn restore_edge(client: &Client, clause: &Clause<'_>, by: SortBy, reading: &mut Reading) -> Result<()> {
    let Some((Scalar::Text(shown), position)) = &mut reading.edge else { return Ok(()) };
    if by != SortBy::ActionType || !shown.contains(REDACTED) {
        return Ok(());
    }
    let sql = format!(
        "SELECT a.action_type FROM {} WHERE ({}) AND a.position = {}",
        clause.dialect().log(),
        clause.sql(),
        rows::clamped(*position)
    );
    if let Some(row) = client.query_opt(&sql, &parameters(clause)).await? {
        *shown = row.get(0);
    }
    Ok(())
}

pub(super) async fn stats(
    client: &Client,
    application: &Application,
    reader: &Reader,
    filter: &Filter,
    head: u64,
    now: Timestamp,
) -> Result<Stats> {
    let of_the_last_day = filter.since(now - DAY);
    let dialect = words::dialect(client, application, reader.log, filter, head).await?;
    let clause = Clause::of(&dialect, filter, head);
    let statements = StatsSql::of(&clause);
    let one = async |sql: &str| client.query_opt(sql, &parameters(&clause)).await;
    let mut stats =
        one(&statements.totals).await?.as_ref().map(totals).map_or_else(Stats::default, Totals::into_stats);
    if let Some(users) = one(&statements.users).await? {
        (stats.unique_users, stats.anonymous_users) = (count(&users, 0), count(&users, 1));
    }
    stats.p95_duration_ms = one(&statements.percentile).await?.map(|row| row.get(0));
    stats.top_action =
        one(&statements.top_action).await?.map(|row| reader.redaction.text(row.get(0)).into_owned());
    let dialect = words::dialect(client, application, reader.log, &of_the_last_day, head).await?;
    let last_day = Clause::of(&dialect, &of_the_last_day, head);
    let row = client.query_one(&StatsSql::count(&last_day), &parameters(&last_day)).await?;
    stats.last_24h = count(&row, 0);
    Ok(stats)
}

pub(super) async fn groups(
    client: &Client,
    application: &Application,
    reader: &Reader,
    grouping: &Grouping,
) -> Result<Vec<Group>> {
    let dialect = words::dialect(client, application, reader.log, &grouping.filter, grouping.head).await?;
    let clause = Clause::of(&dialect, &grouping.filter, grouping.head);
    let rows = client.query(&sql::groups(&clause, grouping), &parameters(&clause)).await?;
    Ok(rows.iter().map(|row| group(row, &reader.redaction, &grouping.by)).collect())
}

fn group(row: &Row, redaction: &Redaction, by: &[GroupBy]) -> Group {
    let keys = by.len();
    Group {
        keys: by.iter().enumerate().map(|(n, by)| redaction.group_key(*by, key(row, n, *by))).collect(),
        count: count(row, keys),
        success_count: count(row, keys + 1),
        avg_duration_ms: row.get(keys + 2),
        max_duration_ms: row.get(keys + 3),
        first: row.get::<_, Moment>(keys + 4).0,
        last: row.get::<_, Moment>(keys + 5).0,
    }
}

fn key(row: &Row, n: usize, by: GroupBy) -> Scalar {
    let number = || match by {
        GroupBy::StatusCode | GroupBy::DurationMs => row.get::<_, Option<i32>>(n).map(i64::from),
        _ => row.get(n),
    };
    let key = if sql::is_number(by) {
        number().map(Scalar::Number)
    } else {
        row.get::<_, Option<String>>(n).map(Scalar::Text)
    };
    key.unwrap_or(Scalar::Null)
}

fn totals(row: &Row) -> Totals {
    Totals {
        total: count(row, 0),
        succeeded: count(row, 1),
        by_admins: count(row, 2),
        average_duration: row.get(3),
    }
}

fn count(row: &Row, index: usize) -> u64 {
    u64::try_from(row.get::<_, i64>(index)).unwrap_or_default()
}

#[async_trait]
impl Questions for PostgresStore {
    fn max_questions(&self) -> usize {
        self.pools.max_questions()
    }

    async fn list(&self, query: ListQuery) -> Result<Page> {
        let mut reading = Reading::plan(&query, self.epoch, self.reached().await?)?;
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let (found, is_full) = page(&scan, &application, self.reads(), &query, &mut reading).await?;
            let rows = self.with_profiles(&scan, found).await?;
            scan.finish();
            Ok((rows, is_full))
        };
        let (rows, is_full) = self.answer(asking).await?;
        Ok(reading.finish(&query, self.epoch, rows, is_full))
    }

    async fn stats(&self, filter: Filter, head: u64, now: Timestamp) -> Result<Stats> {
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let stats = stats(&scan, &application, self.reads(), &filter, head, now).await?;
            scan.finish();
            Ok(stats)
        };
        self.answer(asking).await
    }

    async fn groups(&self, grouping: Grouping) -> Result<Vec<Group>> {
        let asking = async {
            let (scan, application) = (self.scan().await?, self.shared.application());
            let groups = groups(&scan, &application, self.reads(), &grouping).await?;
            scan.finish();
            Ok(groups)
        };
        self.answer(asking).await
    }
}
