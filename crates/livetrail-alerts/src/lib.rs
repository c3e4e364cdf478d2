//! Alert rules and their evaluation.
//!
//! A [`Rule`] says which activities it matches, how they are grouped, and what raises an alert: ten failed
//! sign-ins of one user in ten minutes. An [`Evaluator`] gives each activity to the rules, in the order of
//! positions, and returns
//! [`Event`]s. This crate does no I/O and reads no clock.
//!
//! # Why alerts are exact
//!
//! Alerting tools lose events at the edges of their windows, drop late ones, and repeat themselves after a
//! restart. The log is gapless and ordered, so all of that can be avoided by one definition: **an alert is a
//! function of the log**. The events of position *p* depend on the rules and on the activities up to *p*, and
//! on nothing else.
//!
//! 1. **Windows are intervals of the time at which things happened** (`timestamp`). They are not aligned to
//!    the clock: any interval of the timespan's length counts, so no edge can cut a series in two.
//! 2. **Triggers are arrivals.** Each activity is judged once, at its position, among the activities before it
//!    in the log. One that arrives late takes its place among those of its time. If it completes a window, its
//!    alert is `late`.
//! 3. **An alert lasts** while further matched activities of its group happen at most a timespan after its
//!    last one. They continue it and raise nothing. So two alerts of a group never share a window.
//! 4. **An alert's id is a hash** of rule, version, group and the position that raised it. An evaluation that
//!    is repeated after a crash gives the same ids, so the store can refuse the second one.
//!
//! # Memory is a cache
//!
//! The definition looks at the whole log; the evaluator does not. Each rule has a floor: its memory has every
//! matched activity that happened from there on, as far as the condition needs it. An activity whose window
//! lies above the floor is judged from memory. For an older one, the log is asked ([`Past`]). So
//! [`Evaluator::settle`] may raise the floor at any moment, and a rebuilt evaluator may have another floor
//! than one that never stopped: what they say is the same.
//!
//! Memory is smaller than the log, for three reasons:
//! - Activities within an alert are forgotten, because every activity that could share a window with them
//!   belongs to the alert. So an `event_count` of *n* keeps fewer than *n* activities of a group in a timespan.
//! - An activity between two others of the same value adds nothing to "is the value there?". Only the outer
//!   ones are kept.
//! - Where a step of a `temporal` condition repeats while another is missing, the oldest are dropped. The
//!   memory notes where, and the log is asked if that could matter.
//!
//! The number of groups is bounded. Beyond it, activities of further groups are not judged.
//! [`Event::Saturated`] says so once, and [`Evaluator::missed`] counts them. This is the only way in which an
//! alert can be missed.
//!
//! # Where to read
//! `rule/` has the form of rules, `document/` the reader of TOML and YAML, [`sigma`] the import. In
//! `evaluate/`, `judge.rs` defines the conditions, `watch.rs` has the life of an alert, and `memory/` decides
//! without the log where it can. The tests compare all of it with a plain evaluation without memory.

mod defaults;
mod document;
mod evaluate;
mod rule;
pub mod sigma;

pub use defaults::{DEFAULTS, DefaultRule};
pub use document::{Place, RuleError};
pub use evaluate::{
    Alert, Coordinates, Evaluator, Event, Group, Horizon, Locate, MAX_GROUPS, MAX_POSITIONS, NoPlaces, Past,
    PastError, Question,
};
pub use rule::{Condition, Field, Hours, Rule, Span, Step, Version, limits};
