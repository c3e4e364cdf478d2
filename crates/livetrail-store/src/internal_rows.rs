//! Rows of Livetrail's own tables, read and written alike for every database: each database says only how it reads a
//! column and binds a value.

mod alerts;
mod deliveries;
mod views;

pub(crate) use alerts::{read_count, saturated, saturated_text};
pub(crate) use deliveries::{at, read_id};
pub(crate) use views::view_id;

use crate::{Backing, Credential, Grant, GrantKind, Hold, Identity, Result, Session, StoreError};
use jiff::Timestamp;
use livetrail_types::Role;
use uuid::Uuid;

/// The number that the mark of the last erasure stands for; 0 before the first.
pub(crate) fn edition_of(mark: Option<&[u8]>) -> u64 {
    let first = mark.and_then(|mark| mark.first_chunk::<8>());
    first.map_or(0, |bytes| u64::from_be_bytes(*bytes).max(1))
}

/// A column's value, as it is bound.
#[derive(Clone, Debug)]
pub(crate) enum Column {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes([u8; 32]),
}

/// How a database reads the columns of a row, counted from 0.
pub(crate) trait Columns {
    fn text(&self, index: usize) -> Result<Option<String>>;
    fn number(&self, index: usize) -> Result<Option<i64>>;
    fn bytes(&self, index: usize) -> Result<Vec<u8>>;
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Internal(format!("a row of livetrail's own tables has an unreadable {what}"))
}

fn required<T>(value: Option<T>, what: &str) -> Result<T> {
    value.ok_or_else(|| unreadable(what))
}

fn parsed<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| unreadable(what))
}

fn id(row: &impl Columns, index: usize) -> Result<Uuid> {
    parsed(&required(row.text(index)?, "id")?, "id")
}

fn secret(row: &impl Columns, index: usize) -> Result<[u8; 32]> {
    row.bytes(index)?.try_into().map_err(|_| unreadable("secret"))
}

fn role(row: &impl Columns, index: usize) -> Result<Role> {
    parsed(&required(row.text(index)?, "role")?, "role")
}

fn ends(row: &impl Columns, index: usize) -> Result<Option<Timestamp>> {
    let moment = |micros| Timestamp::from_microsecond(micros).map_err(|_| unreadable("time"));
    row.number(index)?.map(moment).transpose()
}

fn moment(row: &impl Columns, index: usize) -> Result<Timestamp> {
    required(ends(row, index)?, "time")
}

fn text(text: impl Into<String>) -> Column {
    Column::Text(Some(text.into()))
}

fn time(moment: Timestamp) -> Column {
    Column::Number(Some(moment.as_microsecond()))
}

fn end(moment: Option<Timestamp>) -> Column {
    Column::Number(moment.map(Timestamp::as_microsecond))
}

impl Credential {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            id: id(row, 0)?,
            name: required(row.text(1)?, "name")?,
            role: role(row, 2)?,
            tenant: row.text(3)?,
            secret: secret(row, 4)?,
            created_by: row.text(5)?,
            created_at: moment(row, 6)?,
            last_used_at: ends(row, 7)?,
            expires_at: ends(row, 8)?,
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(self.id),
            text(&self.name),
            text(self.role.as_str()),
            Column::Text(self.tenant.clone()),
            Column::Bytes(self.secret),
            Column::Text(self.created_by.clone()),
            time(self.created_at),
            end(self.last_used_at),
            end(self.expires_at),
        ]
    }
}

