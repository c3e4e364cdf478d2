//! Activities as CSV (RFC 4180): a row each, headed by the names of the fields.

use crate::csv_injection::guarded;
use jiff::Timestamp;
use livetrail_types::{ActivityView, DelegateType, Json};
use std::borrow::Cow;

/// What stands in a cell.
enum Cell<'a> {
    Nothing,
    /// What somebody wrote: it is kept from being taken for a formula.
    Text(Cow<'a, str>),
    /// A number, a moment, an address: nobody's words.
    Bare(String),
}

type Read = for<'a> fn(&'a ActivityView<'a>) -> Cell<'a>;

/// The columns: what people look for first, first.
const COLUMNS: [(&str, Read); 38] = [
    ("position", |view| bare(&view.activity.position)),
    ("occurred_at", |view| moment(view.occurred_at)),
    ("timestamp", |view| bare(&view.activity.timestamp.as_second())),
    ("user_id", |view| text(&view.activity.user_id)),
    ("user_email", |view| maybe(view.user_email)),
    ("user_display_name", |view| maybe(view.user_display_name)),
    ("action_type", |view| text(&view.activity.action_type)),
    ("description", |view| text(&view.description)),
    ("success", |view| bare(&view.activity.success)),
    ("status_code", |view| number(view.activity.status_code)),
    ("error_type", |view| maybe(view.activity.error_type.as_deref())),
    ("error_message", |view| maybe(view.activity.error_message.as_deref())),
    ("ip_address", |view| number(view.activity.ip_address)),
    ("device", |view| view.device.as_ref().map_or(Cell::Nothing, |device| owned(&device.to_string()))),
    ("user_agent", |view| maybe(view.activity.user_agent.as_deref())),
    ("http_method", |view| maybe(view.activity.http_method.as_deref())),
    ("endpoint", |view| maybe(view.activity.endpoint.as_deref())),
    ("duration_ms", |view| number(view.activity.duration_ms)),
    ("db_query_count", |view| number(view.activity.db_query_count)),
    ("resource_type", |view| maybe(view.activity.resource_type.as_deref())),
    ("target_resource_id", |view| maybe(view.activity.target_resource_id.as_deref())),
    ("target_user_id", |view| maybe(view.activity.target_user_id.as_deref())),
    ("details", |view| maybe(view.activity.details.as_ref().map(Json::as_str))),
    ("changes", |view| maybe(view.activity.changes.as_ref().map(Json::as_str))),
    ("is_admin", |view| bare(&view.activity.is_admin)),
    ("delegate_id", |view| maybe(view.activity.delegate_id.as_deref())),
    ("delegate_type", |view| maybe(view.activity.delegate_type.map(DelegateType::name))),
    ("via", |view| maybe(view.activity.via.as_deref())),
    ("category", |view| text(&view.category)),
    ("severity", |view| owned(&format!("{:?}", view.severity).to_lowercase())),
    ("icon", |view| text(&view.icon)),
    ("session_id", |view| maybe(view.activity.session_id.as_deref())),
    ("request_id", |view| maybe(view.activity.request_id.as_deref())),
    ("trace_id", |view| maybe(view.activity.trace_id.as_deref())),
    ("tenant_id", |view| maybe(view.activity.tenant_id.as_deref())),
    ("id", |view| bare(&view.activity.id)),
    ("created_at", |view| moment(view.activity.created_at)),
    ("timestamp_adjusted", |view| bare(&view.activity.timestamp_adjusted)),
];

fn bare<'a>(value: &impl ToString) -> Cell<'a> {
    Cell::Bare(value.to_string())
}

fn number<'a>(value: Option<impl ToString>) -> Cell<'a> {
    value.map_or(Cell::Nothing, |value| Cell::Bare(value.to_string()))
}

/// As JSON has it.
fn moment<'a>(moment: Timestamp) -> Cell<'a> {
    Cell::Bare(format!("{moment:.6}"))
}

fn text(text: &str) -> Cell<'_> {
    Cell::Text(guarded(text))
}

fn owned<'a>(text: &str) -> Cell<'a> {
    Cell::Text(guarded(text).into_owned().into())
}

fn maybe(text: Option<&str>) -> Cell<'_> {
    text.map_or(Cell::Nothing, |text| Cell::Text(guarded(text)))
}

/// Rows of a sheet, as they are written.
pub(super) struct Rows(csv::Writer<Vec<u8>>);

impl Rows {
    pub(super) fn new() -> Self {
        Self(csv::Writer::from_writer(Vec::new()))
    }

    pub(super) fn write_heading(&mut self) -> Result<(), csv::Error> {
        self.0.write_record(COLUMNS.map(|(name, _)| name))
    }

    pub(super) fn write(&mut self, view: &ActivityView<'_>) -> Result<(), csv::Error> {
        for (_, read) in COLUMNS {
            match read(view) {
                Cell::Nothing => self.0.write_field([])?,
                Cell::Text(text) => self.0.write_field(text.as_bytes())?,
                Cell::Bare(value) => self.0.write_field(value.as_bytes())?,
            }
        }
        self.0.write_record(None::<&[u8]>)
    }

    pub(super) fn into_bytes(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
    }
}
