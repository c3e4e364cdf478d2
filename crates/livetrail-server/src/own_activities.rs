//! What Livetrail itself puts into the log: that somebody read it, signed in, was refused, made or revoked a key.

use crate::{access::Principal, ingest::Ingest};
use livetrail_types::{Filter, NewActivity, json};
use moka::sync::Cache;
use serde_json::{Map, Value};
use std::{net::IpAddr, sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;

/// The same principal who reads with the same filter again within this time is still looking at the same thing.
const SAME_VIEW: Duration = Duration::from_mins(1);
/// Views and refusals that are remembered; a scan of many addresses must not grow without bound.
const MOST_REMEMBERED: u64 = 10_000;

/// The kind of thing that these activities are about.
const RESOURCE_TYPE: &str = "livetrail";

/// Where a request came from, as far as an activity tells.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The path that was called.
    pub endpoint: String,
    /// The method.
    pub method: String,
    /// Whose address it was.
    pub ip_address: Option<IpAddr>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

/// Records Livetrail's own activities. Callers do not wait for them.
pub struct OwnActivities {
    ingest: Arc<Ingest>,
    recent: Cache<(String, String), ()>,
    /// Records that are on their way.
    under_way: TaskTracker,
}

impl OwnActivities {
    /// Records by way of `ingest`, as everybody else.
    pub fn new(ingest: Arc<Ingest>) -> Self {
        let recent = Cache::builder().max_capacity(MOST_REMEMBERED).time_to_live(SAME_VIEW).build();
        Self { ingest, recent, under_way: TaskTracker::new() }
    }

    /// Somebody read the log; `details` is an object.
    pub fn viewed(&self, by: &Principal, action: &str, origin: &Origin, filter: &Filter, details: Value) {
        let view = (by.user_id.clone(), format!("{}:{:x}", origin.endpoint, filter.fingerprint()));
        if let (true, Value::Object(details)) = (self.is_first(view), details) {
            let details = Some(json::object(details));
            self.record(NewActivity { details, ..by_admin(by, action, origin, 200) });
        }
    }

    /// Somebody was let in, or made or revoked something.
    pub fn did(
        &self,
        by: &Principal,
        action: &str,
        origin: &Origin,
        status: u16,
        details: Map<String, Value>,
    ) {
        let details = Some(json::object(details));
        self.record(NewActivity { details, ..by_admin(by, action, origin, status) });
    }

    /// Somebody was not let in. One is recorded for each address and reason in a while: whoever knocks at a thousand
    /// doors must not fill the log.
    pub fn refused(&self, origin: &Origin, status: u16, why: &str) {
        let whom = origin.ip_address.map(|address| address.to_string()).unwrap_or_default();
        if self.is_first((whom, why.into())) {
            let action = livetrail_types::actions::ACCESS_REFUSED;
            let refused = of_livetrail(NewActivity::new("anon-refused", action), origin, status);
            self.record(NewActivity { error_message: Some(why.into()), ..refused });
        }
    }

    /// Waits until what happened so far is recorded.
    pub async fn finish(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }

    fn is_first(&self, what: (String, String)) -> bool {
        self.recent.entry(what).or_insert(()).is_fresh()
    }

    /// An admin's request is not held up by its own record, and does not fail with it.
    fn record(&self, activity: NewActivity) {
        let ingest = Arc::clone(&self.ingest);
        self.under_way.spawn(async move {
            if let Err(error) = ingest.append(vec![ingest.stamp(activity)], 1024).await {
                tracing::warn!(%error, "an activity of livetrail's own was not recorded");
            }
        });
    }
}

fn by_admin(by: &Principal, action: &str, origin: &Origin, status: u16) -> NewActivity {
    let activity = NewActivity::new(by.user_id.clone(), action);
    NewActivity { is_admin: true, tenant_id: by.tenant.clone(), ..of_livetrail(activity, origin, status) }
}

fn of_livetrail(activity: NewActivity, origin: &Origin, status: u16) -> NewActivity {
    NewActivity {
        endpoint: Some(origin.endpoint.clone()),
        http_method: Some(origin.method.clone()),
        status_code: Some(status),
        ip_address: origin.ip_address,
        user_agent: origin.user_agent.clone(),
        resource_type: Some(RESOURCE_TYPE.into()),
        ..activity
    }
}
