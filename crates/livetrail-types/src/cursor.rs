//! A place in the log, as the live stream writes it.

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

/// "Everything up to and with this position has been seen."
///
/// On the wire: the epoch as eight hexadecimal digits, a hyphen, the position. Clients treat it as opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The log it belongs to.
    pub epoch: Epoch,
    /// The last position seen; 0 before the first.
    pub position: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.epoch, self.position)
    }
}

/// A text that is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("is no cursor of this log: use one that a list or a stream gave")]
pub struct BadCursor;

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let (epoch, position) = text.split_once('-').ok_or(BadCursor)?;
        let plain = epoch.len() == 8
            && epoch.bytes().all(|b| b.is_ascii_hexdigit())
            && position.bytes().all(|b| b.is_ascii_digit());
        let position = position.parse().ok().filter(|&position| plain && position <= i64::MAX as u64);
        let epoch = u32::from_str_radix(epoch, 16).ok();
        match (epoch, position) {
            (Some(epoch), Some(position)) => Ok(Self { epoch: Epoch(epoch), position }),
            _ => Err(BadCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_survives_the_wire(epoch: u32, position in 0..=i64::MAX as u64) {
            let cursor = Cursor { epoch: Epoch(epoch), position };
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
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(BadCursor), "{text}");
        }
    }
}
