//! What becomes of each column of the old table.

use super::{super::append::LOG, NEW, carried::IS_NOT_NULL};
use crate::Result;
use std::collections::HashMap;
use tokio_postgres::GenericClient;

/// Columns in which Livetrail keeps what it knows of a row.
const OF_A_PLACE: [&str; 3] = ["position", "timestamp_adjusted", "fingerprint"];
/// The longest text of an address.
const ADDRESS: u32 = 45;
/// Decimal digits of the largest number that the API stores.
const DIGITS: u32 = 10;
/// Defaults that mean the same in a column with a time zone and in one without.
const NOW: [&str; 6] = [
    "now()",
    "CURRENT_TIMESTAMP",
    "statement_timestamp()",
    "transaction_timestamp()",
    "clock_timestamp()",
    "LOCALTIMESTAMP",
];

/// A column of a table.
pub(super) struct Column {
    pub(super) ty: String,
    default: Option<String>,
    /// `GENERATED … AS IDENTITY …`, if the column is one.
    identity: Option<String>,
    is_domain: bool,
    /// With its schema, if it is an enum.
    pub(super) enum_name: Option<String>,
    is_nullable: bool,
    /// `COLLATE …`, if it is not that of the type.
    collation: String,
    /// Whether only texts of the same characters are equal by the collation.
    is_exact: bool,
    /// Its place in the table.
    place: i16,
    /// Its name in the old table, if it has another one in the log.
    pub(super) renamed_from: Option<String>,
}

/// What becomes of a column.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Livetrail has no such column: it is taken over as it is.
    Own,
    /// It gets Livetrail's type.
    Cast,
    /// It gets Livetrail's type, and a timestamp its zone.
    Zoned,
    /// It keeps a type of its own. Livetrail reads it by the given expression.
    Kept { ty: String, read: String },
    /// It gets Livetrail's type, in which the application has to compare it in another way.
    Loses(String),
    /// It cannot be taken over.
    Lost(String),
}

impl Column {
    /// What becomes of this column, given Livetrail's of that name.
    pub(super) fn fate(&self, name: &str, ours: Option<&Self>) -> Fate {
        let Some(ours) = ours else { return Fate::Own };
        if OF_A_PLACE.contains(&name) {
            return Fate::Lost(format!("Livetrail keeps what it knows of a row in a column named {name}"));
        }
        if ours.holds_text() && !self.is_exact {
            return Fate::Loses(format!(
                "it loses its collation ({}), by which texts of other characters are equal: Livetrail searches such columns for parts of \
                 texts, which PostgreSQL refuses then. Compare with lower(), say",
                self.collation
            ));
        }
        let (column, ty) = (quoted(name), self.ty.as_str());
        let kept = |ty: String, read: String| Fate::Kept { ty, read };
        match (ours.ty.as_str(), ty) {
            (one, other) if one == other => Fate::Cast,
            ("timestamp with time zone", _) if self.is_naive() => Fate::Zoned,
            ("timestamp with time zone", ty) if ty.ends_with(" with time zone") => Fate::Cast,
            ("integer", "smallint") | ("inet", "cidr") => Fate::Cast,
            ("integer", "bigint") => kept(
                ty.into(),
                format!("CASE WHEN {column} BETWEEN -2147483648 AND 2147483647 THEN {column}::integer END"),
            ),
            ("integer", _) if self.is_fractional() => kept(self.with_room_for_numbers(), whole(&column)),
            ("inet", _) if self.holds_text() => {
                let ty = if self.longest() < ADDRESS || ty == "citext" { "text" } else { ty };
                kept(ty.into(), format!("livetrail_address({column}::text)"))
            }
            ("jsonb", "json") => kept(ty.into(), format!("livetrail_json({column}::text)")),
            ("jsonb", _) if self.holds_text() => {
                kept("text".into(), format!("livetrail_json({column}::text)"))
            }
            (_, "citext") if ours.holds_text() => kept(ty.into(), format!("{column}::text")),
            (_, _) if ours.holds_text() && self.enum_name.is_some() => Fate::Cast,
            (_, ty) if ours.holds_text() && (self.is_domain || (!self.holds_text() && ty != "uuid")) => {
                Fate::Loses(format!("its type {ty} turns into text: compare it with a text"))
            }
            (_, _) if ours.holds_text() => Fate::Cast,
            (needed, _) => {
                Fate::Lost(format!("it is {ty}, and Livetrail needs {needed} in a column of this name"))
            }
        }
    }

