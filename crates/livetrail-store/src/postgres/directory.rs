//! Who users are and who is an admin: what Livetrail was told, and what the application's own tables say, which are
//! read where they exist and never written.

use super::{
    PostgresStore,
    admin_table::{AdminTable, Admins, Found},
    dialect::named_profiles,
    scan::Scan,
    timeouts::answered,
    trust::IS_TRUSTED,
};
use crate::{
    Directory, Result, internal_tables as sql,
    names::{Names, Version},
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use livetrail_types::UserProfile;
use std::{collections::HashSet, pin::pin, sync::LazyLock};
use tokio::sync::OwnedMutexGuard;
use tokio_postgres::{Client, types::ToSql};
use uuid::Uuid;

/// The application's tables, as far as they are there and may be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Application {
    pub(super) users: Users,
    pub(super) admins: Option<Admins>,
    /// Tables that were found and are not read, because of their owners.
    distrusted: Vec<String>,
}

/// The application's `users (id, email, display_name)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Users(Option<UserTable>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct UserTable {
    key: Key,
    has_email: bool,
    has_display_name: bool,
}

/// How the application writes the ids of its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Uuid,
    Text,
    Other,
}

/// To read a view, or a table with policies, runs the code of whoever made it, as this role. The owner of a plain table
/// can put a view in its place at any time.
static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT class.relname::text, attname::text, format_type(atttypid, NULL), \
           {IS_TRUSTED}, class.oid::regclass::text \
         FROM pg_class class JOIN pg_attribute ON attrelid = class.oid \
         WHERE class.oid = to_regclass('users') \
         AND has_table_privilege(class.oid, 'SELECT') AND attnum > 0 AND NOT attisdropped"
    )
});

impl Application {
    /// Looks which of the application's tables are there.
    pub(super) async fn find(client: &Client, admins: &AdminTable) -> Result<Self> {
        let mut rows = client.query(&*COLUMNS, &[]).await?;
        let mut distrusted = Vec::new();
        if let Some(row) = rows.first().filter(|row| !row.get::<_, bool>(3)) {
            distrusted.push(row.get(4));
            rows.clear();
        }
        let columns: Vec<[String; 3]> = rows.iter().map(|row| [row.get(0), row.get(1), row.get(2)]).collect();
        let find = |table: &str, column: &str| {
            columns.iter().find(|[of, name, _]| of == table && name == column).map(|[_, _, ty]| Key::of(ty))
        };
        let users = find("users", "id").map(|key| UserTable {
            key,
            has_email: find("users", "email").is_some(),
            has_display_name: find("users", "display_name").is_some(),
        });
        let admins = match admins.find(client).await? {
            Found::Table(admins) => Some(admins),
            Found::Nothing => None,
            Found::OfStranger(table) => {
                distrusted.push(table);
                None
            }
        };
        Ok(Self { users: Users(users), admins, distrusted })
    }

    /// Says which tables are not read.
    pub(super) fn advise(&self) {
        for table in &self.distrusted {
            tracing::warn!(
                table,
                "it is not read, because another role than Livetrail's or the owner of the database, its schema or the log has made it: \
                 give the table to one of these (ALTER TABLE … OWNER TO) or its schema to that other role (ALTER SCHEMA … OWNER TO), \
                 or name the table of admins with its schema in --admin-table"
            );
        }
    }
}

impl Key {
    pub(super) fn of(ty: &str) -> Self {
        match ty {
            "uuid" => Self::Uuid,
            "text" | "character varying" => Self::Text,
            _ => Self::Other,
        }
    }

    /// Whether `column`, of the key's type, is one of the ids in the first parameter: so that the key's index serves.
    pub(super) fn is_one_of(self, column: &str) -> String {
        match self {
            Self::Uuid => format!("{column} = ANY($1::uuid[])"),
            Self::Text => format!("{column} = ANY($1::text[])"),
            Self::Other => format!("{column}::text = ANY($1::text[])"),
        }
    }

    /// The ids as the statement takes them. What is no UUID as PostgreSQL writes it matches no user whose key is one.
    pub(super) fn ids(self, user_ids: &[String]) -> Box<dyn ToSql + Sync + Send> {
        match self {
            Self::Uuid => {
                let exact = |id: &String| Uuid::try_parse(id).ok().filter(|uuid| uuid.to_string() == *id);
                Box::new(user_ids.iter().filter_map(exact).collect::<Vec<Uuid>>())
            }
            Self::Text | Self::Other => Box::new(user_ids.to_vec()),
        }
    }
}

impl Users {
    /// The application's users with their ids as text, if there is a table of them.
    pub(super) fn as_sql(&self) -> Option<String> {
        self.0.as_ref().map(|table| format!("SELECT id::text AS user_id, {} FROM users", table.names()))
    }
}

impl UserTable {
    fn names(&self) -> String {
        let column = |there, name: &str| if there { format!("{name}::text") } else { "NULL::text".into() };
        let (email, name) = (column(self.has_email, "email"), column(self.has_display_name, "display_name"));
        format!("{email} AS email, {name} AS display_name")
    }
}

