//! The same questions as a first design asks them: a page by `OFFSET`, and the figures by a scan. The indexes are those
//! that Livetrail makes.

use super::{
    latencies::Latencies,
    report::{Asked, Tally},
    sample::Sample,
};
use anyhow::Result;
use std::time::Instant;
use tokio_postgres::{Client, NoTls};

/// Each takes seconds over a large log.
const ROUNDS: usize = 3;
const ROWS: &str = "activity_logs al LEFT JOIN livetrail_users u \
     ON al.user_id = u.user_id AND u.tenant = coalesce(al.tenant_id, '')";
const FIGURES: &str = "count(*), count(*) FILTER (WHERE al.success), count(*) FILTER (WHERE NOT al.success), \
     count(DISTINCT al.user_id), count(DISTINCT al.user_id) FILTER (WHERE al.user_id LIKE 'anon-%'), \
     count(*) FILTER (WHERE al.is_admin), avg(al.duration_ms), \
     count(*) FILTER (WHERE al.timestamp > now() - interval '24 hours')";

/// A page and its figures.
struct Statement {
    name: &'static str,
    /// The condition, in which `$1` is `value`.
    condition: &'static str,
    value: String,
    offset: u32,
}

/// Asks a database of PostgreSQL.
pub(super) async fn ask(url: &str, sample: &Sample) -> Result<Vec<Asked>> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let connection = tokio::spawn(connection);
    let mut all = Vec::new();
    for statement in statements(sample) {
        let mut latencies = Latencies::default();
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            statement.run(&client).await?;
            latencies.add(begun.elapsed());
        }
        all.push(Tally::of(latencies).finish(statement.name.to_owned(), statement.text()));
    }
    drop(client);
    connection.await??;
    Ok(all)
}

fn statements(sample: &Sample) -> [Statement; 5] {
    let of = |name, condition, value: &str| Statement { name, condition, value: value.into(), offset: 0 };
    let everything = || of("plain SQL: list", "$1 = ''", "");
    [
        everything(),
        of("plain SQL: list, user", "al.user_id = $1", &sample.user),
        of("plain SQL: list, action", "al.action_type = $1", &sample.action),
        of("plain SQL: list, user_search: e-mail", "u.email ILIKE '%' || $1 || '%'", &sample.email),
        Statement { name: "plain SQL: list, page 5,000", offset: 99_980, ..everything() },
    ]
}

impl Statement {
    fn text(&self) -> String {
        self.condition.replace("$1", &format!("'{}'", self.value))
    }

    async fn run(&self, client: &Client) -> Result<()> {
        let Self { condition, offset, .. } = self;
        let of = format!("FROM {ROWS} WHERE {condition}");
        let page = format!(
            "SELECT al.*, u.email, u.display_name {of} ORDER BY al.timestamp DESC LIMIT 20 OFFSET {offset}"
        );
        client.query(&page, &[&self.value]).await?;
        client.query_one(&format!("SELECT {FIGURES} {of}"), &[&self.value]).await?;
        Ok(())
    }
}
