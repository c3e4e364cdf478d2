//! The events of the demo, and their times.
//!
//! From time to time a person begins a sitting. All actions of a sitting are planned at its start; many sittings
//! interleave. How often a sitting begins depends a little on the hour of the day, and on chance. Moods of a minute or
//! two make bursts and quiet times. The same seed and start give the same world.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::Value;

use super::happening::Happening;
use super::people::{self, Person, pick};
use super::sitting::Sitting;
use super::{back_office, scenes};

/// A made-up platform; an endless source of happenings.
#[derive(Debug)]
pub struct World {
    rng: StdRng,
    people: Vec<Person>,
    /// Planned events, by time; the number keeps events of the same moment in the order of their planning.
    planned: BTreeMap<(Timestamp, u64), Value>,
    plans: u64,
    next_sitting: Timestamp,
    next_attack: Timestamp,
    mood: Mood,
}

/// How busy a stretch of time is.
#[derive(Debug)]
struct Mood {
    pace: f64,
    until: Timestamp,
}

type Scene = fn(&mut Sitting<'_>);

/// The scenes of sittings, and their share in per cent; the rest are visitors without an account.
const USER_SCENES: [(Scene, u32); 5] = [
    (scenes::chat, 48),
    (scenes::documents, 15),
    (scenes::spree, 2),
    (scenes::agent, 4),
    (scenes::support, 1),
];
const ADMIN_SCENES: [(Scene, u32); 4] = [
    (back_office::moderate, 7),
    (back_office::bill, 6),
    (back_office::publish, 3),
    (back_office::operate, 3),
];

/// Seconds between two sittings at an even pace.
const BETWEEN_SITTINGS: f64 = 17.0;

/// Seconds between two attacks, at least and at most.
const BETWEEN_ATTACKS: std::ops::Range<f64> = 400.0..900.0;

impl World {
    /// A world whose time begins at `start`.
    #[must_use]
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let people = people::residents(&mut rng);
        let next_attack = start + seconds(rng.random_range(40.0..120.0));
        let mood = Mood { pace: 1.0, until: start };
        Self { rng, people, planned: BTreeMap::new(), plans: 0, next_sitting: start, next_attack, mood }
    }

    /// All users with an account, for the user directory.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The next event; never earlier than the one before.
    pub fn next_happening(&mut self) -> Happening {
        loop {
            // Later sittings have no earlier events, so the plan up to then is final.
            if let Some(first) = self.planned.first_entry().filter(|first| first.key().0 <= self.next_sitting)
            {
                let ((at, _), activity) = first.remove_entry();
                return Happening { at, activity };
            }
            self.sit_down();
        }
    }

    /// Plans the next sitting, and when the one after it begins.
    fn sit_down(&mut self) {
        let now = self.next_sitting;
        let done = if now >= self.next_attack {
            self.next_attack = now + seconds(self.rng.random_range(BETWEEN_ATTACKS));
            self.attack(now)
        } else {
            self.ordinary(now)
        };
        for happening in done {
            self.plans += 1;
            self.planned.insert((happening.at, self.plans), happening.activity);
        }
        self.next_sitting = now + seconds(self.gap(now));
    }

    fn ordinary(&mut self, now: Timestamp) -> Vec<Happening> {
        let (admins, users): (Vec<&Person>, _) = self.people.iter().partition(|person| person.is_admin);
        let draw = self.rng.random_range(0..100);
        let (scene, who) = if let Some(scene) = drawn(&USER_SCENES, draw) {
            (scene, pick::<&Person>(&mut self.rng, &users))
        } else if let Some(scene) = drawn(&ADMIN_SCENES, draw.saturating_sub(share(&USER_SCENES))) {
            (scene, pick(&mut self.rng, &admins))
        } else {
            (scenes::visit as Scene, &people::visitor(&mut self.rng))
        };
        let mut sitting = Sitting::new(&mut self.rng, who, &self.people, now);
        scene(&mut sitting);
        sitting.done()
    }

    fn attack(&mut self, now: Timestamp) -> Vec<Happening> {
        let victim = &self.people[self.rng.random_range(0..self.people.len())];
        let intruder = people::intruder(&mut self.rng, victim);
        let mut sitting = Sitting::new(&mut self.rng, &intruder, &self.people, now);
        scenes::attack(&mut sitting);
        sitting.done()
    }

    /// Seconds until the next sitting.
    fn gap(&mut self, now: Timestamp) -> f64 {
        if now >= self.mood.until {
            self.mood = self.new_mood(now);
        }
        let exponential = -self.rng.random_range(0.001_f64..1.0).ln();
        exponential * BETWEEN_SITTINGS / (self.mood.pace * daytime(now))
    }

    fn new_mood(&mut self, now: Timestamp) -> Mood {
        let pace = pick(&mut self.rng, &[0.6, 0.9, 1.0, 1.0, 1.2, 2.2]);
        Mood { pace, until: now + seconds(self.rng.random_range(45.0..150.0)) }
    }
}

fn seconds(seconds: f64) -> SignedDuration {
    SignedDuration::from_secs_f64(seconds)
}

fn drawn(scenes: &[(Scene, u32)], mut draw: u32) -> Option<Scene> {
    for &(scene, weight) in scenes {
        if draw < weight {
            return Some(scene);
        }
        draw -= weight;
    }
    None
}

fn share(scenes: &[(Scene, u32)]) -> u32 {
    scenes.iter().map(|(_, weight)| weight).sum()
}

/// The rhythm of the day: busiest at two in the afternoon (UTC), and never less than seven tenths of the usual.
fn daytime(at: Timestamp) -> f64 {
    let hour = at.as_second().rem_euclid(86_400) as f64 / 3_600.0;
    1.0 + 0.3 * ((hour - 14.0) / 24.0 * std::f64::consts::TAU).cos()
}
