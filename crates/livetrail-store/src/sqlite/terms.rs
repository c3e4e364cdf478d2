//! The dictionary: repeated texts are stored once and named by a number.

use crate::Result;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashMap;

/// What a text is used for; the numbers stand in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    User = 1,
    Action = 2,
    Endpoint = 3,
    HttpMethod = 4,
    ErrorType = 5,
    ResourceType = 6,
    UserAgent = 7,
    Tenant = 8,
    Delegate = 9,
    Via = 10,
}

/// Remembers what the writer looked up, up to a bound.
#[derive(Default)]
pub(super) struct Terms {
    /// By kind.
    known: [HashMap<Box<str>, i64>; Kind::Via as usize],
    /// How many there are.
    len: usize,
}

/// Enough for the texts of a busy day; a cache that is full begins again.
const MAX_REMEMBERED: usize = 65_536;

impl Terms {
    /// The number of `text`, given to it now if it is new.
    pub(super) fn id(&mut self, connection: &Connection, kind: Kind, text: &str) -> Result<i64> {
        if let Some(id) = self.known[kind as usize - 1].get(text) {
            return Ok(*id);
        }
        let id = look_up_or_insert(connection, kind, text)?;
        if self.len >= MAX_REMEMBERED {
            self.forget();
        }
        self.known[kind as usize - 1].insert(text.into(), id);
        self.len += 1;
        Ok(id)
    }

    /// What was numbered in a transaction that failed has no number.
    pub(super) fn forget(&mut self) {
        self.known.iter_mut().for_each(HashMap::clear);
        self.len = 0;
    }
}

pub(super) fn look_up(connection: &Connection, kind: Kind, text: &str) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT id FROM terms WHERE kind = ?1 AND text = ?2")?;
    Ok(statement.query_row(params![kind as i64, text], |row| row.get(0)).optional()?)
}

/// The number of `text`, given to it now if it is new.
pub(super) fn look_up_or_insert(connection: &Connection, kind: Kind, text: &str) -> Result<i64> {
    look_up(connection, kind, text)?.map_or_else(|| insert(connection, kind, text), Ok)
}

fn insert(connection: &Connection, kind: Kind, text: &str) -> Result<i64> {
    let mut statement = connection.prepare_cached("INSERT INTO terms (kind, text) VALUES (?1, ?2)")?;
    Ok(statement.insert(params![kind as i64, text])?)
}
