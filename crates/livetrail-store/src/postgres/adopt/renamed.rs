//! Columns of the application that have a name of Livetrail's and another meaning. The log has them under names that
//! the operator chooses; the old table keeps them as they were.
//!
//! The old table has the new names for as long as the database deparses the definitions of what uses the columns. So
//! views, indexes, checks, policies and the conditions of triggers follow. The bodies of functions do not.

use super::{
    super::append::LOG, AdoptionChoices, Column, Fate, column::quoted, functions::OF_THE_APPLICATION,
    losses::Loss, unusable,
};
use crate::{Result, StoreError, postgres::later};
use std::collections::{HashMap, HashSet};
use tokio_postgres::GenericClient;

/// Livetrail's columns that tables of activities often lack. An application may mean something else by such a name,
/// also where the type fits.
const AMBIGUOUS: [&str; 5] = ["changes", "session_id", "request_id", "trace_id", "tenant_id"];
/// The longest name of a column in PostgreSQL, in bytes.
const MAX_NAME: usize = 63;

impl AdoptionChoices {
    /// The statements that give a table's columns their names in the log.
    pub(super) fn rename(&self, table: &str) -> String {
        self.columns.iter().map(|(new, old)| rename(table, old, new)).collect()
    }

    /// The statements that take these names back.
    pub(super) fn rename_back(&self, table: &str) -> String {
        self.columns.iter().map(|(new, old)| rename(table, new, old)).collect()
    }

    /// Files each column under its name in the log.
    pub(super) fn file_by_new_name(&self, columns: &mut HashMap<String, Column>) {
        for (new, old) in &self.columns {
            if let Some(mut column) = columns.remove(old) {
                column.renamed_from = Some(old.clone());
                columns.insert(new.clone(), column);
            }
        }
    }

    /// Sentences about the columns, for people.
    pub(super) fn renamed_columns(&self) -> impl Iterator<Item = String> {
        self.columns.iter().map(|(new, old)| {
            format!(
                "{old} of the application becomes {new}: change its SQL to that name at the time of the adoption, because {old} is \
                 Livetrail's own column from then on, and SQL that still writes it damages the log; views, indexes and checks follow \
                 by themselves"
            )
        })
    }

    /// Refuses names for columns of a table that was adopted without them.
    pub(in super::super) async fn check_adopted(&self, client: &impl GenericClient) -> Result<()> {
        let theirs = if self.columns.is_empty() { HashSet::new() } else { names(client).await? };
        match self.columns.iter().find(|(new, _)| !theirs.contains(new)) {
            Some((new, old)) => Err(StoreError::Unusable(format!(
                "--column {new}={old}: the log has no column {new}, and only an adoption gives it one; if the table {LOG} was adopted, take \
                 that back with `livetrail migrate --undo` first"
            ))),
            None => Ok(()),
        }
    }

    /// Refuses names that an adoption which was stopped has not begun with.
    pub(super) fn check_begun(&self, begun: &Self) -> Result<()> {
        if self.columns.is_empty() || self.columns == begun.columns {
            return Ok(());
        }
        let choices: String =
            begun.columns.iter().map(|(new, old)| format!(" --column {new}={old}")).collect();
        let begun = if choices.is_empty() { " without --column" } else { &choices };
        Err(unusable(&format!(
            "its adoption was begun{begun}: go on with that, or drop the table livetrail_adoption and begin again"
        )))
    }

    /// Refuses a choice of names that cannot be.
    pub(super) async fn check_names(&self, client: &impl GenericClient, ours: &[&str]) -> Result<()> {
        let (theirs, mut taken) = (names(client).await?, HashSet::new());
        for (new, old) in &self.columns {
            let reason = if !theirs.contains(old) {
                format!("the table has no column {old}")
            } else if !is_livetrails(old, ours) {
                format!("{old} is not a name of Livetrail's, so the column keeps it")
            } else if is_livetrails(new, ours) || new.starts_with("livetrail_") {
                format!(
                    "{new} is a name of Livetrail's; to read a field from a column of another name, keep the log beside the \
                     table, by --beside"
                )
            } else if theirs.contains(new) || !taken.insert(new) {
                format!("there is a column {new} already")
            } else if new.len() > MAX_NAME {
                format!("a name has at most {MAX_NAME} bytes")
            } else if self.columns.iter().filter(|(_, other)| other == old).count() > 1 {
                format!("{old} is given two names")
            } else {
                continue;
            };
            return Err(unusable(&format!("--column {new}={old}: {reason}")));
        }
        Ok(())
    }

