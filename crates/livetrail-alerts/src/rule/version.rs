//! The version of a rule: a hash of all that decides which alerts it raises.

use super::{Condition, Rule};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of a rule. Another title, description or severity does not change it, so that alerts go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version(pub [u8; 16]);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Rule {
    /// The hash of the canonical text.
    pub fn version(&self) -> Version {
        let hash = blake3::hash(self.canonical().as_bytes());
        let mut version = [0; 16];
        version.copy_from_slice(&hash.as_bytes()[..16]);
        Version(version)
    }

    /// A text that is the same for rules that raise the same alerts. A golden test fixes its form: with
    /// another form, every rule would have a new version, and raise what goes on again.
    pub fn canonical(&self) -> String {
        let group_by: Vec<&str> = self.group_by.iter().map(|field| field.name()).collect();
        format!(
            "tenant {:?}\nanother_user {}\n{}group_by {}\ntimespan {}\n{}\nfilter\n{}\n",
            self.tenant,
            self.another_user,
            details_at_least(&self.details_at_least),
            group_by.join(","),
            self.timespan,
            condition(&self.condition),
            self.filter.canonical(),
        )
    }
}

/// A line if there are any, so that rules without them keep their versions.
fn details_at_least(wanted: &[(String, u64)]) -> String {
    let each: Vec<String> = wanted.iter().map(|(name, least)| format!("{name:?} {least}")).collect();
    if each.is_empty() { String::new() } else { format!("details_at_least {}\n", each.join(",")) }
}

fn condition(condition: &Condition) -> String {
    let name = condition.name();
    match condition {
        Condition::EventCount { at_least } => format!("{name} {at_least}"),
        Condition::ValueCount { field, at_least } => format!("{name} {field} {at_least}"),
        Condition::Temporal { steps, .. } => {
            let step = |step: &super::Step| format!("\nstep {}\n{}", step.at_least, step.filter.canonical());
            format!("{name}{}", steps.iter().map(step).collect::<String>())
        }
        Condition::Ratio { part, share, min_count } => {
            format!("{name} {share} {min_count}\n{}", part.canonical())
        }
        Condition::FirstSeen { field, learning } => format!("{name} {field} {learning}"),
        Condition::OutsideHours { hours, at_least } => {
            format!("{name} {at_least} {:?} {} {} {}", hours.weekdays, hours.from, hours.to, hours.zone_name)
        }
        Condition::Silence { at_least, quiet_for } => format!("{name} {at_least} {quiet_for}"),
        Condition::ImpossibleTravel { max_speed, min_distance } => {
            format!("{name} {max_speed} {min_distance}")
        }
    }
}
