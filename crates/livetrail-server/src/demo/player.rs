//! Plays the demo: its people into the user directory, a past in batches, and then live activities.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::courier::{self, Destination, Parcel, PlayError};
use super::people::Person;
use super::{happening::Happening, world::World};
use crate::environment::Environment;

/// The traffic to play.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// The same seed gives the same people and doings.
    pub seed: u64,
    /// How many activities to send at once as the past that ends now.
    pub past: usize,
    /// How many times faster than real time the demo runs then; 1 gives an activity every second or two.
    pub speed: f64,
}

/// Activities in one request of the past.
const BATCH: usize = 1_000;

/// How far the world's time gets with an activity, about; where its clock starts need not be exact.
const MEAN_GAP: SignedDuration = SignedDuration::from_millis(1_400);

/// Plays until `shutdown`.
///
/// # Errors
/// The server's refusal, such as a key that may not write. While a server is away or full, the demo waits.
pub async fn play(
    destination: &Destination,
    plan: Plan,
    environment: &dyn Environment,
    shutdown: impl Future,
) -> Result<(), PlayError> {
    let shutdown = pin!(shutdown);
    tokio::select! {
        played = perform(destination, plan, environment) => played,
        _ = shutdown => Ok(()),
    }
}

async fn perform(
    destination: &Destination,
    plan: Plan,
    environment: &dyn Environment,
) -> Result<(), PlayError> {
    let length = MEAN_GAP * i32::try_from(plan.past).unwrap_or(i32::MAX);
    let now = environment.now();
    let start = now.checked_sub(length).unwrap_or(now);
    let mut world = World::new(plan.seed, start);
    introduce(destination, world.people()).await?;
    let past = Past { start, end: end_of_past(plan, start), now: environment.now() };
    let mut last = start;
    for size in batch_sizes(plan.past) {
        let batch = (0..size).map(|_| world.next_happening()).collect::<Vec<_>>();
        last = batch.last().map_or(last, |happening| happening.at);
        tell(destination, environment, batch, &past).await?;
    }
    tracing::info!(past = plan.past, "the demo is live");
    live(destination, plan.speed, environment, world, last).await
}

async fn introduce(destination: &Destination, people: &[Person]) -> Result<(), PlayError> {
    let entry = |Person { user_id, email, display_name, .. }: &Person| {
        json!({
            "id": user_id, "email": email, "display_name": display_name
        })
    };
    let directory = Value::Array(people.iter().map(entry).collect());
    courier::deliver(destination, &parcel("/api/users", "application/json", directory.to_string())).await
}

/// A period of the demo's time, spread over the last week: dense in its last hours, and sparser before. So a few
/// thousand activities fill every time range that a dashboard offers.
struct Past {
    start: Timestamp,
    end: Timestamp,
    now: Timestamp,
}

const WEEK_SECONDS: f64 = 7.0 * 24.0 * 3600.0;

impl Past {
    fn moment_of(&self, at: Timestamp) -> Timestamp {
        let ago = self.end.duration_since(at).as_secs_f64();
        let whole = self.end.duration_since(self.start).as_secs_f64().max(1.0);
        let aged = SignedDuration::from_secs_f64(ago + WEEK_SECONDS * (ago / whole).powi(4));
        self.now.checked_sub(aged).unwrap_or(self.now)
    }
}

/// The time of the past's last activity, in the demo's time. The same demo is run in advance, so that the past can end
/// now.
fn end_of_past(plan: Plan, start: Timestamp) -> Timestamp {
    let mut world = World::new(plan.seed, start);
    (0..plan.past).fold(start, |_, _| world.next_happening().at)
}

fn batch_sizes(past: usize) -> impl Iterator<Item = usize> {
    (0..past).step_by(BATCH).map(move |sent| BATCH.min(past - sent))
}

async fn tell(
    destination: &Destination,
    environment: &dyn Environment,
    batch: Vec<Happening>,
    past: &Past,
) -> Result<(), PlayError> {
    let mut lines = String::new();
    for happening in batch {
        let activity = stamped(happening.activity, past.moment_of(happening.at), environment);
        lines.push_str(&activity.to_string());
        lines.push('\n');
    }
    courier::deliver(destination, &parcel("/api/activity", "application/x-ndjson", lines)).await
}

async fn live(
    destination: &Destination,
    speed: f64,
    environment: &dyn Environment,
    mut world: World,
    mut last: Timestamp,
) -> Result<(), PlayError> {
    loop {
        let happening = world.next_happening();
        tokio::time::sleep(scaled(happening.at.duration_since(last), speed)).await;
        last = happening.at;
        let activity = stamped(happening.activity, environment.now(), environment);
        courier::deliver(destination, &parcel("/api/activity", "application/json", activity.to_string()))
            .await?;
    }
}

/// The world's time in ours. A speed of zero, less or NaN would never send; it means the default.
fn scaled(gap: SignedDuration, speed: f64) -> Duration {
    let speed = if speed > 0.0 { speed } else { 1.0 };
    Duration::try_from_secs_f64(gap.as_secs_f64() / speed).unwrap_or_default()
}

fn stamped(mut activity: Value, at: Timestamp, environment: &dyn Environment) -> Value {
    activity["id"] = environment.fresh_id().to_string().into();
    activity["timestamp"] = at.to_string().into();
    activity
}

fn parcel(path: &'static str, content_type: &'static str, body: String) -> Parcel {
    Parcel { path, content_type, body: Bytes::from(body) }
}