    /// Triggers that may use a column by its name in their functions or arguments: there, it would be Livetrail's. A
    /// function that uses a whole row names no column, so it is not found.
    pub(super) async fn triggers_by_old_names(&self, client: &impl GenericClient) -> Result<Vec<Loss>> {
        let sql = format!(
            "SELECT tgname::text, proname::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid,
               format('\\m%s\\M', $1::text) word
             WHERE tgrelid = '{LOG}'::regclass AND NOT tgisinternal AND tgname <> 'livetrail_adoption'
               AND (prosrc ~* word OR replace(encode(tgargs, 'escape'), '\\000', ' ') ~* word)"
        );
        let mut found = Vec::new();
        for (new, old) in &self.columns {
            let reason = |function: &str| {
                format!(
                    "its function {function} or its arguments name {old}, which is {new} in the new table: do without the trigger, and \
                     make it again after the adoption, with that name"
                )
            };
            let rows = client.query(&sql, &[old]).await?;
            found.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason(row.get(1)))));
        }
        Ok(found)
    }
}

/// The names of a table's columns, by their places.
pub(super) async fn by_place(client: &impl GenericClient, table: &str) -> Result<Vec<(i16, String)>> {
    let sql = "SELECT attnum, attname::text FROM pg_attribute
               WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum";
    Ok(client.query(sql, &[&table]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Functions of the application that use a column by the name that it has in the log. `log` and `old` are the names of
/// the same columns.
pub(super) async fn functions_by_new_names(
    client: &impl GenericClient,
    log: &[(i16, String)],
    old: &[(i16, String)],
) -> Result<Vec<Loss>> {
    let sql = format!(
        "SELECT DISTINCT proname::text FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
         WHERE prosrc ~* ('\\m' || regexp_replace($1::text, '(\\W)', '\\\\\\1', 'g') || '\\M') AND {OF_THE_APPLICATION} ORDER BY 1"
    );
    let mut found = Vec::new();
    for ((_, new), (_, old)) in log.iter().zip(old).filter(|(new, old)| new != old) {
        let reason = format!(
            "this function names the column {new}, which is {old} again: change it when the undo is done"
        );
        let rows = client.query(&sql, &[new]).await?;
        found.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason.clone())));
    }
    Ok(found)
}

/// A sentence with the command that carries columns of these names over under others, if the table has any.
pub(super) async fn way(client: &impl GenericClient, mut columns: Vec<&str>) -> Result<Option<String>> {
    let theirs = names(client).await?;
    columns.retain(|name| theirs.contains(*name));
    if columns.is_empty() {
        return Ok(None);
    }
    let free = |name: &str| {
        let numbered = (2..).map(|number| format!("app_{name}_{number}"));
        std::iter::once(format!("app_{name}")).chain(numbered).find(|new| !theirs.contains(new))
    };
    let option = |name: &&str| free(name).map(|new| format!(" --column {new}={name}"));
    let options: String = columns.iter().filter_map(option).collect();
    Ok(Some(format!(
        "The log can have {} under another name: `livetrail migrate{options}`. ",
        columns.join(" and ")
    )))
}

/// A sentence about columns that are taken for Livetrail's own, for people.
pub(super) fn notice(fates: &HashMap<String, Fate>, columns: &HashMap<String, Column>) -> Option<String> {
    let is_taken = |name: &&str| fates.get(*name).is_some_and(|fate| !matches!(fate, Fate::Lost(_)));
    // The later step takes a column over if it is a text; a short one is told, too, although that step leaves it alone.
    let is_text = |name: &&str| {
        columns
            .get(*name)
            .is_some_and(|column| column.ty == "text" || column.ty.starts_with("character varying"))
    };
    let mut taken: Vec<&str> = AMBIGUOUS.into_iter().filter(is_taken).collect();
    taken.extend(later::FIELDS.into_iter().filter(is_text));
    let first = taken.first()?;
    Some(format!(
        "Livetrail reads {} of the application as its own: to keep a column of another meaning apart, add --column app_{first}={first}",
        taken.join(" and ")
    ))
}

/// Whether a column of this name is Livetrail's own.
fn is_livetrails(name: &str, ours: &[&str]) -> bool {
    ours.contains(&name) || later::names().any(|later| later == name)
}

/// The names of the application's columns, generated ones too.
async fn names(client: &impl GenericClient) -> Result<HashSet<String>> {
    let sql = format!(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = '{LOG}'::regclass AND attnum > 0 AND NOT attisdropped"
    );
    Ok(client.query(&sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

fn rename(table: &str, from: &str, to: &str) -> String {
    format!("ALTER TABLE {table} RENAME COLUMN {} TO {};", quoted(from), quoted(to))
}
