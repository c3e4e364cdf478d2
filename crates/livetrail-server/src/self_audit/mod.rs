//! Livetrail's own records: reads of the log, sign-ins and sign-outs, refusals, administration.
//!
//! - Reading a list, report or export is a *view*. The same credential reading with the same filter is one view, until
//!   it has not done so for a minute.
//! - Other reads ([`SelfAudit::looked_up`]) are recorded once an hour for each credential and filter.
//! - Refusals of a valid credential are recorded once a minute for each call, by the name of its owner. Refusals of
//!   clients without one are bounded in total ([`refusals`]).
//! - Changes ([`SelfAudit::did`]) are recorded each time.

mod alerts;
mod origin;
mod recent;
mod refusals;
mod retention;
mod views;
mod weakened;
mod writer;

pub(crate) use alerts::{ChannelChange, RuleChange};
pub(crate) use origin::{Actor, Origin};
pub(crate) use views::ViewChange;

use crate::{access::Principal, ingest::Ingest, log_span};
use livetrail_types::{
    Filter, LIVETRAIL, NewActivity, Role, actions,
    json::{self, Object},
    limits,
};
use recent::{Recent, Seen};
use refusals::{Refusals, Verdict};
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::time::Instant;
use uuid::Uuid;
use writer::Writer;

/// The same credential that reads with the same filter again within this time still has the same view.
const SAME_VIEW: Duration = Duration::from_mins(1);
/// Other reads are recorded again after this time.
const SAME_READ: Duration = Duration::from_hours(1);
/// Refusals of the same credential and call are recorded again after this time.
const SAME_REFUSAL: Duration = Duration::from_mins(1);
/// The user of refusals that no credential names.
const UNIDENTIFIED: &str = "anon-refused";

/// Records Livetrail's own activities. Callers do not wait for them.
pub struct SelfAudit {
    views: Recent,
    reads: Recent,
    refusals_by_name: Recent,
    recorder: Arc<Recorder>,
}

/// The task that writes the records. It ends with the server.
struct Recorder {
    refusals: Mutex<Refusals>,
    writer: Writer,
}

/// The target of an administrative action.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// A user.
    pub user_id: Option<String>,
    /// Anything else.
    pub resource_id: Option<String>,
}

impl Target {
    /// A user.
    pub fn user(id: impl Into<String>) -> Self {
        Self { user_id: Some(id.into()), resource_id: None }
    }

    /// A key or another thing that has an id.
    pub fn resource(id: Uuid) -> Self {
        Self { user_id: None, resource_id: Some(id.to_string()) }
    }
}

impl SelfAudit {
    /// Records go through `ingest`, like every other activity.
    pub fn new(ingest: Arc<Ingest>) -> Self {
        let recorder = Recorder { refusals: Mutex::default(), writer: Writer::start(ingest) };
        Self {
            views: Recent::sliding(SAME_VIEW),
            reads: Recent::fixed(SAME_READ),
            refusals_by_name: Recent::fixed(SAME_REFUSAL),
            recorder: Arc::new(recorder),
        }
    }

    /// A list, report or export was read; `details` is an object.
    pub fn viewed(&self, by: &Principal, action: &str, origin: &Origin, filter: &Filter, details: Value) {
        if self.views.is_first(seen(by, origin, filter.fingerprint()), Instant::now()) {
            self.recorder.record(with_details(by_principal(by, action, origin, 200), details));
        }
    }

    /// Anything else of the log was read: single activities, figures, or the past by a live stream. `filter` is the
    /// fingerprint of what it was about.
    pub fn looked_up(&self, by: &Principal, origin: &Origin, filter: u64, target: Target, details: Value) {
        if self.reads.is_first(seen(by, origin, filter), Instant::now()) {
            let activity = by_principal(by, actions::ADMIN_VIEW_ACTIVITY_LOGS, origin, 200);
            let mut activity = with_details(about(activity, target), details);
            // The records of all reads have the same details, used or not.
            let details = activity.details.get_or_insert_default();
            for name in ["page", "limit", "results_count"] {
                details.entry(name.to_owned()).or_insert(json::Value::Null);
            }
            self.recorder.record(activity);
        }
    }

    /// A principal signed in or out, or changed something of Livetrail's own. `details` is an object, to which the
    /// maker is added.
    pub fn did(
        &self,
        by: &Principal,
        action: &str,
        origin: &Origin,
        status: u16,
        target: Target,
        details: Value,
    ) {
        let mut activity = with_details(about(by_principal(by, action, origin, status), target), details);
        let details = activity.details.get_or_insert_default();
        details.insert("maker".into(), plain(&by.user_id).into());
        details.insert("maker_role".into(), by.role.as_str().into());
        self.recorder.record(activity);
    }

