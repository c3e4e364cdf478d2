//! Looks at the table of an application before anything is made: whether it can be adopted, what that means, and what
//! has to be decided.

use super::{
    super::{append::LOG, table::Mapping},
    Adoption, AdoptionChoices, Attempts, KEPT, build,
    column::{self, Column, Fate, columns},
    enums, explain, fates,
    losses::{Loss, notices, refuse_the_impossible},
    renamed, search_path, shape, unusable, uuids,
};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::Client;

/// What the table has to have, and of which type, if not any will do.
const NEEDED: [(&str, &[&str]); 5] = [
    ("id", &["uuid"]),
    ("timestamp", &["timestamp"]),
    ("user_id", &[]),
    ("action_type", &[]),
    ("success", &["boolean"]),
];
/// What no row may lack, and why.
const WITHOUT: [(&str, &str); 2] = [
    ("timestamp", "it has rows without a timestamp, which have no place in the order"),
    ("id", "it has rows without an id, which the API could not find"),
];
/// Names of the zone in which no clock is changed.
const UTC: [&str; 6] = ["UTC", "Etc/UTC", "GMT", "Etc/GMT", "Universal", "Zulu"];

impl Adoption {
    /// Looks whether there is a table to adopt, and tries out what will be done: all of it is undone. `log` is the SQL
    /// that makes an empty log. `reads_rows` says whether every row is read, too.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the table cannot be adopted, or not without a decision, with all reasons.
    pub(in super::super) async fn find(
        client: &mut Client,
        log: &str,
        choices: &AdoptionChoices,
        reads_rows: bool,
    ) -> Result<Option<Self>> {
        let sql = "SELECT reltuples::bigint, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class WHERE oid = to_regclass('activity_logs')";
        let Some(row) = client.query_opt(sql, &[]).await? else {
            return if choices.columns.is_empty() {
                Ok(None)
            } else {
                Err(unusable("the database has none, so --column names nothing"))
            };
        };
        refuse_the_impossible(client).await?;
        let shape = shape(client).await?;
        let begun = build::begun(client, &shape).await?;
        if let Some(begun) = &begun {
            choices.check_begun(begun)?;
        }
        let is_begun = begun.is_some();
        let choices = begun.unwrap_or_else(|| choices.clone());
        let (ours, mut columns) = (build::ours(client, log).await?, columns(client, LOG).await?);
        let names: Vec<&str> = ours.keys().map(String::as_str).collect();
        choices.check_names(client, &names).await?;
        choices.file_by_new_name(&mut columns);
        refuse_what_is_missing(client, &columns).await?;
        let fates = fates(&columns, &ours);
        let rows = match row.get(0) {
            // The table was never analyzed.
            estimate @ ..=0 if !is_begun => client
                .query_one("SELECT count(*) FROM activity_logs", &[])
                .await?
                .get::<_, i64>(0)
                .max(estimate),
            estimate => estimate,
        };
        let (carried, notices, size) = (Vec::new(), Vec::new(), row.get(1));
        let mut found = Self {
            columns,
            ours,
            fates,
            choices,
            zone: String::new(),
            rows,
            size,
            carried,
            notices,
            is_begun,
            shape,
        };
        let mut undecided: Vec<Loss> = found.choose_zone(client).await?.into_iter().collect();
        if !is_begun {
            undecided.extend(found.losses(client, log, reads_rows).await?);
            found.refuse_what_is_undecided(client, undecided).await?;
            found.try_to_swap_nothing(client, log).await.map_err(explain)?;
        }
        Ok(Some(found))
    }