/// Those of the users that are known. The application's users are those of no tenant.
pub(super) async fn profiles(
    client: &Client,
    application: &Application,
    tenant: Option<&str>,
    user_ids: &[String],
) -> Result<Vec<UserProfile>> {
    let told =
        "SELECT user_id, email, display_name FROM livetrail_users WHERE tenant = $1 AND user_id = ANY($2)";
    let rows = client.query(told, &[&tenant.unwrap_or_default(), &user_ids]).await?;
    let mut found: Vec<UserProfile> = rows.iter().map(profile).collect();
    if let (None, Some(table)) = (tenant, &application.users.0) {
        let known: HashSet<&str> = found.iter().map(|profile| profile.user_id.as_str()).collect();
        let others: Vec<String> =
            user_ids.iter().filter(|id| !known.contains(id.as_str())).cloned().collect();
        if !others.is_empty() {
            let sql =
                format!("SELECT id::text, {} FROM users WHERE {}", table.names(), table.key.is_one_of("id"));
            let rows = client.query(&sql, &[&*table.key.ids(&others)]).await?;
            found.extend(rows.iter().map(profile));
        }
    }
    Ok(found)
}

/// Brings names up to date with what Livetrail was told. False if the database does not say what has changed, which it
/// does not while a dump is loaded.
async fn follow_names(client: &Client, names: &mut Names) -> Result<bool> {
    let Some(row) = client.query_opt(sql::NAMES_VERSION, &[]).await? else { return Ok(false) };
    let now = Version { change: row.get(0), removal: row.get(1) };
    let Some(known) = names.begin(now) else { return Ok(true) };
    // What changes meanwhile may be read, too, and is read again then.
    let mut rows = pin!(client.query_raw(sql::CHANGED_NAMES, [known]).await?);
    while let Some(row) = rows.try_next().await?.filter(|_| !names.is_too_large()) {
        names.put(row.get(0), row.get(1), [row.get(2), row.get(3)]);
    }
    names.finish(now);
    Ok(true)
}

impl PostgresStore {
    /// The users whose e-mail address or name contains `needle`, each with the tenant of the profile.
    async fn named(&self, needle: &str) -> Result<Vec<(Option<String>, String)>> {
        let application = self.shared.application();
        let (told, of_application) = named_profiles(&application.users, "$1::text");
        // First, so that a user of the application whom Livetrail is told of meanwhile is found here or there.
        let mut found = match of_application {
            Some(users) => {
                self.with_tenants(&format!("SELECT NULL, user_id FROM ({users}) named"), needle).await?
            }
            None => Vec::new(),
        };
        found.extend(match self.known(needle).await? {
            Some(users) => users,
            None => {
                let told = format!("SELECT nullif(tenant, ''), user_id FROM ({told}) named");
                self.with_tenants(&told, needle).await?
            }
        });
        Ok(found)
    }

    /// Those whom Livetrail was told of, if their names are in memory or soon are.
    async fn known(&self, needle: &str) -> Result<Option<Vec<(Option<String>, String)>>> {
        let (pools, connector, needle) =
            (self.pools.clone(), self.shared.connector.clone(), needle.to_owned());
        let asking = |mut names: OwnedMutexGuard<Names>| async move {
            let scan = Scan::begin(&pools, &connector).await?;
            let reading = follow_names(&scan, &mut names);
            let are_known = answered(connector.timeouts.statement, reading).await?;
            scan.finish();
            Ok(if are_known { names.containing(&needle) } else { None })
        };
        self.names.ask(asking).await
    }

    async fn with_tenants(&self, sql: &str, needle: &str) -> Result<Vec<(Option<String>, String)>> {
        let scan = self.scan().await?;
        let rows = scan.query(sql, &[&needle]).await?;
        scan.finish();
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}

fn profile(row: &tokio_postgres::Row) -> UserProfile {
    UserProfile { user_id: row.get(0), email: row.get(1), display_name: row.get(2) }
}

pub(super) async fn put_profiles(
    client: &mut Client,
    tenant: Option<&str>,
    mut profiles: Vec<UserProfile>,
) -> Result<()> {
    // All writers lock rows in one order, so that there is no deadlock.
    profiles.sort_by(|one, other| one.user_id.cmp(&other.user_id));
    let transaction = client.transaction().await?;
    let put = transaction.prepare(sql::PUT_PROFILE).await?;
    let tenant = tenant.unwrap_or_default();
    for profile in &profiles {
        let UserProfile { user_id, email, display_name } = profile;
        transaction.execute(&put, &[&tenant, user_id, email, display_name]).await?;
    }
    Ok(transaction.commit().await?)
}

/// The application's table of admins knows no tenants: who is in it, is an admin in each.
pub(super) async fn is_admin(
    client: &Client,
    application: &Application,
    user_id: &str,
    tenant: &Option<String>,
) -> Result<bool> {
    if client.query_opt(sql::IS_ADMIN, &[&user_id, tenant]).await?.is_some() {
        return Ok(true);
    }
    match &application.admins {
        Some(admins) => admins.has(client, user_id).await,
        None => Ok(false),
    }
}

#[async_trait]
impl Directory for PostgresStore {
    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()> {
        let telling = async { put_profiles(&mut *self.client().await?, tenant.as_deref(), profiles).await };
        self.answer(telling).await
    }

    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>> {
        let application = self.shared.application();
        let asking =
            async { profiles(&*self.client().await?, &application, tenant.as_deref(), &user_ids).await };
        self.answer(asking).await
    }

    async fn users_named(&self, needle: &str) -> Result<Vec<(Option<String>, String)>> {
        self.answer(self.named(needle)).await
    }

    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool> {
        let application = self.shared.application();
        let asking = async { is_admin(&*self.client().await?, &application, &user_id, &tenant).await };
        self.answer(asking).await
    }

    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool> {
        let statement = sql::set_admin(admin, tenant.is_some());
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&user_id];
        values.extend(tenant.iter().map(|tenant| tenant as &(dyn ToSql + Sync)));
        let telling = async { Ok(self.client().await?.execute(statement, &values).await? == 1) };
        self.answer(telling).await
    }
}
