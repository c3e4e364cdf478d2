#[cfg(test)]
mod manual;

#[cfg(test)]
pub(crate) use manual::Manual;

use jiff::Timestamp;
use rand::Rng;
use uuid::{NoContext, Uuid};

/// What no argument says: the time, and chance. Everything that depends on one of them gets it from here, so that a
/// test can say what time it is.
pub trait Environment: Send + Sync + 'static {
    /// The time, to the microsecond: no database keeps more of it.
    fn now(&self) -> Timestamp;

    /// Unpredictable bytes.
    fn random(&self) -> [u8; 32];

    /// A new id (UUID version 7), later than those before it by its first bits.
    fn fresh_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos))
    }
}

/// The system's clock and its source of chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Environment for System {
    #[expect(clippy::disallowed_methods, reason = "this is where the system's clock is read")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where chance comes from")]
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        bytes
    }
}
