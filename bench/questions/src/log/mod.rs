//! A believable log: the activities of an application with 50,000 users during 90 days.
//!
//! An activity is a function of seed, index, and size of the log. Nothing is kept from one activity to the next, so the
//! same arguments give the same rows, whichever thread makes them in whichever order. Shares and sizes are constants of
//! the modules.

mod actions;
mod chance;
mod clock;
mod content;
mod names;
mod outcome;
mod people;
mod zipf;

pub use actions::ENDPOINTS;
pub use clock::{DAYS, END};
pub use people::{ADDRESSES, USERS};

use actions::{Action, Actions};
use chance::Chance;
use jiff::Timestamp;
use livetrail_types::{Catalogue, DelegateType, NewActivity, Stamped, UserProfile};
use outcome::Outcome;
use people::{People, Person};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Activities of visitors without an account.
const ANONYMOUS: f64 = 0.1;
const DELEGATED: f64 = 0.02;
/// Activities that are not requests over HTTP: jobs and commands.
const WITHOUT_HTTP: f64 = 0.03;
const RESOURCES: usize = 500_000;
const TRACED: f64 = 0.1;
const AGENTS: usize = 40;
/// Session ids are UUIDs, which are not hashed, so no key is used.
const SESSION_KEY: [u8; 32] = [0; 32];

/// A log that can be generated.
pub struct Log {
    seed: u64,
    rows: u64,
    people: People,
    actions: Actions,
}

impl Log {
    /// A log of so many activities in so many tenants; with 0, activities have no tenant.
    pub fn new(seed: u64, rows: u64, tenants: u32) -> Self {
        let visits = (rows as f64 * ANONYMOUS) as u64;
        Self { seed, rows, people: People::new(tenants, visits), actions: Actions::of(&Catalogue::builtin()) }
    }

    /// How many activities it has.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The users, by tenant.
    pub fn profiles(&self) -> BTreeMap<Option<String>, Vec<UserProfile>> {
        let mut profiles = BTreeMap::<_, Vec<_>>::new();
        for person in People::all() {
            profiles.entry(self.people.tenant(person)).or_default().push(person.profile());
        }
        profiles
    }

    /// The activity `index`, from 0, as the server stamps one that a client has sent at that moment.
    pub fn stamped(&self, index: u64) -> Stamped {
        let mut chance = Chance::of(self.seed, index);
        let arrived = clock::arrival(index, self.rows, &mut chance);
        let happened = clock::happened(arrived, &mut chance);
        let new = self.drawn(happened, &mut chance);
        let id = id(arrived, &mut chance);
        NewActivity { timestamp: Some(happened), ..new }.stamp(arrived, id, &SESSION_KEY)
    }

    /// An activity of the same application that happens now. `index` continues the log's.
    pub fn arriving(&self, index: u64, now: Timestamp) -> NewActivity {
        self.drawn(now, &mut Chance::of(self.seed, index))
    }

    fn drawn(&self, happened: Timestamp, chance: &mut Chance) -> NewActivity {
        let (person, action) = if chance.is(ANONYMOUS) {
            (self.people.visitor(chance), self.actions.open(chance))
        } else {
            let action = self.actions.any(chance);
            let person = if action.is_for_admins { People::admin(chance) } else { self.people.user(chance) };
            (person, action)
        };
        let outcome = Outcome::draw(action, chance);
        let is_http = !chance.is(WITHOUT_HTTP);
        let half_day = happened.as_second().unsigned_abs() / 43_200;
        let new = NewActivity {
            success: Some(outcome.error.is_none()),
            error_type: outcome.error.as_ref().map(|error| error.kind.to_owned()),
            error_message: outcome.error.as_ref().map(|error| error.message.to_owned()),
            duration_ms: chance
                .is(0.95)
                .then(|| outcome::duration_ms(action, outcome.error.is_some(), chance)),
            db_query_count: chance.is(0.7).then(|| chance.below(12) as i32),
            details: content::details(action, chance),
            changes: content::changes(action, chance),
            is_admin: action.is_for_admins,
            tenant_id: self.people.tenant(person),
            session_id: is_http.then(|| person.session(half_day).to_string()),
            request_id: is_http.then(|| format!("req-{:012x}", chance.bits() >> 16)),
            trace_id: chance.is(TRACED).then(|| format!("{:016x}{:016x}", chance.bits(), chance.bits())),
            ..NewActivity::new(person.id(), &*action.key)
        };
        let new = self.with_target(new, action, chance);
        let new = match is_http {
            true => self.with_request(new, (person, action), outcome.status, chance),
            false => NewActivity { via: Some(chance.pick(&["job", "cli"]).into()), ..new },
        };
        if chance.is(DELEGATED) { with_delegate(new, chance) } else { new }
    }

    fn with_target(&self, new: NewActivity, action: &Action, chance: &mut Chance) -> NewActivity {
        let resource_type = action.resource_type.clone();
        let number = chance.below(RESOURCES);
        NewActivity {
            target_user_id: action.has_target_user.then(|| self.people.user(chance).id()),
            target_resource_id: resource_type.as_ref().map(|kind| format!("{kind}-{}", 100_000 + number)),
            resource_type,
            ..new
        }
    }

    fn with_request(
        &self,
        new: NewActivity,
        (person, action): (Person, &Action),
        status: u16,
        chance: &mut Chance,
    ) -> NewActivity {
        NewActivity {
            endpoint: Some(action.endpoint(chance).to_owned()),
            http_method: Some(action.method.into()),
            status_code: Some(status),
            ip_address: Some(People::address(person, chance)),
            user_agent: Some(self.people.agent(person, chance).to_owned()),
            via: Some(chance.pick(&["ui", "ui", "ui", "api"]).into()),
            ..new
        }
    }
}

fn with_delegate(new: NewActivity, chance: &mut Chance) -> NewActivity {
    let (kind, name, via) = chance.pick(&[
        (DelegateType::Agent, "agent", "mcp"),
        (DelegateType::Service, "service", "api"),
        (DelegateType::User, "support", "ui"),
    ]);
    NewActivity {
        delegate_id: Some(format!("{name}-{}", 1 + chance.below(AGENTS))),
        delegate_type: Some(kind),
        via: Some(via.into()),
        ..new
    }
}

/// A UUID of version 7, as the server gives them.
fn id(arrived: Timestamp, chance: &mut Chance) -> Uuid {
    let bits = (u128::from(chance.bits()) << 64 | u128::from(chance.bits())).to_be_bytes();
    let mut random = [0; 10];
    random.copy_from_slice(&bits[..10]);
    let milliseconds = u64::try_from(arrived.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

#[cfg(test)]
mod tests;