    /// A column of the application's own, as a line of the statement that makes the table.
    fn line(&self, name: &str) -> String {
        let default = self.default.as_ref().map_or(String::new(), |default| format!("DEFAULT {default}"));
        let identity = self.identity.as_deref().unwrap_or_default();
        format!("    {} {} {} {default} {identity}", quoted(name), self.ty, self.collation)
    }

    /// What Livetrail's column lacks of that of the old table: another type, or a default.
    pub(super) fn changes(&self, name: &str, ours: Option<&Self>, fate: &Fate, zone: &str) -> String {
        let (column, Some(ours)) = (quoted(name), ours) else { return String::new() };
        let ty = match fate {
            Fate::Lost(_) => return String::new(),
            Fate::Kept { ty, .. } => Some(ty.as_str()),
            _ if ours.holds_text() && (!self.holds_text() || ours.longest() < self.longest()) => Some("text"),
            _ => None,
        };
        // The collation is part of what the application's comparisons and orders mean.
        let collation = if self.holds_text() && self.is_exact { self.collation.as_str() } else { "" };
        let mut changes = String::new();
        if ty.is_some() || !collation.is_empty() {
            let ty = ty.unwrap_or(&ours.ty);
            changes = format!("ALTER TABLE {NEW} ALTER COLUMN {column} TYPE {ty} {collation} USING NULL;");
        }
        // The application's next INSERT may rely on it.
        if let Some(default) = self.default.as_ref().filter(|default| !NOW.contains(&default.as_str())) {
            let default = match fate {
                Fate::Zoned => format!("({default})::timestamp AT TIME ZONE {}", literal(zone)),
                _ => format!("({default})::{}", ty.unwrap_or(&ours.ty)),
            };
            changes += &format!("ALTER TABLE {NEW} ALTER COLUMN {column} SET DEFAULT {default}");
        }
        changes
    }

    /// A timestamp without a zone.
    pub(super) fn is_naive(&self) -> bool {
        self.ty.starts_with("timestamp") && self.ty.ends_with("without time zone")
    }

    pub(super) fn is_nullable(&self) -> bool {
        self.is_nullable
    }

    pub(super) fn holds_text(&self) -> bool {
        self.ty == "text" || self.ty == "citext" || self.ty.starts_with("character")
    }

    fn is_fractional(&self) -> bool {
        self.ty.starts_with("numeric") || self.ty == "real" || self.ty == "double precision"
    }

    /// The type, wide enough for what the API stores beside it.
    fn with_room_for_numbers(&self) -> String {
        let digits = self.ty.strip_prefix("numeric(").and_then(|rest| rest.strip_suffix(')'));
        match digits.and_then(|digits| digits.split_once(',')) {
            Some((precision, scale)) => {
                let precision =
                    precision.parse::<u32>().unwrap_or_default().saturating_add(DIGITS).min(1_000);
                format!("numeric({precision},{scale})")
            }
            None if self.ty == "real" => "double precision".into(),
            None => self.ty.clone(),
        }
    }

    fn longest(&self) -> u32 {
        let number = self.ty.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        number.and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
    }
}

/// Rounded half up, as far as it is a number of ours.
fn whole(column: &str) -> String {
    format!(
        "CASE WHEN {column} >= -2147483648 AND {column} < 2147483647.5 THEN floor({column} + 0.5)::integer END"
    )
}

