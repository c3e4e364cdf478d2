//! Questions that are asked again and again, ready to be asked: each over the activities of a filter, within a window
//! of time.

mod admin_audit;
mod endpoint_performance;
mod failed_logins;
mod failed_sign_ins;
mod recent_activity;

pub(super) use admin_audit::{__path_admin_audit, admin_audit};
pub(super) use endpoint_performance::{__path_endpoint_performance, endpoint_performance};
pub(super) use failed_logins::{__path_failed_logins, failed_logins};
pub(super) use failed_sign_ins::{__path_failed_sign_ins, failed_sign_ins};
pub(super) use recent_activity::{__path_recent_activity, recent_activity};

use super::{
    asking::{ANSWERED_BY, Asking, answered},
    audit_details,
    csv::{self, Cell, Sheet, SheetRow},
    error::{ApiError, ApiResult},
    extract::Reader,
    file::as_file,
    json::as_json,
    query::PairReader,
};
use crate::{app::App, questions::Asker};
use axum::{
    http::{HeaderName, HeaderValue},
    response::Response,
};
use jiff::{SignedDuration, Timestamp};
use livetrail_store::{Row, StoreError};
use livetrail_types::{
    ActivityView, Condition, Filter, Group, GroupBy, Grouping, Json, ListQuery, PageStart, Sort, actions,
    limits,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

/// Rows of a report, if it is not said how many.
const ROWS: u32 = 100;
const MAX_ROWS: u32 = 1_000;
/// What the activities of a report may have in all, so that the answer stays below what one client may leave untaken.
const ANSWER_BYTES: usize = 24_000_000;
/// The texts of the largest activity.
const MAX_ROW_BYTES: usize = 2 * limits::JSON_BYTES + 4 * limits::ERROR_MESSAGE;
/// Units of a window, and the seconds of each.
const UNITS: [(char, i64); 5] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];
const MAX_WINDOW: SignedDuration = SignedDuration::from_hours(24 * 3_660);

/// `is_complete` of a report in CSV, which has rows only.
pub(super) const IS_COMPLETE: HeaderName = HeaderName::from_static("livetrail-is-complete");

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum ReportFormat {
    /// An object with the rows and what they are of.
    #[default]
    Json,
    /// The rows as comma-separated values; the first line names the fields.
    Csv,
}

/// What every report takes beside the filter.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct ReportParameters {
    /// How far back it looks, from `date_to` or from now: a number and `s`, `m`, `h`, `d` or `w`. `date_from` can stand
    /// in its place
    #[param(example = "24h")]
    window: Option<String>,
    /// Rows at most
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// In CSV, text that a spreadsheet would take for a formula begins with an apostrophe
    #[param(inline, default = "json")]
    format: Option<ReportFormat>,
}

impl ReportParameters {
    fn take(reader: &mut PairReader) -> Self {
        Self {
            window: reader.take("window"),
            limit: reader.number("limit", 1, MAX_ROWS),
            format: reader.one_of("format"),
        }
    }
}

/// A report that can be asked for.
#[derive(Serialize, ToSchema)]
struct ReportEntry {
    #[schema(example = "failed_logins")]
    name: &'static str,
    title: &'static str,
    /// What it takes beside the filters of the list.
    parameters: &'static [&'static str],
}

/// The reports that can be asked for.
#[derive(Serialize, ToSchema)]
pub(super) struct ReportIndex {
    success: bool,
    reports: [ReportEntry; 5],
}

/// List the reports
#[utoipa::path(
    get, path = "/api/admin/reports", tag = "Reports",
    responses((status = 200, description = "The reports", body = ReportIndex))
)]
pub(super) async fn list_reports(_: Reader) -> Response {
    let entry = |name, title, parameters| ReportEntry { name, title, parameters };
    let reports = [
        entry("recent_activity", "What one user did last", &["user_id", "window", "limit", "format"]),
        entry(
            "failed_logins",
            "Who failed to sign in, and how often",
            &["window", "limit", "at_least", "format"],
        ),
        entry(
            "failed_sign_ins",
            "Failed sign-ins by user, network or both",
            &["window", "limit", "by", "format"],
        ),
        entry("admin_audit", "What admins did", &["window", "limit", "format"]),
        entry("endpoint_performance", "How quickly endpoints answer", &["window", "limit", "format"]),
    ];
    as_json(&ReportIndex { success: true, reports })
}