impl Hold {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        Ok(Self {
            id: id(row, 0)?,
            reason: required(row.text(1)?, "reason")?,
            tenant: row.text(2)?,
            user_id: row.text(3)?,
            from: ends(row, 4)?,
            until: ends(row, 5)?,
            made_by: row.text(6)?,
            created_at: moment(row, 7)?,
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        vec![
            text(self.id),
            text(&self.reason),
            Column::Text(self.tenant.clone()),
            Column::Text(self.user_id.clone()),
            end(self.from),
            end(self.until),
            Column::Text(self.made_by.clone()),
            time(self.created_at),
        ]
    }
}

impl Identity {
    /// Reads the columns from `user_id` to `backing_issuer`.
    fn read(row: &impl Columns, from: usize) -> Result<Self> {
        let (kind, name) = (required(row.text(from + 3)?, "backing")?, row.text(from + 4)?);
        let backing = match (kind.as_str(), name) {
            ("key", Some(key)) => Backing::Key(parsed(&key, "backing")?),
            ("user", Some(user_id)) => Backing::User { issuer: row.text(from + 5)?, user_id },
            ("issued", Some(user_id)) => Backing::Issued { issuer: row.text(from + 5)?, user_id },
            ("built-in", None) => Backing::BuiltIn,
            _ => return Err(unreadable("backing")),
        };
        Ok(Self {
            user_id: required(row.text(from)?, "user")?,
            role: role(row, from + 1)?,
            tenant: row.text(from + 2)?,
            backing,
        })
    }

    fn columns(&self) -> Vec<Column> {
        let (kind, name, issuer) = match &self.backing {
            Backing::Key(id) => ("key", Some(id.to_string()), None),
            Backing::User { issuer, user_id } => ("user", Some(user_id.clone()), issuer.clone()),
            Backing::Issued { issuer, user_id } => ("issued", Some(user_id.clone()), issuer.clone()),
            Backing::BuiltIn => ("built-in", None, None),
        };
        vec![
            text(&self.user_id),
            text(self.role.as_str()),
            Column::Text(self.tenant.clone()),
            text(kind),
            Column::Text(name),
            Column::Text(issuer),
        ]
    }
}

impl Session {
    /// What tells the sessions that rest on the same thing as this one, and until when they have to last to count.
    pub(crate) fn same_backing(&self) -> Vec<Column> {
        let mut columns = self.identity.columns().into_iter().skip(2).map(|column| match column {
            Column::Text(None) => text(""),
            given => given,
        });
        let (tenant, backing) = (columns.next(), columns);
        backing.chain(tenant).chain([time(self.created_at)]).collect()
    }

    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        let address = row.text(9)?.map(|address| parsed(&address, "address")).transpose()?;
        Ok(Self {
            id: id(row, 0)?,
            secret: secret(row, 1)?,
            identity: Identity::read(row, 2)?,
            made_by: row.text(8)?,
            address,
            user_agent: row.text(10)?,
            created_at: moment(row, 11)?,
            last_seen_at: moment(row, 12)?,
            expires_at: moment(row, 13)?,
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        let mut columns = vec![text(self.id), Column::Bytes(self.secret)];
        columns.extend(self.identity.columns());
        columns.extend([
            Column::Text(self.made_by.clone()),
            Column::Text(self.address.map(|address| address.to_string())),
            Column::Text(self.user_agent.clone()),
            time(self.created_at),
            time(self.last_seen_at),
            time(self.expires_at),
        ]);
        columns
    }
}

impl Grant {
    pub(crate) fn read(row: &impl Columns) -> Result<Self> {
        let kind = match row.text(1)?.as_deref() {
            Some("link") => GrantKind::Link,
            Some("ticket") => GrantKind::Ticket,
            _ => return Err(unreadable("kind")),
        };
        Ok(Self {
            id: id(row, 0)?,
            kind,
            secret: secret(row, 2)?,
            identity: Identity::read(row, 3)?,
            session: row.text(9)?.map(|id| parsed(&id, "session")).transpose()?,
            credential_ends_at: ends(row, 10)?,
            made_by: row.text(11)?,
            created_at: moment(row, 12)?,
            expires_at: moment(row, 13)?,
        })
    }

    pub(crate) fn columns(&self) -> Vec<Column> {
        let kind = match self.kind {
            GrantKind::Link => "link",
            GrantKind::Ticket => "ticket",
        };
        let mut columns = vec![text(self.id), text(kind), Column::Bytes(self.secret)];
        columns.extend(self.identity.columns());
        columns.extend([
            Column::Text(self.session.map(|id| id.to_string())),
            end(self.credential_ends_at),
            Column::Text(self.made_by.clone()),
            time(self.created_at),
            time(self.expires_at),
        ]);
        columns
    }
}
