//! The whole list as a file.

use super::{
    audit_details,
    connection::Until,
    csv::Rows,
    error::ApiResult,
    extract::{Caller, Reader},
    query::{DateParameters, FilterParameters, PairReader, SortParameters},
    unread::HoldsBytes,
};
use crate::{access::Principal, app::App, questions::Answer};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use livetrail_store::StoreError;
use livetrail_types::{ActivityView, ListQuery, Page, PageCursor, PageStart, actions, json};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows that are read, written and sent together: few at first, then as many as have about so many bytes, since a database may
/// look through a good part of the log for each lot of them.
const FIRST_ROWS: u32 = 1_000;
const BYTES_AT_ONCE: usize = 4_000_000;
/// What an export holds at once: a page of rows, and their text.
const HELD_BYTES: usize = 2 * BYTES_AT_ONCE;
const MIN_ROWS: usize = 50;
const MAX_ROWS: usize = 10_000;

/// The form of an export.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// Comma-separated values; the first line names the fields.
    #[default]
    Csv,
    /// A JSON object a line, as lists have them.
    Ndjson,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct ExportParameters {
    #[param(inline, default = "csv")]
    format: Option<Format>,
}

impl ExportParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self { format: reader.one_of("format") }
    }
}

/// Export activities
///
/// What the list with the same filter and order has on all of its pages together, up to where the log ended when the export
/// began. It is sent while it is read. One that breaks off has no proper end (a last chunk), which HTTP clients report. In
/// CSV, text that a spreadsheet would take for a formula begins with an apostrophe.
#[utoipa::path(
    get, path = "/api/admin/activity/export", tag = "Activities",
    params(ExportParameters, SortParameters, DateParameters, FilterParameters),
    responses(
        (status = 200, description = "The file", content((String = "text/csv"), (String = "application/x-ndjson"))),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn export_activities(
    State(app): State<Arc<App>>,
    Reader(principal): Reader,
    Caller(origin): Caller,
    uri: Uri,
) -> ApiResult<Response> {
    let mut reader = PairReader::of(&uri);
    let format = ExportParameters::take(&mut reader).format.unwrap_or_default();
    let sort = SortParameters::take(&mut reader).sort();
    reader.refuse_all(
        &["page", "limit", "cursor"],
        "has no meaning for an export, which has every page: leave it out",
    );
    let filter = reader.filter(&app, &principal)?;
    let query = ListQuery { filter, sort, limit: FIRST_ROWS, start: PageStart::Number(1) };
    let ask = app.questions.by(&principal);
    let first = ask.list(query.clone()).await?;
    let count = ask.count(&query.filter, first.head).await?;
    drop(ask);
    let details = json!({
        "format": format.extension(),
        "filters_applied": audit_details::filters_applied(&uri, &query.filter),
        "results_count": count,
    });
    app.self_audit.viewed(&principal, actions::EXPORT_GENERATED, &origin, &query.filter, details);
    let name = app.environment.now().strftime("livetrail-activity-%Y%m%dT%H%M%SZ").to_string();
    let until = Until::ends(&app, &principal);
    let export = Export { app, by: principal, query, format, is_begun: false, rest: Rest::Page(first) };
    let mut answer = as_file(&name, format, Body::from_stream(stream::try_unfold(export, Export::next)));
    answer.extensions_mut().insert(HoldsBytes(HELD_BYTES));
    answer.extensions_mut().insert(until);
    Ok(answer)
}

fn as_file(name: &str, format: Format, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.extension());
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A date and an extension are always a header value.
    headers.extend(HeaderValue::try_from(disposition).map(|value| (header::CONTENT_DISPOSITION, value)));
    response
}

impl Format {
    fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// An export under way. It holds a page and no transaction: however slowly a client takes it, the database does not notice.
struct Export {
    app: Arc<App>,
    by: Principal,
    query: ListQuery,
    format: Format,
    is_begun: bool,
    rest: Rest,
}

/// What is still to be sent.
enum Rest {
    Page(Page),
    After(PageCursor),
    Nothing,
}

/// How many rows to read next, where so many rows had so many bytes.
fn rows_at_once(bytes: usize, rows: usize) -> u32 {
    let wanted = BYTES_AT_ONCE / (bytes / rows.max(1)).max(1);
    u32::try_from(wanted.clamp(MIN_ROWS, MAX_ROWS)).unwrap_or(FIRST_ROWS)
}

impl Export {
    async fn next(mut self) -> Answer<Option<(Bytes, Self)>> {
        let page = match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Page(page) => page,
            Rest::After(cursor) => self.read(cursor).await?,
            Rest::Nothing => return Ok(None),
        };
        let written = self.write(&page).map_err(|error| StoreError::Internal(error.to_string()))?;
        self.query.limit = rows_at_once(written.len(), page.rows.len());
        self.rest = page.next.map_or(Rest::Nothing, Rest::After);
        Ok(Some((written.into(), self)))
    }

    /// Each page has a deadline of its own, and a credential that stands.
    async fn read(&self, cursor: PageCursor) -> Answer<Page> {
        if !self.app.access.still_valid(&self.by).await? {
            return Err(StoreError::Internal("an export breaks off: its credential has ended".into()).into());
        }
        let query = ListQuery { start: PageStart::Cursor(cursor), ..self.query.clone() };
        let page = self.app.questions.by(&self.by).list(query).await;
        page.inspect_err(|error| tracing::warn!(%error, "an export breaks off"))
    }

    fn write(&mut self, page: &Page) -> anyhow::Result<Vec<u8>> {
        let is_begun = std::mem::replace(&mut self.is_begun, true);
        let views = page
            .rows
            .iter()
            .map(|(activity, profile)| ActivityView::new(activity, profile.as_ref(), &self.app.catalogue));
        match self.format {
            Format::Csv => {
                let mut rows = Rows::new();
                if !is_begun {
                    rows.write_heading()?;
                }
                for view in views {
                    rows.write(&view)?;
                }
                Ok(rows.into_bytes()?)
            }
            Format::Ndjson => {
                let mut lines = Vec::new();
                for view in views {
                    json::to_line_writer(&mut lines, &view)?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
        }
    }
}