/// A report that a client asked for.
struct Asked<'a> {
    asking: &'a Asking,
    asker: Asker<'a>,
    filter: Filter,
    /// When the window begins; a report without one looks back to the beginning.
    since: Option<Timestamp>,
    /// The second in which it ends, if that is said.
    until: Option<Timestamp>,
    limit: u32,
    format: ReportFormat,
    head: u64,
}

/// What a report answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Report<T> {
    /// Always true; errors are problems.
    success: bool,
    #[schema(example = "failed_logins")]
    report: &'static str,
    /// When the window begins; null without one.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
    /// When it ends: `date_to`, if that is given.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// False if large activities end `data` before `limit`, at about 24 MB: narrow the filter, or read the list. Of
    /// failed sign-ins: false if there are more rows.
    is_complete: bool,
    data: Vec<T>,
}

/// What [`Asked::newest`] has read.
struct Newest {
    rows: Vec<Row>,
    /// Whether these are all that there are, up to the limit.
    is_complete: bool,
}

impl Newest {
    fn views<'a>(&'a self, app: &'a App) -> (Vec<ActivityView<'a>>, bool) {
        let view =
            |(activity, profile): &'a Row| ActivityView::new(activity, profile.as_ref(), &app.catalogue);
        (self.rows.iter().map(view).collect(), self.is_complete)
    }
}

/// The texts of a row that may be large.
fn size((activity, _): &Row) -> usize {
    let texts = [
        activity.details.as_ref().map(Json::as_str),
        activity.changes.as_ref().map(Json::as_str),
        activity.error_message.as_deref(),
    ];
    texts.into_iter().flatten().map(str::len).sum()
}

impl<'a> Asked<'a> {
    /// Reads what every report takes. `window` is the report's own, if it has one.
    async fn read(
        asking: &'a Asking,
        mut reader: PairReader,
        window: Option<SignedDuration>,
    ) -> ApiResult<Self> {
        let ReportParameters { window: asked, limit, format } = ReportParameters::take(&mut reader);
        if asked.is_some() {
            reader.refuse_all(
                &["date_from"],
                "says when the report begins, as window does: leave out one of them",
            );
        }
        let window = match asked.map(|text| read_window(&text)) {
            Some(Err(why)) => {
                reader.refuse("window", &why);
                window
            }
            Some(Ok(asked)) => Some(asked),
            None => window,
        };
        let others = ["page", "sort_by", "sort_order", "cursor"];
        reader
            .refuse_all(&others, "has no meaning for a report, which has an order of its own: leave it out");
        let filter = reader.filter(&asking.app, &asking.principal)?;
        let (from, until) = dates(&filter);
        let begin = |window| until.unwrap_or_else(|| asking.app.environment.now()) - window;
        let since = from.or_else(|| window.map(begin));
        let filter = match since {
            Some(since) if from.is_none() => filter.and(Condition::From(since)),
            _ => filter,
        };
        let asker = asking.asker();
        let head = asker.head().await?.position;
        let (limit, format) = (limit.unwrap_or(ROWS), format.unwrap_or_default());
        Ok(Self { asking, asker, filter, since, until, limit, format, head })
    }

    /// Groups of the activities, each of at least `min_count`.
    async fn groups(&self, filter: Filter, by: Vec<GroupBy>, min_count: u64) -> ApiResult<Vec<Group>> {
        self.groups_up_to(self.limit, filter, by, min_count).await
    }

    /// The same for a report that makes its rows of several groups.
    async fn groups_up_to(
        &self,
        limit: u32,
        filter: Filter,
        by: Vec<GroupBy>,
        min_count: u64,
    ) -> ApiResult<Vec<Group>> {
        let grouping = Grouping { filter, head: self.head, by, min_count, limit };
        Ok(self.asker.groups(grouping).await?)
    }

