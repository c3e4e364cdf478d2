use std::fmt;

/// A duration of whole seconds, written as Sigma writes it: `30s`, `10m`, `24h`, `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

const UNITS: [(char, i64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Span {
    /// So many seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The length in microseconds, which is the unit of the log's times.
    pub const fn micros(self) -> i64 {
        self.0.saturating_mul(1_000_000)
    }

    pub(crate) const fn half(self) -> Self {
        Self(self.0 / 2)
    }

    /// Reads a number and a unit.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let (_, seconds) = UNITS.into_iter().find(|(known, _)| *known == unit)?;
        let number = text.strip_suffix(unit).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
        number.parse::<i64>().ok()?.checked_mul(seconds).map(Self)
    }
}

/// In the largest unit that divides it.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, seconds) = UNITS
            .into_iter()
            .find(|(_, seconds)| self.0 >= *seconds && self.0 % seconds == 0)
            .unwrap_or(('s', 1));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}
