//! The whole list as a file.

mod body;
mod options;

use super::{
    asking::{ANSWERED_BY, Asking},
    audit_details,
    connection::Until,
    error::ApiResult,
    file::as_file,
    query::{self, DateParameters, FilterParameters, SortParameters},
    unread::HoldsBytes,
};
use crate::export_checksum::{ROWS_TRAILER, SHA256_TRAILER, TOTAL_ROWS};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Version, header},
    response::Response,
};
use body::{Export, FIRST_ROWS, HELD_BYTES};
use livetrail_types::{ListQuery, PageStart, actions};
use options::{ExportParameters, Options};
use serde_json::json;

/// How many rows the file is going to have.
pub(super) const TOTAL: HeaderName = HeaderName::from_static(TOTAL_ROWS);

/// Export activities
///
/// What the list with the same filter and order has on all of its pages together, up to where the log ended when the
/// export began. It is sent while it is read. In CSV, text that a spreadsheet would take for a formula begins with an
/// apostrophe.
///
/// An export that breaks off has no proper end (a last chunk), which HTTP clients report. The trailers `livetrail-rows`
/// (without the heading) and `livetrail-sha256` (of the whole body, in hexadecimal digits) prove that a file is
/// complete. They are sent over HTTP/2, and over HTTP/1.1 to a client that sends `TE: trailers`; the header `Trailer`
/// announces them.
#[utoipa::path(
    get, path = "/api/admin/activity/export", tag = "Activities",
    params(ExportParameters, SortParameters, DateParameters, FilterParameters),
    responses(
        (
            status = 200, description = "The file", content((String = "text/csv"), (String = "application/x-ndjson")),
            headers(
                ("livetrail-total-rows" = u64, description = "How many rows the file is going to have; fewer if \
                 retention removes some meanwhile"),
                ("livetrail-answered-by", description = "What has found the first rows: `index`, or `sql`"),
            )
        ),
        (status = 422, description = "A parameter is not right; each is named"),
        (status = 503, description = "It took too long, and the detail says what to narrow; or the store is away"),
    )
)]
pub(super) async fn export_activities(
    asking: Asking,
    version: Version,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let mut reader = asking.reader();
    let options = Options::take(&mut reader);
    let sort = SortParameters::take(&mut reader).sort();
    reader.refuse_all(
        &["page", "limit", "cursor"],
        "has no meaning for an export, which has every page: leave it out",
    );
    let filter = reader.filter(&asking.app, &asking.principal)?;
    let query = ListQuery { filter, sort, limit: FIRST_ROWS, start: PageStart::Number(1) };
    let asker = asking.asker();
    let first = asker.list(query.clone()).await?;
    let total = asker.count(&query.filter, first.head).await?;
    let answered_by = HeaderValue::from_static(asker.answered_by().name());
    drop(asker);
    record(&asking, &query, &options, total);
    let file = ("activity", asking.app.environment.now());
    let until = Until::ends(&asking.app, &asking.principal);
    let format = options.format;
    let export = Export::new(asking.app, asking.principal, query, options, first);
    let mut answer = as_file(file, (format.extension(), format.content_type()), export.into_body());
    answer.headers_mut().extend([(TOTAL, total.into()), (ANSWERED_BY, answered_by)]);
    if takes_trailers(version, &headers) {
        let names = format!("{ROWS_TRAILER}, {SHA256_TRAILER}");
        answer.headers_mut().extend(HeaderValue::try_from(names).map(|names| (header::TRAILER, names)));
    }
    answer.extensions_mut().insert(HoldsBytes(HELD_BYTES));
    answer.extensions_mut().insert(until);
    Ok(answer)
}

fn record(asking: &Asking, query: &ListQuery, options: &Options, count: u64) {
    let Asking { app, principal, origin, uri } = asking;
    let mut details = json!({
        "format": options.format.extension(),
        "filters_applied": audit_details::filters_applied(uri, &query.filter),
        "results_count": count,
    });
    if let Some(columns) = &options.chosen {
        details["columns"] = columns.names().collect();
    }
    app.self_audit.viewed(principal, actions::EXPORT_GENERATED, origin, &query.filter, details);
}

/// Whether the client gets the trailers of this exchange (RFC 9110, section 6.5.1).
fn takes_trailers(version: Version, headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(header::TE).iter().filter_map(|value| value.to_str().ok());
    version == Version::HTTP_2
        || version == Version::HTTP_11 && accepted.any(|value| query::accepts(value, "trailers"))
}
