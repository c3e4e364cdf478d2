use super::{directory::Key, trust::IS_TRUSTED};
use crate::Result;
use std::{str::FromStr, sync::LazyLock};
use tokio_postgres::Client;

/// The application's table of admins: who is in it, is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminTable {
    table: String,
    column: String,
}

impl Default for AdminTable {
    /// `admin_profiles (user_id)`.
    fn default() -> Self {
        Self { table: "admin_profiles".into(), column: "user_id".into() }
    }
}

impl FromStr for AdminTable {
    type Err = &'static str;

    /// `TABLE`, with its schema or without, and `:COLUMN` where the column is not `user_id`.
    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (table, column) = text.rsplit_once(':').unwrap_or((text, "user_id"));
        let is_name = |name: &str| !name.is_empty() && !name.contains(['\0', ';', '(', ')', ' ']);
        match is_name(table) && is_name(column) {
            true => Ok(Self { table: table.into(), column: column.into() }),
            false => Err("must be TABLE or TABLE:COLUMN"),
        }
    }
}

/// The table as the database has it: names that are quoted where they have to be, and the type of the ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Admins {
    table: String,
    column: String,
    key: Key,
}

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT class.oid::regclass::text, quote_ident(attname), format_type(atttypid, NULL), {IS_TRUSTED} \
         FROM pg_class class JOIN pg_attribute ON attrelid = class.oid \
         WHERE class.oid = to_regclass($1::text) AND attname = $2::text \
         AND has_table_privilege(class.oid, 'SELECT') AND attnum > 0 AND NOT attisdropped"
    )
});

/// What a look for the table has found.
pub(super) enum Found {
    Nothing,
    Table(Admins),
    /// A table of this name that anyone could have made.
    OfStranger(String),
}

impl AdminTable {
    /// Looks whether the table is there, may be read and can be believed: whoever may make a table in the schema could
    /// make this one. One that the configuration names is believed.
    pub(super) async fn find(&self, client: &Client) -> Result<Found> {
        let Some(row) = client.query_opt(&*FIND, &[&self.table, &self.column]).await? else {
            return Ok(Found::Nothing);
        };
        if !row.get::<_, bool>(3) && *self == Self::default() {
            return Ok(Found::OfStranger(row.get(0)));
        }
        let ty: String = row.get(2);
        Ok(Found::Table(Admins { table: row.get(0), column: row.get(1), key: Key::of(&ty) }))
    }

    /// A table that the configuration names and that is not found is most likely a mistake.
    pub(super) fn advise(&self, is_found: bool) {
        if !is_found && *self != Self::default() {
            let Self { table, column } = self;
            tracing::warn!(
                table,
                column,
                "admin-table: it is not there, has no such column, or may not be read"
            );
        }
    }
}

impl Admins {
    pub(super) async fn has(&self, client: &Client, user_id: &str) -> Result<bool> {
        let Self { table, column, key } = self;
        let sql = format!("SELECT 1 FROM {table} WHERE {} LIMIT 1", key.is_one_of(column));
        Ok(client.query_opt(&sql, &[&*key.ids(&[user_id.to_owned()])]).await?.is_some())
    }
}