/// The columns of a table by their names, without those that are generated.
pub(super) async fn columns(client: &impl GenericClient, table: &str) -> Result<HashMap<String, Column>> {
    // A check may say that the column is not null. `NOT NULL` may be not validated, from PostgreSQL 18 on.
    let sql = format!(
        "SELECT attname::text, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid),
                 CASE WHEN attidentity <> '' THEN (SELECT format(
                   'GENERATED %s AS IDENTITY (START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s %s)',
                   CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, seqstart, seqincrement, seqmin, seqmax,
                   seqcache, CASE WHEN seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
                   FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence(attrelid::regclass::text, attname)::regclass) END,
                 typtype = 'd', NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND convalidated AND {IS_NOT_NULL})
                 AND (NOT attnotnull OR EXISTS (SELECT FROM pg_constraint
                   WHERE conrelid = attrelid AND contype = 'n' AND NOT convalidated AND conkey = ARRAY[attnum])),
                 CASE WHEN attcollation <> typcollation THEN 'COLLATE ' || attcollation::regcollation ELSE '' END, attnum,
                 CASE WHEN typtype = 'e' THEN format('%I.%I', typnamespace::regnamespace::name, typname) END,
                 coalesce((SELECT collisdeterministic FROM pg_collation WHERE pg_collation.oid = attcollation), TRUE)
               FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
               LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
               WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
    );
    let rows = client.query(&sql, &[&table]).await?;
    let column = |row: &tokio_postgres::Row| {
        let column = Column {
            ty: row.get(1),
            default: row.get(2),
            identity: row.get(3),
            is_domain: row.get(4),
            enum_name: row.get(8),
            is_nullable: row.get(5),
            collation: row.get(6),
            place: row.get(7),
            is_exact: row.get(9),
            renamed_from: None,
        };
        (row.get(0), column)
    };
    Ok(rows.iter().map(column).collect())
}

/// The statement that makes the log, with the columns of the old table first and in their order: the application may
/// insert values without the names of columns. Each column of ours is a line of the statement.
pub(super) fn in_their_order(statement: &str, columns: &HashMap<String, Column>) -> String {
    let Some((begin, rest)) = statement.split_once("(\n") else { return statement.to_owned() };
    let Some((lines, end)) = rest.split_once("\n)") else { return statement.to_owned() };
    let name_of = |line: &&str| line.split_whitespace().next().unwrap_or_default().to_owned();
    let ours: Vec<&str> = lines.lines().map(|line| line.trim_end_matches(',')).collect();
    let line = |(name, column): (&String, &Column)| {
        let of_ours = ours.iter().find(|line| name_of(line) == *name);
        of_ours.map_or_else(|| column.line(name), |line| (*line).to_owned())
    };
    let theirs = in_order(columns).into_iter().map(line);
    let rest =
        ours.iter().filter(|line| !columns.contains_key(&name_of(line))).map(|line| (*line).to_owned());
    format!("{begin}(\n{}\n){end}", theirs.chain(rest).collect::<Vec<_>>().join(",\n"))
}

/// Columns in the order of their table.
pub(super) fn in_order(columns: &HashMap<String, Column>) -> Vec<(&String, &Column)> {
    let mut columns: Vec<_> = columns.iter().collect();
    columns.sort_unstable_by_key(|(_, column)| column.place);
    columns
}

/// Columns of the application that a sequence of its own numbers, quoted.
pub(super) fn numbered(columns: &HashMap<String, Column>) -> Vec<String> {
    let is_numbered =
        |column: &Column| column.default.as_ref().is_some_and(|default| default.starts_with("nextval("));
    in_order(columns)
        .into_iter()
        .filter(|(_, column)| is_numbered(column))
        .map(|(name, _)| quoted(name))
        .collect()
}

