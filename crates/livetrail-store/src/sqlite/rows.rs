//! Reads rows back into activities.

use crate::{MAX_SAME_ID, PageBudget, Result, Row, internal_tables as sql, log::Extent};
use jiff::Timestamp;
use livetrail_types::{Activity, DelegateType, Json, UserProfile};
use rusqlite::{
    CachedStatement, Connection, OptionalExtension, Params,
    types::{Type, ValueRef},
};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// A row in full: the columns in the order in which [`read`] takes them, and the tables they come from.
pub(super) const SELECT: &str = "SELECT a.position, a.id, a.occurred, a.created, a.adjusted, user.text, action.text, \
     endpoint.text, method.text, a.status_code, a.success, a.error_message, error.text, a.target_user_id, \
     a.target_resource_id, resource.text, a.details, a.changes, a.duration_ms, a.db_query_count, a.ip_address, \
     agent.text, a.is_admin, a.session_id, a.request_id, a.trace_id, tenant.text, \
     profile.user_id, profile.email, profile.display_name, delegate.text, a.delegate_type, via.text \
     FROM activities a \
     JOIN terms user ON user.id = a.user \
     JOIN terms action ON action.id = a.action \
     LEFT JOIN terms endpoint ON endpoint.id = a.endpoint \
     LEFT JOIN terms method ON method.id = a.http_method \
     LEFT JOIN terms error ON error.id = a.error_type \
     LEFT JOIN terms resource ON resource.id = a.resource_type \
     LEFT JOIN terms agent ON agent.id = a.user_agent \
     LEFT JOIN terms tenant ON tenant.id = a.tenant \
     LEFT JOIN terms delegate ON delegate.id = a.delegate \
     LEFT JOIN terms via ON via.id = a.via \
     LEFT JOIN livetrail_users profile \
       ON profile.tenant = coalesce(tenant.text, '') AND profile.user_id = user.text";

/// The same columns with the dictionary's numbers in place of texts, and none of the profile. Rows that are read
/// together have most texts in common, so [`Texts`] looks each up once.
const SELECT_NUMBERS: &str = "SELECT a.position, a.id, a.occurred, a.created, a.adjusted, a.user, a.action, a.endpoint, \
     a.http_method, a.status_code, a.success, a.error_message, a.error_type, a.target_user_id, a.target_resource_id, \
     a.resource_type, a.details, a.changes, a.duration_ms, a.db_query_count, a.ip_address, a.user_agent, a.is_admin, \
     a.session_id, a.request_id, a.trace_id, a.tenant, NULL, NULL, NULL, a.delegate, a.delegate_type, a.via \
     FROM activities a";

/// The same without the columns that a lean range does not have. SQLite reads none of what follows the last column that
/// is asked for: the long texts at the end of a row, which may lie on other pages.
const SELECT_LEAN: &str = "SELECT a.position, a.id, a.occurred, a.created, a.adjusted, a.user, a.action, a.endpoint, \
     a.http_method, a.status_code, a.success, NULL, NULL, a.target_user_id, a.target_resource_id, a.resource_type, NULL, NULL, \
     a.duration_ms, NULL, a.ip_address, NULL, a.is_admin, a.session_id, a.request_id, a.trace_id, a.tenant, NULL, NULL, NULL, \
     a.delegate, a.delegate_type, a.via FROM activities a";

/// The columns of a row that are texts of the dictionary, and the column of its user's profile.
const USER: usize = 5;
const ACTION: usize = 6;
const TENANT: usize = 26;
const PROFILE: usize = 27;

pub(super) fn by_id(connection: &Connection, id: Uuid, tenant: Option<&str>) -> Result<Option<Row>> {
    let sql =
        format!("{SELECT} WHERE a.id = ?1 AND (?2 IS NULL OR tenant.text = ?2) ORDER BY a.position LIMIT 1");
    Ok(all(connection, &sql, (id.as_bytes(), tenant))?.pop())
}

pub(super) fn all_of_id(connection: &Connection, id: Uuid) -> Result<Vec<Row>> {
    let sql = format!("{SELECT} WHERE a.id = ?1 ORDER BY a.position LIMIT ?2");
    all(connection, &sql, (id.as_bytes(), MAX_SAME_ID as u64))
}

pub(super) fn after(
    connection: &Connection,
    position: u64,
    limit: usize,
    extent: Extent,
) -> Result<Vec<Row>> {
    let select = match extent {
        Extent::Whole => SELECT_NUMBERS,
        Extent::Lean => SELECT_LEAN,
    };
    let sql = format!("{select} WHERE a.position > ?1 AND a.position <= ?2 ORDER BY a.position");
    let last = clamped(position.saturating_add(limit as u64));
    let (mut statement, mut texts) = (connection.prepare_cached(&sql)?, Texts::of(connection, extent)?);
    let rows = statement.query_map((clamped(position), last), |row| texts.read(row))?;
    Ok(rows.filter_map(Result::transpose).collect::<rusqlite::Result<_>>()?)
}

/// What rows that are read together have looked up.
struct Texts<'c> {
    extent: Extent,
    find: CachedStatement<'c>,
    find_profile: CachedStatement<'c>,
    known: HashMap<i64, Option<String>>,
    /// By the numbers of tenant and user; 0 for no tenant.
    profiles: HashMap<(i64, i64), Option<UserProfile>>,
}

impl<'c> Texts<'c> {
    fn of(connection: &'c Connection, extent: Extent) -> Result<Self> {
        Ok(Self {
            extent,
            find: connection.prepare_cached("SELECT text FROM terms WHERE id = ?1")?,
            find_profile: connection.prepare_cached(sql::PROFILE)?,
            known: HashMap::new(),
            profiles: HashMap::new(),
        })
    }