    /// The newest activities. A page of large ones ends early, so several are read, up to what an answer may hold.
    async fn newest(&self) -> ApiResult<Newest> {
        let (mut rows, mut bytes) = (Vec::new(), 0);
        let (mut limit, mut start) = (self.limit, PageStart::Number(1));
        loop {
            let (filter, sort) = (self.filter.clone(), Sort::default());
            let page = self.asker.list(ListQuery { filter, sort, limit, start }).await?;
            bytes += page.rows.iter().map(size).sum::<usize>();
            rows.extend(page.rows);
            let missing = (self.limit as usize).saturating_sub(rows.len());
            let room = ANSWER_BYTES.saturating_sub(bytes) / MAX_ROW_BYTES;
            limit = u32::try_from(missing.min(room)).unwrap_or(self.limit);
            match page.next {
                Some(next) if limit > 0 => start = PageStart::Cursor(next),
                next => return Ok(Newest { is_complete: missing == 0 || next.is_none(), rows }),
            }
        }
    }

    /// Answers, and records that it was read.
    fn answer<T: Serialize + SheetRow>(
        &self,
        name: &'static str,
        (data, is_complete): (Vec<T>, bool),
    ) -> ApiResult<Response> {
        self.record(name, data.len());
        match self.format {
            ReportFormat::Json => {
                let (since, until) = (self.since, self.until);
                let report = Report { success: true, report: name, since, until, is_complete, data };
                Ok(answered(&self.asker, &report))
            }
            ReportFormat::Csv => self.answer_in_csv(name, (&data, is_complete)),
        }
    }

    fn record(&self, name: &str, rows: usize) {
        let Asking { app, principal, origin, uri } = self.asking;
        let details = json!({
            "report": name,
            "limit": self.limit,
            "filters_applied": audit_details::filters_applied(uri, &self.filter),
            "results_count": rows,
        });
        // A window moves with the clock, so the dates are left out: a repeated report is the same question.
        let filter = self.filter.without_dates();
        app.self_audit.viewed(principal, actions::ADMIN_VIEW_ACTIVITY_LOGS, origin, &filter, details);
    }

    fn answer_in_csv<T: SheetRow>(
        &self,
        name: &str,
        (data, is_complete): (&[T], bool),
    ) -> ApiResult<Response> {
        let sheet = Sheet::of(data).map_err(|error| StoreError::Internal(error.to_string()))?;
        let file = (name, self.asking.app.environment.now());
        let mut response = as_file(file, ("csv", csv::CONTENT_TYPE), sheet);
        let by = HeaderValue::from_static(self.asker.answered_by().name());
        let is_complete = HeaderValue::from_static(if is_complete { "true" } else { "false" });
        response.headers_mut().extend([(ANSWERED_BY, by), (IS_COMPLETE, is_complete)]);
        Ok(response)
    }
}

/// When a filter begins and ends, to the second in which it ends.
fn dates(filter: &Filter) -> (Option<Timestamp>, Option<Timestamp>) {
    let (mut from, mut until) = (None, None);
    for condition in filter.conditions() {
        match condition {
            Condition::From(moment) => from = Some(*moment),
            Condition::Until(moment) => until = Timestamp::from_second(moment.as_second()).ok(),
            _ => {}
        }
    }
    (from, until)
}

fn read_window(text: &str) -> Result<SignedDuration, String> {
    let read = || {
        let unit = text.chars().last()?;
        let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let number: u32 = text.strip_suffix(unit)?.parse().ok().filter(|number| *number > 0)?;
        let window = SignedDuration::from_secs(i64::from(number) * seconds);
        (window <= MAX_WINDOW).then_some(window)
    };
    read().ok_or_else(|| {
        format!(
            "must be a number and s, m, h, d or w, such as 24h or 7d, of ten years at most, not {}",
            livetrail_types::quoted(text)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_number_and_a_unit() {
        assert_eq!(read_window("90s"), Ok(SignedDuration::from_secs(90)));
        assert_eq!(read_window("24h"), Ok(SignedDuration::from_hours(24)));
        assert_eq!(read_window("2w"), Ok(SignedDuration::from_hours(14 * 24)));
        for bad in ["", "h", "0h", "-1h", "1.5h", "1y", "24", "4294967295w", "1é"] {
            assert!(read_window(bad).is_err(), "{bad}");
        }
    }
}
