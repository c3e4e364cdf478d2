//! Activities in the binary format of `COPY` (PostgreSQL's documentation of COPY, "Binary Format"): the cheapest way
//! in.

use super::{
    later,
    value::{JSONB_VERSION, since_2000},
};
use crate::Result;
use bytes::{BufMut, Bytes, BytesMut};
use livetrail_types::{Activity, Fingerprint, Json};
use std::{collections::HashSet, net::IpAddr};
use tokio_postgres::Client;
use uuid::Uuid;

/// The columns, in the order in which [`Rows::push`] writes them; those of [`later`] follow.
const COLUMNS: &str = "position, id, fingerprint, timestamp, created_at, \
     timestamp_adjusted, user_id, action_type, endpoint, http_method, status_code, success, error_message, error_type, \
     target_user_id, target_resource_id, resource_type, details, changes, duration_ms, db_query_count, ip_address, \
     user_agent, is_admin, session_id, request_id, trace_id, tenant_id";
const COLUMN_COUNT: i16 = 31;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
const END: i16 = -1;
const NULL: i32 = -1;

/// Families of addresses as `inet` is sent: PostgreSQL's own numbers, the same on every system.
const IPV4: u8 = 2;
const IPV6: u8 = 3;

/// Numbers are sent in digits of this base.
const NUMERIC_BASE: u32 = 10_000;
const NEGATIVE: u16 = 0x4000;

/// The type of a column, as far as it may be one that an adopted table had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Ours,
    Text,
    BigInt,
    Double,
    Numeric,
}

/// The types of the columns that may have one of their own.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Forms {
    status_code: Form,
    duration_ms: Form,
    db_query_count: Form,
    ip_address: Form,
    details: Form,
    changes: Form,
    /// The columns of the fields of later versions.
    later: [&'static str; later::FIELDS.len()],
}

impl Forms {
    pub(super) async fn read(client: &Client) -> Result<Self> {
        let sql = "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute \
                   WHERE attrelid = 'activity_logs'::regclass AND attnum > 0 AND NOT attisdropped";
        let rows = client.query(sql, &[]).await?;
        let names: HashSet<&str> = rows.iter().map(|row| row.get(0)).collect();
        let mut forms = Self { later: later::columns(|name| names.contains(name)), ..Self::default() };
        for row in &rows {
            let form = Form::of(row.get(1));
            match row.get(0) {
                "status_code" => forms.status_code = form,
                "duration_ms" => forms.duration_ms = form,
                "db_query_count" => forms.db_query_count = form,
                "ip_address" => forms.ip_address = form,
                "details" => forms.details = form,
                "changes" => forms.changes = form,
                _ => {}
            }
        }
        Ok(forms)
    }
}

impl Forms {
    /// The statement that stores rows.
    pub(super) fn statement(&self) -> String {
        format!("COPY activity_logs ({COLUMNS}, {}) FROM STDIN BINARY", self.later.join(", "))
    }
}

impl Form {
    fn of(ty: &str) -> Self {
        match ty {
            "bigint" => Self::BigInt,
            "double precision" => Self::Double,
            "numeric" => Self::Numeric,
            "text" | "json" | "character varying" | "character" => Self::Text,
            _ => Self::Ours,
        }
    }
}

/// Rows on their way.
pub(super) struct Rows {
    bytes: BytesMut,
    forms: Forms,
}

impl Rows {
    /// The beginning of a copy.
    pub(super) fn new(forms: Forms) -> Self {
        let mut bytes = BytesMut::with_capacity(64 * 1024);
        bytes.put_slice(SIGNATURE);
        // No flags and no extension of the header.
        bytes.put_i32(0);
        bytes.put_i32(0);
        Self { bytes, forms }
    }