    /// `None` where the user or the action is not in the dictionary: then [`SELECT`] has no such row either.
    fn read(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Row>> {
        for column in [USER, ACTION] {
            if self.look_up(row.get(column)?)?.is_none() {
                return Ok(None);
            }
        }
        let activity = activity(row, |column| match row.get::<_, Option<i64>>(column)? {
            Some(number) => Ok(self.look_up(number)?.map(str::to_owned)),
            None => Ok(None),
        })?;
        let profile = match self.extent {
            Extent::Whole => self.profile(row, &activity)?,
            Extent::Lean => None,
        };
        Ok(Some((activity, profile)))
    }

    fn profile(
        &mut self,
        row: &rusqlite::Row<'_>,
        activity: &Activity,
    ) -> rusqlite::Result<Option<UserProfile>> {
        let key = (row.get::<_, Option<i64>>(TENANT)?.unwrap_or_default(), row.get(USER)?);
        if let Some(known) = self.profiles.get(&key) {
            return Ok(known.clone());
        }
        let of_user = (activity.tenant_id.as_deref().unwrap_or_default(), &activity.user_id);
        let found = self.find_profile.query_row(of_user, |row| profile(row, 0)).optional()?;
        self.profiles.insert(key, found.clone());
        Ok(found)
    }

    fn look_up(&mut self, number: i64) -> rusqlite::Result<Option<&str>> {
        let known = match self.known.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.find.query_row([number], |row| row.get(0)).optional()?),
        };
        Ok(known.as_deref())
    }
}

/// The profile that begins at the column `first`.
pub(super) fn profile(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<UserProfile> {
    Ok(UserProfile {
        user_id: row.get(first)?,
        email: row.get(first + 1)?,
        display_name: row.get(first + 2)?,
    })
}

pub(super) fn at(connection: &Connection, positions: &[u64]) -> Result<Vec<Option<Row>>> {
    let mut statement = connection.prepare_cached(&format!("{SELECT_NUMBERS} WHERE a.position = ?1"))?;
    let mut texts = Texts::of(connection, Extent::Whole)?;
    let mut find = |position: &u64| -> Result<Option<Row>> {
        // No position is greater; SQLite has no larger numbers to compare it with.
        let Ok(position) = i64::try_from(*position) else { return Ok(None) };
        Ok(statement.query_row([position], |row| texts.read(row)).optional()?.flatten())
    };
    positions.iter().map(&mut find).collect()
}

/// The position of the first row after a position.
pub(super) fn next(connection: &Connection, position: u64) -> Result<Option<u64>> {
    let mut statement = connection
        .prepare_cached("SELECT position FROM activities WHERE position > ?1 ORDER BY position LIMIT 1")?;
    Ok(statement.query_row([clamped(position)], |row| row.get(0)).optional()?)
}

/// A position as the database holds it.
pub(super) fn clamped(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

pub(super) fn all(connection: &Connection, sql: &str, parameters: impl Params) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(parameters, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// As many rows as there is room for, and whether there was no room for more.
pub(super) fn within_budget(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
) -> Result<(Vec<Row>, bool)> {
    let mut statement = connection.prepare_cached(sql)?;
    let (mut rows, mut budget) = (Vec::new(), PageBudget::default());
    for row in statement.query_map(parameters, read)? {
        let row = row?;
        let fits = budget.take(&row.0);
        rows.push(row);
        if !fits {
            return Ok((rows, true));
        }
    }
    Ok((rows, false))
}

/// Reads a row of [`SELECT`].
fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let activity = activity(row, |column| row.get(column))?;
    let has_profile = row.get_ref(PROFILE)? != ValueRef::Null;
    Ok((activity, has_profile.then(|| profile(row, PROFILE)).transpose()?))
}

/// The activity of a row. `text` gives what a column of the dictionary says.
fn activity(
    row: &rusqlite::Row<'_>,
    mut text: impl FnMut(usize) -> rusqlite::Result<Option<String>>,
) -> rusqlite::Result<Activity> {
    let missing = |column| rusqlite::Error::InvalidColumnType(column, "a text".into(), Type::Null);
    let delegate_type: Option<String> = row.get(31)?;
    Ok(Activity {
        position: row.get(0)?,
        id: Uuid::from_bytes(row.get(1)?),
        timestamp: moment(row, 2)?,
        created_at: moment(row, 3)?,
        timestamp_adjusted: row.get(4)?,
        user_id: text(USER)?.ok_or_else(|| missing(USER))?,
        action_type: text(ACTION)?.ok_or_else(|| missing(ACTION))?,
        endpoint: text(7)?,
        http_method: text(8)?,
        status_code: row.get(9)?,
        success: row.get(10)?,
        error_message: row.get(11)?,
        error_type: text(12)?,
        target_user_id: row.get(13)?,
        target_resource_id: row.get(14)?,
        resource_type: text(15)?,
        details: row.get::<_, Option<String>>(16)?.and_then(Json::from_text),
        changes: row.get::<_, Option<String>>(17)?.and_then(Json::from_text),
        duration_ms: row.get(18)?,
        db_query_count: row.get(19)?,
        ip_address: row.get::<_, Option<String>>(20)?.and_then(|text| text.parse().ok()),
        user_agent: text(21)?,
        is_admin: row.get(22)?,
        delegate_type: delegate_type.as_deref().and_then(DelegateType::of_name),
        delegate_id: text(30)?,
        via: text(32)?,
        session_id: row.get(23)?,
        request_id: row.get(24)?,
        trace_id: row.get(25)?,
        tenant_id: text(TENANT)?,
    })
}

pub(super) fn moment(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_microsecond(row.get(column)?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, error.into()))
}
