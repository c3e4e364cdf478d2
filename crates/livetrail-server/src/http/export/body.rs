//! The body of an export: it is read, written and sent page by page, and ends with trailers.

use super::options::{Format, Options};
use crate::{
    access::Principal,
    app::App,
    export_checksum::{ExportChecksum, ExportSummary, ROWS_TRAILER, SHA256_TRAILER},
    http::csv::{BYTE_ORDER_MARK, Sheet},
    questions::{Answer, QuestionError},
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue},
};
use futures_util::stream;
use http_body::Frame;
use http_body_util::StreamBody;
use livetrail_store::StoreError;
use livetrail_types::{ActivityView, Catalogue, ListQuery, Page, PageCursor, PageStart, json};
use std::{fmt::Display, sync::Arc};
use tokio::task::spawn_blocking;
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument, Span};

/// The rows of the first page. The next ones have as many rows as have about [`BYTES_AT_ONCE`], because the database
/// may search a large part of the log for each page.
pub(super) const FIRST_ROWS: u32 = 1_000;
const BYTES_AT_ONCE: usize = 2_500_000;
/// What an export holds in memory: a page of rows with their text, and the next page.
pub(super) const HELD_BYTES: usize = 3 * BYTES_AT_ONCE;
const MIN_ROWS: usize = 50;
const MAX_ROWS: usize = 10_000;

/// An export under way. It holds two pages and no transaction, so that a slow client costs the database nothing.
pub(super) struct Export {
    app: Arc<App>,
    by: Principal,
    query: ListQuery,
    writer: Option<Writer>,
    rest: Rest,
    /// That of the request, which is answered before the body is read.
    span: Span,
}

/// What is still to be sent.
enum Rest {
    Page(Page),
    /// The page that is being read while the one before is written and sent.
    Reading(AbortOnDropHandle<Answer<Page>>),
    Trailers(ExportSummary),
    Nothing,
}

/// How many rows to read next, where so many rows had so many bytes.
fn rows_at_once(bytes: usize, rows: usize) -> u32 {
    let wanted = BYTES_AT_ONCE / (bytes / rows.max(1)).max(1);
    u32::try_from(wanted.clamp(MIN_ROWS, MAX_ROWS)).unwrap_or(FIRST_ROWS)
}

impl Export {
    /// Begins with the first page of `query`.
    pub(super) fn new(app: Arc<App>, by: Principal, query: ListQuery, options: Options, first: Page) -> Self {
        let catalogue = Arc::clone(&app.catalogue);
        let writer = Writer { options, catalogue, is_begun: false, checksum: ExportChecksum::new() };
        Self { app, by, query, writer: Some(writer), rest: Rest::Page(first), span: Span::current() }
    }

    /// Reads and writes while the client takes it. A client that hangs up ends the reading, because its connection
    /// drops the body.
    pub(super) fn into_body(self) -> Body {
        Body::new(StreamBody::new(stream::try_unfold(self, Self::next)))
    }

    async fn next(mut self) -> Answer<Option<(Frame<Bytes>, Self)>> {
        let page = match std::mem::replace(&mut self.rest, Rest::Nothing) {
            Rest::Page(page) => page,
            Rest::Reading(reading) => reading.await.map_err(broken_off)??,
            Rest::Trailers(summary) => return Ok(Some((Frame::trailers(trailers(summary)), self))),
            Rest::Nothing => return Ok(None),
        };
        let mut writer = self.writer.take().ok_or_else(|| broken_off("a page could not be written"))?;
        let (count, is_last) = (page.rows.len(), page.next.is_none());
        if let Some(cursor) = page.next.clone() {
            self.rest = Rest::Reading(AbortOnDropHandle::new(tokio::spawn(
                self.read(cursor).instrument(self.span.clone()),
            )));
        }
        // Writing a page takes some milliseconds of the processor, for which the other tasks of this thread would wait.
        let writing = spawn_blocking(move || {
            let written = writer.write(&page);
            written.map(|written| (written, writer))
        });
        let (written, writer) = writing.await.map_err(broken_off)?.map_err(broken_off)?;
        self.query.limit = rows_at_once(written.len(), count);
        if is_last {
            self.rest = Rest::Trailers(writer.checksum.summary());
        }
        self.writer = Some(writer);
        Ok(Some((Frame::data(written.into()), self)))
    }

    /// Each page has a deadline of its own, and a credential that stands.
    fn read(&self, cursor: PageCursor) -> impl Future<Output = Answer<Page>> + use<> {
        let (app, by) = (Arc::clone(&self.app), self.by.clone());
        let query = ListQuery { start: PageStart::Cursor(cursor), ..self.query.clone() };
        async move {
            if !app.access.still_valid(&by).await? {
                return Err(broken_off("its credential has ended"));
            }
            let page = app.questions.by(&by).list(query).await;
            page.inspect_err(|error| tracing::warn!(%error, "an export breaks off"))
        }
    }
}

fn broken_off(reason: impl Display) -> QuestionError {
    StoreError::Internal(format!("an export breaks off: {reason}")).into()
}

/// Writes the pages of a file, one after the other.
struct Writer {
    options: Options,
    catalogue: Arc<Catalogue>,
    is_begun: bool,
    checksum: ExportChecksum,
}

impl Writer {
    fn write(&mut self, page: &Page) -> anyhow::Result<Vec<u8>> {
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let views = page
            .rows
            .iter()
            .map(|(activity, profile)| ActivityView::new(activity, profile.as_ref(), &self.catalogue));
        let mut written = match self.options.format {
            Format::Csv => self.options.write_csv(views, is_first)?,
            Format::Ndjson => self.options.write_ndjson(views)?,
        };
        self.checksum.add(page.rows.len() as u64, &written);
        if page.next.is_none() && self.options.has_summary {
            let line = self.checksum.summary().into_last_line();
            self.checksum.add(0, &line);
            written.extend(line);
        }
        Ok(written)
    }
}

fn trailers(summary: ExportSummary) -> HeaderMap {
    let mut trailers = HeaderMap::with_capacity(2);
    trailers.insert(HeaderName::from_static(ROWS_TRAILER), summary.rows.into());
    // Hexadecimal digits are always a header value.
    let sha256 = HeaderValue::try_from(summary.sha256);
    trailers.extend(sha256.map(|value| (HeaderName::from_static(SHA256_TRAILER), value)));
    trailers
}

impl Options {
    fn write_csv<'a>(
        &self,
        views: impl Iterator<Item = ActivityView<'a>>,
        is_first: bool,
    ) -> anyhow::Result<Vec<u8>> {
        let mut sheet = Sheet::new(if is_first && self.has_mark { BYTE_ORDER_MARK } else { &[] });
        let columns = self.columns();
        if is_first {
            sheet.write_heading(columns.names())?;
        }
        for view in views {
            sheet.write(columns.cells(&view))?;
        }
        Ok(sheet.into_bytes()?)
    }

    fn write_ndjson<'a>(&self, views: impl Iterator<Item = ActivityView<'a>>) -> anyhow::Result<Vec<u8>> {
        let mut lines = Vec::with_capacity(BYTES_AT_ONCE);
        for view in views {
            match &self.chosen {
                Some(columns) => json::to_line_writer(&mut lines, &columns.object(&view))?,
                None => json::to_line_writer(&mut lines, &view)?,
            }
            lines.push(b'\n');
        }
        Ok(lines)
    }
}