    pub(super) fn push(&mut self, position: u64, activity: &Activity, fingerprint: Option<&Fingerprint>) {
        let (a, forms) = (activity, self.forms);
        self.bytes.put_i16(COLUMN_COUNT);
        self.fixed(&super::rows::clamped(position).to_be_bytes());
        self.id(a.id);
        // Never null: a row without a fingerprint is taken for one that did not come through the API.
        self.fixed(fingerprint.map_or(&[][..], |fingerprint| &fingerprint[..]));
        self.fixed(&since_2000(a.timestamp).to_be_bytes());
        self.fixed(&since_2000(a.created_at).to_be_bytes());
        self.flag(a.timestamp_adjusted);
        self.fixed(a.user_id.as_bytes());
        self.fixed(a.action_type.as_bytes());
        self.text(&a.endpoint);
        self.text(&a.http_method);
        self.number(forms.status_code, a.status_code.map(i32::from));
        self.flag(a.success);
        self.text(&a.error_message);
        self.text(&a.error_type);
        self.text(&a.target_user_id);
        self.text(&a.target_resource_id);
        self.text(&a.resource_type);
        self.json(forms.details, a.details.as_ref());
        self.json(forms.changes, a.changes.as_ref());
        self.number(forms.duration_ms, a.duration_ms);
        self.number(forms.db_query_count, a.db_query_count);
        self.address(forms.ip_address, a.ip_address);
        self.text(&a.user_agent);
        self.flag(a.is_admin);
        self.text(&a.session_id);
        self.text(&a.request_id);
        self.text(&a.trace_id);
        self.text(&a.tenant_id);
        self.text(&a.delegate_id);
        self.optional(a.delegate_type.map(|kind| kind.name().as_bytes()));
        self.text(&a.via);
    }

    /// How much there is to send.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What is to be sent next.
    pub(super) fn take(&mut self) -> Bytes {
        self.bytes.split().freeze()
    }

    /// What is to be sent last.
    pub(super) fn finish(mut self) -> Bytes {
        self.bytes.put_i16(END);
        self.bytes.freeze()
    }

    fn fixed(&mut self, value: &[u8]) {
        // A value that is longer than a length can say is longer than any request.
        self.bytes.put_i32(i32::try_from(value.len()).unwrap_or(i32::MAX));
        self.bytes.put_slice(value);
    }

    fn optional(&mut self, value: Option<&[u8]>) {
        match value {
            Some(value) => self.fixed(value),
            None => self.bytes.put_i32(NULL),
        }
    }

    fn id(&mut self, id: Uuid) {
        self.fixed(id.as_bytes());
    }

    fn text(&mut self, text: &Option<String>) {
        self.optional(text.as_deref().map(str::as_bytes));
    }

    fn number(&mut self, form: Form, number: Option<i32>) {
        let Some(number) = number else { return self.optional(None) };
        match form {
            Form::BigInt => self.fixed(&i64::from(number).to_be_bytes()),
            Form::Double => self.fixed(&f64::from(number).to_be_bytes()),
            Form::Numeric => self.numeric(number),
            Form::Ours | Form::Text => self.fixed(&number.to_be_bytes()),
        }
    }

    /// The number of digits, the place of the first, the sign, the decimal places, and the digits.
    fn numeric(&mut self, number: i32) {
        let (mut digits, mut rest) = (Vec::new(), number.unsigned_abs());
        while rest > 0 {
            // Smaller than the base, so that it fits.
            digits.push((rest % NUMERIC_BASE) as u16);
            rest /= NUMERIC_BASE;
        }
        let count = digits.len() as u16;
        self.bytes.put_i32(8 + 2 * i32::from(count));
        self.bytes.put_u16(count);
        self.bytes.put_u16(count.saturating_sub(1));
        self.bytes.put_u16(if number < 0 { NEGATIVE } else { 0 });
        self.bytes.put_u16(0);
        digits.iter().rev().for_each(|digit| self.bytes.put_u16(*digit));
    }

    fn flag(&mut self, flag: bool) {
        self.fixed(&[flag.into()]);
    }

    fn json(&mut self, form: Form, json: Option<&Json>) {
        let Some(text) = json.map(Json::as_str) else { return self.optional(None) };
        if form == Form::Text {
            return self.fixed(text.as_bytes());
        }
        self.bytes.put_i32(i32::try_from(text.len() + 1).unwrap_or(i32::MAX));
        self.bytes.put_u8(JSONB_VERSION);
        self.bytes.put_slice(text.as_bytes());
    }

    /// Family, bits of the network, whether it is a `cidr`, and the bytes.
    fn address(&mut self, form: Form, address: Option<IpAddr>) {
        match address {
            Some(address) if form == Form::Text => self.fixed(address.to_string().as_bytes()),
            None => self.optional(None),
            Some(IpAddr::V4(v4)) => {
                let [a, b, c, d] = v4.octets();
                self.fixed(&[IPV4, 32, 0, 4, a, b, c, d]);
            }
            Some(IpAddr::V6(v6)) => {
                self.bytes.put_i32(20);
                self.bytes.put_slice(&[IPV6, 128, 0, 16]);
                self.bytes.put_slice(&v6.octets());
            }
        }
    }
}