    /// A request was refused. `call` is its route; `by` is the owner of the credential if that was valid.
    pub fn refused(&self, by: Option<&Actor>, call: &str, origin: &Origin, status: u16, why: &str) {
        let now = Instant::now();
        let Some(by) = by else { return self.recorder.refused(origin, status, why, now) };
        let call = format!("{} {call}", origin.method);
        if self.refusals_by_name.is_first(Seen { credential: by.credential, call, filter: 0 }, now) {
            let details = serde_json::json!({"role": by.role, "tenant_id": by.tenant});
            self.recorder.record(NewActivity {
                error_message: Some(why.into()),
                is_admin: by.role == Some(Role::Admin),
                tenant_id: by.tenant.clone(),
                ..with_details(refusal(&by.name, origin, status), details)
            });
        }
    }

    /// Waits until all earlier events are recorded.
    pub async fn finish(&self) {
        self.recorder.record_counted();
        self.recorder.writer.finish().await;
    }
}

impl Recorder {
    fn refused(self: &Arc<Self>, origin: &Origin, status: u16, why: &str, now: Instant) {
        let verdict = self.refusals().note(origin.ip_address, why, now);
        match verdict {
            Verdict::Recorded => {
                self.record(NewActivity {
                    error_message: Some(why.into()),
                    ..refusal(UNIDENTIFIED, origin, status)
                });
            }
            Verdict::CountedFirst => drop(log_span::spawn("self-audit", end_of_minute(Arc::downgrade(self)))),
            Verdict::Counted => {}
        }
    }

    /// Records the refusals that have no row of their own.
    fn record_counted(&self) {
        let counted = self.refusals().take_counted();
        if let Some((total, details)) = counted {
            let activity = refusal(UNIDENTIFIED, &Origin::default(), 401);
            let message = Some(refusals::message(total));
            let details = Some(json::object(details));
            self.record(NewActivity { error_message: message, details, ..activity });
        }
    }

    fn refusals(&self) -> std::sync::MutexGuard<'_, Refusals> {
        self.refusals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is not held up by its own record, and does not fail with it.
    fn record(&self, activity: NewActivity) {
        self.writer.write(activity);
    }
}

/// Writes the last row of a minute. A server that stops does not wait for it: it writes the row itself.
async fn end_of_minute(recorder: Weak<Recorder>) {
    tokio::time::sleep(refusals::MINUTE).await;
    if let Some(recorder) = recorder.upgrade() {
        recorder.record_counted();
    }
}

fn seen(by: &Principal, origin: &Origin, filter: u64) -> Seen {
    Seen { credential: by.credential_id(), call: format!("{} {}", origin.method, origin.endpoint), filter }
}

fn by_principal(by: &Principal, action: &str, origin: &Origin, status: u16) -> NewActivity {
    let activity = NewActivity::new(plain(&by.user_id), action);
    let is_admin = by.role != Role::Writer;
    NewActivity { is_admin, tenant_id: by.tenant.clone(), ..of_livetrail(activity, origin, Some(status)) }
}

fn refusal(user_id: &str, origin: &Origin, status: u16) -> NewActivity {
    of_livetrail(NewActivity::new(plain(user_id), actions::ACCESS_REFUSED), origin, Some(status))
}

fn about(activity: NewActivity, Target { user_id, resource_id }: Target) -> NewActivity {
    let [user_id, resource_id] = [user_id, resource_id].map(|id| id.as_deref().map(plain));
    NewActivity { target_user_id: user_id, target_resource_id: resource_id, ..activity }
}

/// An id in the form that an activity may have. Tokens may name users in other forms.
fn plain(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(limits::USER_ID).collect()
}

fn with_details(activity: NewActivity, details: Value) -> NewActivity {
    let details = match details {
        Value::Object(details) => json::object(details),
        _ => Object::new(),
    };
    NewActivity { details: Some(details), ..activity }
}

fn of_livetrail(activity: NewActivity, origin: &Origin, status: Option<u16>) -> NewActivity {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    NewActivity {
        endpoint: given(&origin.endpoint),
        http_method: given(&origin.method),
        status_code: status,
        ip_address: origin.ip_address,
        user_agent: origin.user_agent.clone(),
        resource_type: Some(LIVETRAIL.into()),
        ..activity
    }
}
