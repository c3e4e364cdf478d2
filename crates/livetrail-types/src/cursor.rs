//! A place in the log, as the live stream writes it.

use crate::Activity;
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Names one life of a log. A restored or wiped database gets another epoch. So an old cursor is recognised and
/// answered with a reset, not with a silent gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(pub u32);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// A few bits of a hash of the activity at a cursor's position.
///
/// A disk that is rolled back to a snapshot brings its log back in the same epoch. The log then gives the positions
/// that it lost to other activities. The check tells a cursor that has seen the lost ones; one in 65,536 of them passes
/// by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CursorCheck(pub u16);

impl CursorCheck {
    /// The check of an activity: of its id and tenant, which are what tells activities apart. Cursors are kept by
    /// clients, so it is the same in every version.
    pub fn of(activity: &Activity) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(activity.id.as_bytes());
        hasher.update(activity.tenant_id.as_deref().unwrap_or_default().as_bytes());
        let [first, second, ..] = *hasher.finalize().as_bytes();
        Self(u16::from_be_bytes([first, second]))
    }
}

/// "Everything up to and with this position has been seen."
///
/// On the wire: the epoch as eight hexadecimal digits, a hyphen, the position; where it has a check, another hyphen and
/// four hexadecimal digits. Clients treat it as opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The log it belongs to.
    pub epoch: Epoch,
    /// The last position seen; 0 before the first.
    pub position: u64,
    /// The check of the activity seen there, if it is known. Cursors of earlier versions have none.
    pub check: Option<CursorCheck>,
}

impl Cursor {
    /// A cursor that says nothing of what is at its position.
    pub fn unchecked(epoch: Epoch, position: u64) -> Self {
        Self { epoch, position, check: None }
    }

    /// The cursor of a reader that has just seen `activity`.
    pub fn after(epoch: Epoch, activity: &Activity) -> Self {
        Self { epoch, position: activity.position, check: Some(CursorCheck::of(activity)) }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.position)?;
        self.check.map_or(Ok(()), |CursorCheck(check)| write!(f, "-{check:04x}"))
    }
}

/// A text that is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is no cursor of this log: use one that a list or a stream gave")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (epoch, rest) = text.split_once('-').ok_or(BadCursor)?;
        let (position, check) = rest.split_once('-').map_or((rest, None), |(one, other)| (one, Some(other)));
        if !position.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadCursor);
        }
        let position =
            position.parse().ok().filter(|&position| position <= i64::MAX as u64).ok_or(BadCursor)?;
        let check = check.map(|check| Ok(CursorCheck(hexadecimal(check)?))).transpose()?;
        Ok(Self { epoch: Epoch(hexadecimal(epoch)?), position, check })
    }
}

/// A number with all its digits.
fn hexadecimal<N: TryFrom<u32>>(digits: &str) -> Result<N, BadCursor> {
    let plain = digits.len() == 2 * size_of::<N>() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| plain).ok_or(BadCursor)?;
    N::try_from(number).map_err(|_| BadCursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NewActivity;
    use jiff::Timestamp;
    use proptest::prelude::*;
    use std::collections::HashSet;
    use uuid::Uuid;

    proptest! {
        #[test]
        fn a_cursor_survives_the_wire(epoch: u32, position in 0..=i64::MAX as u64, check: Option<u16>) {
            let cursor = Cursor { epoch: Epoch(epoch), position, check: check.map(CursorCheck) };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn garbage_is_refused_and_never_panics(text in ".{0,40}") {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
            }
        }
    }

    #[test]
    fn near_misses_are_refused() {
        for text in [
            "",
            "-",
            "0000000a",
            "0000000a-",
            "a-1",
            "0000000a--1",
            "0000000a-+1",
            "0000000a-99999999999999999999",
            "0000000a-1-",
            "0000000a-1-abc",
            "0000000a-1-abcde",
            "0000000a-1-+abc",
            "0000000a-1-abcd-abcd",
            "0000000a--abcd",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }

    #[test]
    fn a_cursor_with_and_without_a_check_is_written_as_clients_keep_it() {
        let plain = Cursor::unchecked(Epoch(0x1f), 15);
        assert_eq!(plain.to_string(), "0000001f-15");
        assert_eq!(Cursor { check: Some(CursorCheck(0xa)), ..plain }.to_string(), "0000001f-15-000a");
    }

    #[test]
    fn the_check_of_an_activity_is_the_same_in_every_version_and_that_of_another_is_not() {
        let of = |id: u128, tenant: Option<&str>| {
            let new = NewActivity { tenant_id: tenant.map(str::to_owned), ..NewActivity::new("u-1", "a") };
            CursorCheck::of(&new.stamp(Timestamp::UNIX_EPOCH, Uuid::from_u128(id), &[0; 32]).activity)
        };
        let checks = [of(1, None), of(2, None), of(1, Some("acme"))];
        assert_eq!(checks.map(|CursorCheck(check)| check), [0x07ed, 0x02ea, 0x0744]);
        let many: HashSet<_> = (0..1_000).map(|id| of(id, None)).collect();
        assert!(many.len() > 970, "only {} of 1,000 differ", many.len());
    }
}
