//! A request that asks about the activities of a filter: who asks, what for, and what is recorded and said of the
//! answer.

use super::{
    audit_details,
    error::{ApiError, ApiResult},
    extract::{Caller, Reader},
    json::as_json,
    query::PairReader,
};
use crate::{access::Principal, app::App, questions::Asker, self_audit::Origin};
use axum::{
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, Uri, request::Parts},
    response::Response,
};
use livetrail_types::{Cursor, Filter};
use serde::Serialize;
use std::sync::Arc;

/// Says what has answered: `index`, or `sql` where the database had to answer at least in part.
pub(super) const ANSWERED_BY: HeaderName = HeaderName::from_static("livetrail-answered-by");

/// A request of a client that may read.
pub(super) struct Asking {
    pub(super) app: Arc<App>,
    pub(super) principal: Principal,
    pub(super) origin: Origin,
    pub(super) uri: Uri,
}

impl FromRequestParts<Arc<App>> for Asking {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> ApiResult<Self> {
        let Reader(principal) = Reader::from_request_parts(parts, app).await?;
        let Caller(origin) = Caller::from_request_parts(parts, app).await?;
        Ok(Self { app: Arc::clone(app), principal, origin, uri: parts.uri.clone() })
    }
}

impl Asking {
    /// The parameters of the request.
    pub(super) fn reader(&self) -> PairReader {
        PairReader::of(&self.uri)
    }

    /// The way to ask the log.
    pub(super) fn asker(&self) -> Asker<'_> {
        self.app.questions.by(&self.principal)
    }

    /// The rest of the parameters is the filter of `what`, which counts activities and has no pages.
    pub(super) async fn count(&self, mut reader: PairReader, what: &str) -> ApiResult<Counting<'_>> {
        reader.refuse_about_lists(what);
        let filter = reader.filter(&self.app, &self.principal)?;
        let asker = self.asker();
        let head = self.app.hub.cursor_at(asker.head().await?.position).await;
        Ok(Counting { asking: self, asker, filter, head })
    }
}

/// A request for counts of the activities of a filter, up to where the log ended when it began.
pub(super) struct Counting<'a> {
    asking: &'a Asking,
    pub(super) asker: Asker<'a>,
    pub(super) filter: Filter,
    pub(super) head: Cursor,
}

impl Counting<'_> {
    /// Answers, and records that counts were read of which the total is `total`.
    pub(super) fn answer(&self, total: u64, body: &impl Serialize) -> Response {
        let Asking { app, principal, origin, uri } = self.asking;
        audit_details::record_counts(app, principal, origin, (uri, &self.filter), total);
        answered(&self.asker, body)
    }
}

/// An answer in JSON that says what has answered.
pub(super) fn answered(asker: &Asker<'_>, body: &impl Serialize) -> Response {
    let mut response = as_json(body);
    let by = HeaderValue::from_static(asker.answered_by().name());
    response.headers_mut().insert(ANSWERED_BY, by);
    response
}
