//! CSV (RFC 4180), and the cells that rows of activities and of reports consist of.

use crate::csv_injection::guarded;
use jiff::Timestamp;
use livetrail_types::{Device, Json};
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// A UTF-8 byte order mark. Without it, Excel reads a file in the code page of its computer.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) const CONTENT_TYPE: &str = "text/csv; charset=utf-8; header=present";

/// The value of one column in one row. It has a form in CSV and one in JSON, which is that of the API's other answers.
pub(super) enum Cell<'a> {
    Empty,
    Flag(bool),
    Whole(i64),
    Decimal(f64),
    Moment(Timestamp),
    /// A value of Livetrail's own, such as an id or an address, which cannot be a formula.
    Plain(String),
    /// Text of an application. In CSV, a guard keeps spreadsheets from taking it for a formula.
    Text(Cow<'a, str>),
    Json(&'a Json),
    Device(&'a Device),
}

impl<'a> Cell<'a> {
    pub(super) fn text(text: &'a str) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn maybe_text(text: Option<&'a str>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub(super) fn maybe_whole(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.into()))
    }

    /// A count or a position, which are far below the largest number of the type.
    pub(super) fn count(number: u64) -> Self {
        Self::Whole(number.cast_signed())
    }

    pub(super) fn plain(value: &impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// The text of the cell in CSV, before it is quoted.
    fn in_csv(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => "".into(),
            Self::Flag(flag) => if *flag { "true" } else { "false" }.into(),
            Self::Whole(number) => number.to_string().into(),
            Self::Decimal(number) => number.to_string().into(),
            Self::Moment(moment) => in_microseconds(*moment).into(),
            Self::Plain(text) => text.into(),
            Self::Text(text) => guarded(text),
            Self::Json(json) => guarded(json.as_str()),
            Self::Device(device) => guarded(&device.to_string()).into_owned().into(),
        }
    }
}

/// RFC 3339 with microseconds.
fn in_microseconds(moment: Timestamp) -> String {
    format!("{moment:.6}")
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => to.serialize_none(),
            Self::Flag(flag) => to.serialize_bool(*flag),
            Self::Whole(number) => to.serialize_i64(*number),
            Self::Decimal(number) => to.serialize_f64(*number),
            Self::Moment(moment) => to.serialize_str(&in_microseconds(*moment)),
            Self::Plain(text) => to.serialize_str(text),
            Self::Text(text) => to.serialize_str(text),
            Self::Json(json) => json.serialize(to),
            Self::Device(device) => device.serialize(to),
        }
    }
}

/// A value that is a row in a table of its kind.
pub(super) trait SheetRow {
    /// The names of the columns.
    fn heading() -> Vec<&'static str>;
    /// The cells, in the order of the heading.
    fn cells(&self) -> Vec<Cell<'_>>;
}

/// A CSV text that is written row by row.
pub(super) struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    /// A text that goes on after `begun`.
    pub(super) fn new(begun: &[u8]) -> Self {
        Self(csv::Writer::from_writer(begun.to_vec()))
    }

    pub(super) fn write_heading<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), csv::Error> {
        self.0.write_record(names)
    }

    pub(super) fn write<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), csv::Error> {
        for cell in cells {
            self.0.write_field(cell.in_csv().as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    /// The whole text of some rows.
    pub(super) fn of<R: SheetRow>(rows: &[R]) -> Result<Vec<u8>, csv::Error> {
        let mut sheet = Self::new(&[]);
        sheet.write_heading(R::heading())?;
        for row in rows {
            sheet.write(row.cells())?;
        }
        sheet.into_bytes()
    }

    pub(super) fn into_bytes(self) -> Result<Vec<u8>, csv::Error> {
        self.0.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
    }
}
