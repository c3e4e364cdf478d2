//! Values as PostgreSQL writes them in its binary format, where no library reads them as tolerantly as external rows
//! need it.

use crate::sql;
use bytes::BytesMut;
use jiff::Timestamp;
use livetrail_types::{Json, json};
use std::error::Error;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Failure = Box<dyn Error + Sync + Send>;

/// PostgreSQL counts from the year 2000, in microseconds since 1970.
const YEAR_2000: i64 = 946_684_800_000_000;
/// The first byte of a binary `jsonb`: its version.
pub(super) const JSONB_VERSION: u8 = 1;

/// The earliest moment that PostgreSQL knows, in the year 4714 BC, in its own count. We know earlier ones; nothing
/// happened between.
const EARLIEST: i64 = -211_813_488_000_000_000;

/// Microseconds since 2000, as a `timestamptz` is sent.
pub(super) fn since_2000(moment: Timestamp) -> i64 {
    moment.as_microsecond().saturating_sub(YEAR_2000).max(EARLIEST)
}

/// A `timestamptz`. What lies outside of the years that we can write is taken for the nearest that does not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'a> FromSql<'a> for Moment {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        let micros = i64::from_be_bytes(raw.try_into()?).saturating_add(YEAR_2000);
        let nearest = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Ok(Self(Timestamp::from_microsecond(micros).unwrap_or(nearest)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMESTAMPTZ
    }
}

impl ToSql for Moment {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        out.extend_from_slice(&since_2000(self.0).to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMESTAMPTZ
    }

    to_sql_checked!();
}

/// A `jsonb`, as the compact text that the vocabulary writes.
#[derive(Debug)]
pub(super) struct Jsonb(pub(super) Json);

impl<'a> FromSql<'a> for Jsonb {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        let text = raw.strip_prefix(&[JSONB_VERSION]).ok_or("a jsonb of a version that is not known")?;
        let written = json::parse(text).ok().map(|value| Json::of(&value));
        // A row of another application may have numbers and depths that the reader of input refuses: it is shown as it
        // is.
        let as_it_is = || Json::compacted(std::str::from_utf8(text).ok()?);
        written.or_else(as_it_is).map(Self).ok_or_else(|| "no JSON".into())
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }
}

impl ToSql for sql::Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Number(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Flag(flag) => flag.to_sql(ty, out),
            Self::Moment(moment) => Moment(*moment).to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Every placeholder is written with the type of its value.
        true
    }

    to_sql_checked!();
}
