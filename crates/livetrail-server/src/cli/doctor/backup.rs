//! The age of the newest backup, which only its operator knows the place of.

use super::finding::Finding;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;

const CHECK: &str = "backup";
/// Backups are usually made each night.
const OLD: SignedDuration = SignedDuration::from_hours(48);

pub(super) fn check(file: &Path, now: Timestamp) -> Finding {
    let made = std::fs::metadata(file).and_then(|found| found.modified());
    let made = made.ok().and_then(|made| Timestamp::try_from(made).ok());
    finding(file, made.map(|made| now.duration_since(made)))
}

fn finding(file: &Path, age: Option<SignedDuration>) -> Finding {
    let file = file.display();
    match age {
        None => Finding::failure(
            CHECK,
            format!("{file} is not there, or cannot be read"),
            "make a backup: livetrail backup FILE, or pg_dump for a log in PostgreSQL",
        ),
        Some(age) if age > OLD => Finding::warning(
            CHECK,
            format!("{file} is {} hours old", age.as_hours()),
            "check why no newer backup was made",
        ),
        Some(age) => Finding::ok(CHECK, format!("{file} is {} hours old", age.as_hours().max(0))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn a_backup_of_more_than_two_days_is_old_and_a_missing_one_a_failure() {
        let age = |hours| Some(SignedDuration::from_hours(hours));
        for (age, level) in
            [(age(0), Level::Ok), (age(47), Level::Ok), (age(49), Level::Warning), (None, Level::Failure)]
        {
            assert_eq!(finding(Path::new("backup.db"), age).level, level, "{age:?}");
        }
    }
}
