//! One sitting of a person: their actions in order, as activities.

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use livetrail_types::DelegateType;
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use serde_json::{Map, Value, json};

use super::happening::Happening;
use super::people::{Person, pick};

/// A person in a sitting. Time passes only by [`Sitting::pause`].
pub(super) struct Sitting<'a> {
    pub(super) rng: &'a mut StdRng,
    pub(super) who: &'a Person,
    /// All users with an account.
    pub(super) everybody: &'a [Person],
    /// The session in which they are signed in or chat.
    pub(super) session: String,
    user_agent: &'static str,
    /// The fields of the party that acts in their name.
    delegate: Map<String, Value>,
    now: Timestamp,
    done: Vec<Happening>,
}

impl<'a> Sitting<'a> {
    pub(super) fn new(rng: &'a mut StdRng, who: &'a Person, everybody: &'a [Person], now: Timestamp) -> Self {
        let session = id(rng, "ses");
        let user_agent = pick(rng, &who.user_agents);
        Self { rng, who, everybody, session, user_agent, delegate: Map::new(), now, done: Vec::new() }
    }

    /// Lets another party act from now on, in the name of the one who sits.
    pub(super) fn delegate_to(&mut self, id: &str, kind: DelegateType, via: &str) {
        let fields = [("delegate_id", id), ("delegate_type", kind.name()), ("via", via)];
        self.delegate = fields.into_iter().map(|(field, value)| (field.to_owned(), value.into())).collect();
    }

    /// The activities, in the order of time.
    pub(super) fn done(self) -> Vec<Happening> {
        self.done
    }

    /// Lets some seconds pass.
    pub(super) fn pause(&mut self, seconds: Range<f64>) {
        self.now += SignedDuration::from_secs_f64(self.rng.random_range(seconds));
    }

    pub(super) fn chance(&mut self, of: f64) -> bool {
        self.rng.random_bool(of)
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        pick(self.rng, from)
    }

    /// A short id with a prefix: `tx-3f9a01c2`.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        id(self.rng, prefix)
    }

    /// A user who is not an admin.
    pub(super) fn some_user(&mut self) -> &'a Person {
        let users = self.everybody.iter().filter(|person| !person.is_admin).collect::<Vec<_>>();
        self.pick(&users)
    }

    /// Writes the deed down with what all deeds of this sitting have in common.
    pub(super) fn does(&mut self, deed: Deed) {
        let mut activity = deed.fields;
        activity.extend(self.delegate.clone());
        activity.insert("duration_ms".into(), self.rng.random_range(deed.took).into());
        activity.insert("user_id".into(), self.who.user_id.as_str().into());
        activity.insert("is_admin".into(), self.who.is_admin.into());
        activity.insert("ip_address".into(), self.who.address.as_str().into());
        activity.insert("user_agent".into(), self.user_agent.into());
        activity.insert("session_id".into(), self.session.as_str().into());
        activity.insert("request_id".into(), format!("req-{:016x}", self.rng.next_u64()).into());
        self.done.push(Happening { at: self.now, activity: Value::Object(activity) });
    }
}

fn id(rng: &mut StdRng, prefix: &str) -> String {
    format!("{prefix}-{:08x}", rng.next_u32())
}

/// Something that is done by one request.
pub(super) struct Deed {
    fields: Map<String, Value>,
    took: Range<u32>,
}

impl Deed {
    /// A request that succeeds, in some tens of milliseconds.
    pub(super) fn new(action_type: &str, method: &str, endpoint: &str) -> Self {
        let fields = Map::new();
        let deed = Self { fields, took: 12..90 };
        deed.with("action_type", action_type)
            .with("http_method", method)
            .with("endpoint", endpoint)
            .status(200)
    }

    pub(super) fn status(self, status: u16) -> Self {
        self.with("status_code", status).with("success", status < 400)
    }

    /// The request fails instead.
    pub(super) fn failing(self, status: u16, error_type: &str, error_message: &str) -> Self {
        self.status(status).with("error_type", error_type).with("error_message", error_message)
    }

    /// How long it takes, in milliseconds.
    pub(super) fn took(mut self, milliseconds: Range<u32>) -> Self {
        self.took = milliseconds;
        self
    }

    /// The target of the action.
    pub(super) fn on(self, resource_type: &str, resource_id: &str) -> Self {
        self.with("resource_type", resource_type).with("target_resource_id", resource_id)
    }

    /// Whom it is done to.
    pub(super) fn to(self, person: &Person) -> Self {
        self.with("resource_type", "user").with("target_user_id", person.user_id.as_str())
    }

    pub(super) fn details(self, details: Value) -> Self {
        self.with("details", details)
    }

    /// One changed field, before and after.
    pub(super) fn changed(self, field: &str, from: impl Into<Value>, to: impl Into<Value>) -> Self {
        self.with("changes", json!({ field: { "from": from.into(), "to": to.into() } }))
    }

    pub(super) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }
}