    /// Settles in which zone timestamps without one are read; what has to be decided for that.
    async fn choose_zone(&mut self, client: &Client) -> Result<Option<Loss>> {
        let sql = "SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'";
        let of_sessions: String = client.query_one(sql, &[]).await?.get(0);
        self.zone = self.choices.timezone.clone().unwrap_or_else(|| of_sessions.clone());
        if client.query_one("SELECT now() AT TIME ZONE $1", &[&self.zone]).await.is_err() {
            return Err(unusable(&format!("PostgreSQL knows no time zone {}", self.zone)));
        }
        let mut naive: Vec<&str> = self.having(|fate| *fate == Fate::Zoned).collect();
        naive.sort_unstable();
        let naive = naive.join(" and ");
        if naive.is_empty() {
            return Ok(None);
        }
        self.notices.push(format!(
            "{naive} become timestamptz; the stored times are read in the zone {}; sessions of the application need the same \
             zone (ALTER ROLE … SET timezone)",
            self.zone
        ));
        let of_roles = "SELECT coalesce(bool_and(setting ~* '^timezone=\"?(utc|gmt|etc/(utc|gmt)|universal|zulu)\"?$'), TRUE)
             FROM pg_db_role_setting, unnest(setconfig) setting
             WHERE setting ~* '^timezone=' AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))";
        let all_utc: bool = client.query_one(of_roles, &[]).await?.get(0);
        let is_decided = self.choices.timezone.is_some() || (UTC.contains(&of_sessions.as_str()) && all_utc);
        let reason = format!(
            "they have no time zone: choose it by --timezone {of_sessions} (that of sessions here) or --timezone UTC"
        );
        Ok((!is_decided).then(|| Loss::new(naive, reason)))
    }

    fn having(&self, is_wanted: impl Fn(&Fate) -> bool) -> impl Iterator<Item = &str> {
        self.fates.iter().filter(move |(_, fate)| is_wanted(fate)).map(|(name, _)| name.as_str())
    }

    /// Finds what would be lost by trying, and notes what would not.
    async fn losses(&mut self, client: &mut Client, log: &str, reads_rows: bool) -> Result<Vec<Loss>> {
        let mut lost = Vec::new();
        for (name, fate) in &self.fates {
            if let Fate::Lost(reason) | Fate::Loses(reason) = fate {
                lost.push(Loss::new(name, reason));
            }
        }
        self.notices.extend(notices(client).await?);
        self.notices.extend(search_path::notice(client, &self.columns, &self.ours).await?);
        for (name, instead) in column::completed(&self.columns, &self.ours) {
            self.notices.push(format!("{name} becomes {instead} where it is null"));
        }
        let (mut attempts, mut tried) = (Attempts::default(), build::Outcome::default());
        let mut attempt = self.try_out(client, log, reads_rows).await.map(|outcome| tried = outcome);
        while attempts.asks_again(attempt).await? {
            attempt = self.try_out(client, log, reads_rows).await.map(|outcome| tried = outcome);
        }
        lost.extend(tried.lost);
        self.carried = tried.carried;
        Ok(lost)
    }

    async fn refuse_what_is_undecided(&self, client: &Client, mut lost: Vec<Loss>) -> Result<()> {
        if let Some(unknown) =
            self.choices.without.iter().find(|name| !lost.iter().any(|loss| loss.name == **name))
        {
            let mut known: Vec<&str> =
                lost.iter().filter(|loss| loss.is_acceptable).map(|loss| loss.name.as_str()).collect();
            known.sort_unstable();
            known.dedup();
            let known = if known.is_empty() { "nothing".into() } else { known.join(", ") };
            return Err(unusable(&format!(
                "--without {unknown} names nothing that would be lost; that is {known}"
            )));
        }
        lost.retain(|loss| !loss.is_acceptable || self.choices.keeps(&loss.name));
        self.refuse(client, lost).await
    }

    /// Refuses the adoption if anything is lost, and names all of it.
    pub(super) async fn refuse(&self, client: &Client, mut lost: Vec<Loss>) -> Result<()> {
        if lost.is_empty() {
            return Ok(());
        }
        lost.sort_by(|one, other| one.name.cmp(&other.name));
        let lines: Vec<String> =
            lost.iter().map(|loss| format!("\n  {}: {}", loss.name, loss.reason)).collect();
        let renamed = self.way_by_other_names(client, &lost).await?;
        Err(unusable(&format!(
            "this cannot be carried over:{}\n{renamed}Change the table, accept each of them by `livetrail migrate --without NAME`, or have the table \
             left as it is, with the log beside it: `livetrail migrate --beside`. Nothing was changed",
            lines.concat()
        )))
    }

    /// How the columns that are lost for their names can be kept, in a sentence.
    async fn way_by_other_names(&self, client: &Client, lost: &[Loss]) -> Result<String> {
        let is_column = |name: &str| {
            let is_generated = !self.columns.contains_key(name);
            self.ours.contains_key(name)
                && (is_generated || matches!(self.fates.get(name), Some(Fate::Lost(_))))
        };
        let mut columns: Vec<&str> = lost.iter().map(|loss| loss.name.as_str()).collect();
        columns.retain(|name| is_column(name));
        columns.dedup();
        Ok(renamed::way(client, columns).await?.unwrap_or_default())
    }

    /// What would be done, in a sentence, and what is carried over and different, line by line.
    pub(in super::super) fn plan(&self) -> String {
        let mut lines = vec![format!(
            "adopt the table {LOG}: {} rows ({}), copied beside it in the order of their timestamps. The application goes on \
             meanwhile; the old table stays as {KEPT}",
            self.rows, self.size
        )];
        lines.extend(uuids::notice(&self.columns, &self.ours));
        lines.extend(enums::notices(&self.columns, &self.ours));
        if !self.carried.is_empty() {
            lines.push(format!("carried over: {}", self.carried.join(", ")));
        }
        lines.extend(self.choices.renamed_columns());
        lines.extend(renamed::notice(&self.fates, &self.columns));
        lines.extend(self.notices.iter().cloned());
        lines
            .extend(self.choices.without.iter().map(|name| format!("not carried over, as accepted: {name}")));
        lines.join("\n  - ")
    }
}

