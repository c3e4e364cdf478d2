//! Groups of activities, as a statement.

use super::{Clause, Dialect};
use livetrail_types::{GroupBy, Grouping};

/// The statement. A row has the keys, in the order asked, then: how many, how many that worked, the average and the
/// longest duration, and when the first and the last happened.
pub(crate) fn statement(clause: &Clause<'_>, grouping: &Grouping) -> String {
    let dialect = clause.dialect();
    let keys: String =
        grouping.by.iter().zip(1..).map(|(by, n)| format!("{} AS k{n}, ", dialect.group_key(*by))).collect();
    let named: Vec<String> = (1..=grouping.by.len()).map(|n| format!("k{n}")).collect();
    let group = if named.is_empty() { String::new() } else { format!("GROUP BY {}", named.join(", ")) };
    let texts: Vec<String> =
        grouping.by.iter().zip(&named).map(|(by, name)| key_as_shown(dialect, *by, name)).collect();
    let shown: String = texts.iter().map(|text| format!("{text}, ")).collect();
    let order: String = texts.iter().map(|text| format!(", ({text}) IS NULL, {text}")).collect();
    format!(
        "SELECT {shown}n, worked, average, longest, first, last FROM (SELECT {keys}count(*) AS n, \
         count(CASE WHEN a.success THEN 1 END) AS worked, CAST(avg(a.duration_ms) AS DOUBLE PRECISION) AS average, \
         max(a.duration_ms) AS longest, min({moment}) AS first, max({moment}) AS last FROM {log} WHERE {condition} {group} \
         HAVING count(*) >= {least}) g ORDER BY n DESC{order} LIMIT {most}",
        moment = dialect.sort_column(Default::default()),
        log = dialect.log(),
        condition = clause.sql(),
        least = grouping.min_count.max(1),
        most = grouping.limit,
    )
}

/// Whether keys are numbers; the others are texts.
pub(crate) fn is_number(by: GroupBy) -> bool {
    matches!(by, GroupBy::StatusCode | GroupBy::DurationMs | GroupBy::Seconds(_))
}

fn key_as_shown(dialect: &dyn Dialect, by: GroupBy, name: &str) -> String {
    if is_number(by) { name.to_owned() } else { dialect.key_text(by, name) }
}
