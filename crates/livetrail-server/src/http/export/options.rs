//! What a request wants of the file, beside its filter and order.

use crate::http::{columns::Columns, csv, query::PairReader};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Format {
    /// Comma-separated values; the first line names the fields.
    #[default]
    Csv,
    /// A JSON object a line, as lists have them.
    Ndjson,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportParameters {
    #[param(inline, default = "csv")]
    format: Option<Format>,
    /// The columns of the file by their names in CSV, with commas in between, in this order; all if it is left out
    #[param(example = "occurred_at,user_id,action_type")]
    columns: Option<String>,
    /// Whether the file begins with a UTF-8 byte order mark, which Excel needs. For CSV only
    #[param(default = false)]
    bom: Option<bool>,
    /// Whether the file ends with a line `{"livetrail_export": {"rows": …, "sha256": …}}`: the number of activities,
    /// and the SHA-256 of all bytes before that line. For NDJSON only
    #[param(default = false)]
    summary: Option<bool>,
}

impl ExportParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self {
            format: reader.one_of("format"),
            columns: reader.take("columns"),
            bom: reader.flag("bom"),
            summary: reader.flag("summary"),
        }
    }
}

/// What a request wants of the file.
pub(super) struct Options {
    pub(super) format: Format,
    /// None for all columns.
    pub(super) chosen: Option<Columns>,
    pub(super) has_mark: bool,
    pub(super) has_summary: bool,
}

impl Options {
    pub(super) fn take(reader: &mut PairReader) -> Self {
        let ExportParameters { format, columns, bom, summary } = ExportParameters::take(reader);
        let chosen = columns.and_then(|names| {
            let refuse = |errors: Vec<String>| errors.iter().for_each(|why| reader.refuse("columns", why));
            Columns::parse(&names).map_err(refuse).ok()
        });
        let options = Self {
            format: format.unwrap_or_default(),
            chosen,
            has_mark: bom.unwrap_or_default(),
            has_summary: summary.unwrap_or_default(),
        };
        options.refuse_of_another_format(reader);
        options
    }

    fn refuse_of_another_format(&self, reader: &mut PairReader) {
        if self.has_mark && self.format == Format::Ndjson {
            reader.refuse(
                "bom",
                &"is for CSV only, because JSON begins without a byte order mark: leave it out",
            );
        }
        if self.has_summary && self.format == Format::Csv {
            let why = "is for NDJSON only, because a spreadsheet would take that line for a row: use format=ndjson, or \
                       the trailers livetrail-rows and livetrail-sha256 (TE: trailers)";
            reader.refuse("summary", &why);
        }
    }

    pub(super) fn columns(&self) -> Columns {
        self.chosen.clone().unwrap_or_else(Columns::all)
    }
}

impl Format {
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => csv::CONTENT_TYPE,
            Self::Ndjson => "application/x-ndjson",
        }
    }
}