/// What the table does not have and no decision makes up for.
async fn refuse_what_is_missing(client: &Client, columns: &HashMap<String, Column>) -> Result<()> {
    let mut reasons = Vec::new();
    for (name, types) in NEEDED {
        match columns.get(name) {
            None if is_generated(client, name).await? => {
                reasons.push(format!("its column {name} is generated, and Livetrail has to write it"));
            }
            None => reasons.push(format!("it has no column {name}")),
            Some(column) if !types.is_empty() && !types.iter().any(|ty| column.ty.starts_with(ty)) => {
                reasons.push(format!("its column {name} is {} and not {}", column.ty, types.join(" or ")));
            }
            Some(_) => {}
        }
    }
    for (name, reason) in WITHOUT {
        let is_there = format!("SELECT EXISTS (SELECT FROM activity_logs WHERE {name} IS NULL)");
        let may_be = columns.get(name).is_some_and(Column::is_nullable);
        if reasons.is_empty() && may_be && client.query_one(&is_there, &[]).await?.get(0) {
            reasons.push(reason.into());
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let columns: Vec<String> = column::in_order(columns).into_iter().map(|(name, _)| name.clone()).collect();
    Err(unusable(&format!(
        "{}. Livetrail can leave the table as it is, and keep its log beside it: {}. Or copy it into a log elsewhere, once: \
         livetrail import --from-file FILE, where the file holds this database's URL",
        reasons.join("; "),
        way_beside(&columns)
    )))
}

async fn is_generated(client: &Client, name: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND attgenerated <> '')";
    Ok(client.query_one(sql, &[&LOG, &name]).await?.get(0))
}

/// The command that keeps a log beside the table, with what it would read.
fn way_beside(columns: &[String]) -> String {
    match Mapping::of(LOG, columns, &[]) {
        Ok(mapping) => {
            let read = mapping.renamed();
            let read =
                if read.is_empty() { String::new() } else { format!(" (it reads {})", read.join(", ")) };
            format!("livetrail migrate --beside{read}")
        }
        Err(refusal) => format!("livetrail migrate --beside --column FIELD=COLUMN, since {refusal}"),
    }
}
