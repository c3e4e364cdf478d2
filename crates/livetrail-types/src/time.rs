//! Moments as the wire writes them: RFC 3339 with an offset, or epoch seconds.
//!
//! The log keeps microseconds, as PostgreSQL's `timestamptz` does; finer digits are cut.

use crate::{json::Value, limits::LOOKS_LIKE_MILLISECONDS};
use jiff::{Timestamp, fmt::temporal::Pieces};
use serde::Serializer;

const MICROS: f64 = 1e6;
const NAIVE: &str = "has no UTC offset, so it could mean any of a day's hours: add Z or an offset, as in \
    2026-03-01T12:00:00Z";
const MILLISECONDS: &str =
    "looks like milliseconds: give epoch seconds (divide by 1000) or RFC 3339 with an offset";
const NEITHER: &str = "must be RFC 3339 with an offset, as in 2026-03-01T12:00:00Z, or epoch seconds";

/// The last second of the calendar, 9999-12-31T23:59:59Z, which programs write for "without end".
const LAST_SECOND: i64 = 253_402_300_799;
/// The replacement for that second and the hours before it: the last moment that every time zone can show.
const LAST_MOMENT: Timestamp = Timestamp::constant(253_402_207_200, 0);

/// Reads a moment from JSON: a number of epoch seconds or an RFC 3339 text.
pub(crate) fn moment_from_json(value: &Value) -> Result<Timestamp, &'static str> {
    match value {
        // Whole seconds stay exact; a fraction is good to the microsecond.
        Value::Number(number) => number.as_i64().map_or_else(|| from_fraction(number.as_f64()), from_seconds),
        Value::String(text) => from_text(text),
        _ => Err(NEITHER),
    }
}

/// Reads a moment from a query parameter, where a number arrives as text.
///
/// # Errors
/// A sentence that says what would be right.
pub fn parse_moment(text: &str) -> Result<Timestamp, &'static str> {
    match text.parse::<f64>() {
        Ok(seconds) => text.parse().map_or_else(|_| from_fraction(seconds), from_seconds),
        Err(_) => from_text(text),
    }
}

fn from_seconds(seconds: i64) -> Result<Timestamp, &'static str> {
    if (Timestamp::MAX.as_second()..=LAST_SECOND).contains(&seconds) {
        return Ok(LAST_MOMENT);
    }
    if seconds.unsigned_abs() as f64 >= LOOKS_LIKE_MILLISECONDS {
        return Err(MILLISECONDS);
    }
    Timestamp::from_second(seconds).map_err(|_| NEITHER)
}

fn from_fraction(seconds: f64) -> Result<Timestamp, &'static str> {
    if !seconds.is_finite() {
        return Err(NEITHER);
    }
    if seconds.abs() >= LOOKS_LIKE_MILLISECONDS {
        return Err(MILLISECONDS);
    }
    Timestamp::from_microsecond((seconds * MICROS).round() as i64).map_err(|_| NEITHER)
}

fn from_text(text: &str) -> Result<Timestamp, &'static str> {
    match text.parse::<Timestamp>() {
        Ok(moment) => Ok(cut_to_micros(moment)),
        Err(_) if is_on_last_day(text) => Ok(LAST_MOMENT),
        Err(_) if text.parse::<jiff::civil::DateTime>().is_ok() => Err(NAIVE),
        Err(_) => Err(NEITHER),
    }
}

/// Whether the text is a moment with an offset at the end of the calendar.
fn is_on_last_day(text: &str) -> bool {
    let Ok(pieces) = Pieces::parse(text) else { return false };
    pieces.offset().is_some() && pieces.time().is_some() && pieces.date() >= jiff::civil::date(9999, 12, 30)
}

/// Drops what is finer than a microsecond.
pub(crate) fn cut_to_micros(moment: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(moment.as_microsecond()).unwrap_or(moment)
}

pub(crate) fn as_epoch_seconds<S: Serializer>(moment: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(moment.as_microsecond().div_euclid(1_000_000))
}

pub(crate) fn as_rfc3339<S: Serializer>(moment: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&format_args!("{moment:.6}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::made::json;

    fn micros(value: &Value) -> i64 {
        moment_from_json(value).expect("a moment").as_microsecond()
    }

    #[test]
    fn seconds_fractions_and_rfc_3339_name_the_same_moment() {
        assert_eq!(micros(&json!(1_718_000_000)), 1_718_000_000_000_000);
        assert_eq!(micros(&json!(1_718_000_000.25)), 1_718_000_000_250_000);
        assert_eq!(micros(&json!("2024-06-10T06:13:20Z")), 1_718_000_000_000_000);
        assert_eq!(micros(&json!("2024-06-10T08:13:20.25+02:00")), 1_718_000_000_250_000);
    }

    #[test]
    fn what_is_finer_than_a_microsecond_is_cut() {
        assert_eq!(micros(&json!("2024-06-10T06:13:20.123456789Z")), 1_718_000_000_123_456);
    }

    #[test]
    fn the_last_day_of_the_calendar_is_a_time() {
        let last = Timestamp::MAX.as_second();
        for text in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999+00:00", "9999-12-31T00:00:00-12:00"]
        {
            assert_eq!(moment_from_json(&json!(text)).map(Timestamp::as_second), Ok(last), "{text}");
        }
        assert_eq!(parse_moment("253402300799").map(Timestamp::as_second), Ok(last));
        assert_eq!(parse_moment("253402300800"), Err(MILLISECONDS));
        assert_eq!(parse_moment("9999-12-31T23:59:59"), Err(NAIVE));
        assert_eq!(parse_moment("9999-12-32T00:00:00Z"), Err(NEITHER));
    }

    #[test]
    fn a_naive_time_is_refused_with_the_hint() {
        assert_eq!(moment_from_json(&json!("2024-06-10T06:13:20")), Err(NAIVE));
        assert_eq!(moment_from_json(&json!("2024-06-10")), Err(NAIVE));
    }

    #[test]
    fn what_looks_like_milliseconds_is_refused_with_the_hint() {
        assert_eq!(moment_from_json(&json!(1_718_000_000_000_i64)), Err(MILLISECONDS));
        assert_eq!(moment_from_json(&json!(1_718_000_000_000.5)), Err(MILLISECONDS));
        assert_eq!(parse_moment("1718000000000"), Err(MILLISECONDS));
    }

    #[test]
    fn other_things_are_no_moment() {
        for value in [json!(true), json!("yesterday"), json!([1]), json!("NaN"), json!("")] {
            assert_eq!(moment_from_json(&value), Err(NEITHER), "{value}");
        }
        assert_eq!(parse_moment("NaN"), Err(NEITHER));
        assert_eq!(parse_moment("inf"), Err(NEITHER));
    }
}