/// Columns that every activity has and that may be null in the old table, with what stands for null.
pub(super) fn completed<'a>(
    columns: &'a HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> Vec<(&'a str, &'static str)> {
    let is_wanted = |(name, column): &(&'a String, &'a Column)| {
        column.is_nullable && ours.get(*name).is_some_and(|ours| !ours.is_nullable)
    };
    let columns = in_order(columns).into_iter().filter(is_wanted);
    columns.filter_map(|(name, _)| missing(name).map(|instead| (name.as_str(), instead))).collect()
}

/// What stands for a value that every activity has and a row may lack.
pub(super) fn missing(name: &str) -> Option<&'static str> {
    match name {
        "user_id" | "action_type" => Some("''"),
        "success" => Some("TRUE"),
        "is_admin" => Some("FALSE"),
        "timestamp" | "created_at" => Some("now()"),
        _ => None,
    }
}

/// The view by which Livetrail reads columns that kept types of their own, if there are any, and the functions it
/// needs.
pub(super) fn view(ours: &HashMap<String, Column>, fates: &HashMap<String, Fate>) -> Option<String> {
    let mut names: Vec<&str> = ours.keys().map(String::as_str).collect();
    names.sort_unstable();
    let columns: Vec<_> = names.into_iter().map(|name| (name, name)).collect();
    is_kept(fates).then(|| view_of(&columns, fates))
}

/// Whether a column kept a type of its own.
pub(super) fn is_kept(fates: &HashMap<String, Fate>) -> bool {
    fates.values().any(|fate| matches!(fate, Fate::Kept { .. }))
}

/// A view of fields and their columns. Fields that it has already have to come first, in their order.
pub(super) fn view_of(fields: &[(&str, &str)], fates: &HashMap<String, Fate>) -> String {
    let field = |(field, column): &(&str, &str)| match fates.get(*field) {
        Some(Fate::Kept { read, .. }) => format!("{read} AS {}", quoted(field)),
        _ => format!("{} AS {}", quoted(column), quoted(field)),
    };
    let fields: Vec<String> = fields.iter().map(field).collect();
    let view = format!("CREATE OR REPLACE VIEW {} AS SELECT {} FROM {LOG};", super::VIEW, fields.join(", "));
    format!("{}{view}", include_str!("lenient.sql"))
}

pub(in super::super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(in super::super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(ty: &str) -> Column {
        Column {
            ty: ty.into(),
            default: None,
            identity: None,
            is_domain: false,
            enum_name: None,
            is_nullable: true,
            collation: String::new(),
            is_exact: true,
            place: 1,
            renamed_from: None,
        }
    }

    fn kept(ty: &str, ours: &str) -> Option<String> {
        match column(ty).fate("x", Some(&column(ours))) {
            Fate::Kept { ty, .. } => Some(ty),
            _ => None,
        }
    }

    #[test]
    fn types_that_say_more_than_ours_are_kept_with_room_for_what_the_api_stores() {
        for (old, ours, new) in [
            ("numeric(5,2)", "integer", "numeric(15,2)"),
            ("numeric", "integer", "numeric"),
            ("real", "integer", "double precision"),
            ("bigint", "integer", "bigint"),
            ("character varying(45)", "inet", "character varying(45)"),
            ("character varying(15)", "inet", "text"),
            ("json", "jsonb", "json"),
            ("character varying(400)", "jsonb", "text"),
            ("citext", "character varying(50)", "citext"),
        ] {
            assert_eq!(kept(old, ours).as_deref(), Some(new), "{old} for {ours}");
        }
    }

    #[test]
    fn a_column_of_another_meaning_is_lost_with_a_reason() {
        for (name, old, ours) in [
            ("position", "bigint", "bigint"),
            ("changes", "integer", "jsonb"),
            ("success", "text", "boolean"),
        ] {
            let fate = column(old).fate(name, Some(&column(ours)));
            assert!(
                matches!(&fate, Fate::Lost(reason) if reason.contains(name) || reason.contains(ours)),
                "{fate:?}"
            );
        }
    }
}
