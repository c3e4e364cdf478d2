//! Appends a batch: one transaction, one sync, positions without gaps.

use super::{
    log::head,
    place::HeadFile,
    terms::{Kind, Terms},
};
use crate::{Appended, Placement, Result};
use jiff::Timestamp;
use livetrail_types::{Activity, DelegateType, Stamped};
use rusqlite::{CachedStatement, Connection, OptionalExtension, TransactionBehavior, params};

const EARLIER: &str =
    "SELECT position, occurred, fingerprint FROM activities WHERE id = ?1 AND coalesce(tenant, 0) = ?2";
const INSERT: &str = "INSERT INTO activities (position, id, fingerprint, occurred, created, adjusted, tenant, user, \
     action, endpoint, http_method, status_code, success, error_message, error_type, target_user_id, \
     target_resource_id, resource_type, details, changes, duration_ms, db_query_count, ip_address, user_agent, \
     is_admin, session_id, request_id, trace_id, delegate, delegate_type, via) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, \
     ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)";

/// What the writer carries from batch to batch.
pub(super) struct Appender {
    head: u64,
    head_file: HeadFile,
    terms: Terms,
}

impl Appender {
    pub(super) fn resume(connection: &Connection, head_file: HeadFile) -> Result<Self> {
        Ok(Self { head: head(connection)?, head_file, terms: Terms::default() })
    }

    /// What it remembers of the dictionary.
    pub(super) fn terms(&mut self) -> &mut Terms {
        &mut self.terms
    }
}

pub(super) fn append(
    connection: &mut Connection,
    appender: &mut Appender,
    batch: Vec<Stamped>,
) -> Result<Appended> {
    let before = appender.head;
    match write(connection, appender, &batch) {
        Ok(placements) => {
            appender.head_file.note(appender.head);
            Ok(Appended::of(batch, placements))
        }
        Err(error) => {
            appender.head = before;
            appender.terms.forget();
            Err(error)
        }
    }
}

fn write(connection: &mut Connection, appender: &mut Appender, batch: &[Stamped]) -> Result<Vec<Placement>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut statements = Statements::prepare(&transaction)?;
    let placements =
        batch.iter().map(|stamped| statements.place(appender, stamped)).collect::<Result<Vec<_>>>()?;
    drop(statements);
    transaction.commit()?;
    Ok(placements)
}

/// The statements of a batch, which are looked up once for all of it.
struct Statements<'c> {
    connection: &'c Connection,
    earlier: CachedStatement<'c>,
    insert: CachedStatement<'c>,
}

impl<'c> Statements<'c> {
    fn prepare(connection: &'c Connection) -> Result<Self> {
        let (earlier, insert) = (connection.prepare_cached(EARLIER)?, connection.prepare_cached(INSERT)?);
        Ok(Self { connection, earlier, insert })
    }

    fn place(&mut self, appender: &mut Appender, stamped: &Stamped) -> Result<Placement> {
        let activity = &stamped.activity;
        let tenant = activity.tenant_id.as_deref();
        let tenant = tenant.map(|text| appender.terms.id(self.connection, Kind::Tenant, text)).transpose()?;
        if let Some(earlier) = earlier(&mut self.earlier, stamped, tenant)? {
            return Ok(earlier);
        }
        let position = appender.head + 1;
        self.insert(&mut appender.terms, stamped, tenant, position)?;
        appender.head = position;
        Ok(Placement::New(position))
    }

    fn insert(
        &mut self,
        terms: &mut Terms,
        stamped: &Stamped,
        tenant: Option<i64>,
        position: u64,
    ) -> Result<()> {
        let a: &Activity = &stamped.activity;
        let connection = self.connection;
        let mut term =
            |kind, text: Option<&str>| text.map(|text| terms.id(connection, kind, text)).transpose();
        self.insert.execute(params![
            position,
            a.id.as_bytes(),
            stamped.fingerprint,
            a.timestamp.as_microsecond(),
            a.created_at.as_microsecond(),
            a.timestamp_adjusted,
            tenant,
            term(Kind::User, Some(&a.user_id))?,
            term(Kind::Action, Some(&a.action_type))?,
            term(Kind::Endpoint, a.endpoint.as_deref())?,
            term(Kind::HttpMethod, a.http_method.as_deref())?,
            a.status_code,
            a.success,
            a.error_message,
            term(Kind::ErrorType, a.error_type.as_deref())?,
            a.target_user_id,
            a.target_resource_id,
            term(Kind::ResourceType, a.resource_type.as_deref())?,
            a.details.as_ref().map(livetrail_types::Json::as_str),
            a.changes.as_ref().map(livetrail_types::Json::as_str),
            a.duration_ms,
            a.db_query_count,
            a.ip_address.map(|address| address.to_string()),
            term(Kind::UserAgent, a.user_agent.as_deref())?,
            a.is_admin,
            a.session_id,
            a.request_id,
            a.trace_id,
            term(Kind::Delegate, a.delegate_id.as_deref())?,
            a.delegate_type.map(DelegateType::name),
            term(Kind::Via, a.via.as_deref())?,
        ])?;
        Ok(())
    }
}

/// What is stored under the same id, if anything is. An id that the server has just made cannot be.
fn earlier(
    statement: &mut CachedStatement<'_>,
    stamped: &Stamped,
    tenant: Option<i64>,
) -> Result<Option<Placement>> {
    if stamped.fingerprint.is_none() {
        return Ok(None);
    }
    let found = statement.query_row(params![stamped.activity.id.as_bytes(), tenant.unwrap_or(0)], |row| {
        let position = row.get(0)?;
        let timestamp = Timestamp::from_microsecond(row.get(1)?).unwrap_or_default();
        let same = row.get::<_, Option<[u8; 16]>>(2)? == stamped.fingerprint;
        Ok(if same { Placement::Duplicate { position, timestamp } } else { Placement::Conflict })
    });
    Ok(found.optional()?)
}
