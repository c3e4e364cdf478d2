//! Random numbers that are the same on every machine and with every version of `rand`.

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};

/// The random numbers of one activity.
pub(super) struct Chance(Xoshiro256PlusPlus);

impl Chance {
    /// The numbers of the activity `index`, so that each activity can be made without those before it.
    pub(super) fn of(seed: u64, index: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed(seed, index)))
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// From 0 to 1, without 1.
    pub(super) fn part(&mut self) -> f64 {
        part(self.bits())
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.part() * end as f64) as usize
    }

    /// True in `share` of all cases.
    pub(super) fn is(&mut self, share: f64) -> bool {
        self.part() < share
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Normally distributed, with a mean of 0 and a deviation of 1 (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.part()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.part()).cos()
    }
}

/// From 0 to 1, without 1, of the upper bits.
pub(super) fn part(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A number that looks random and depends on both alone. It derives a user's values from the user's number, so that
/// they need not be stored.
pub(super) fn mixed(one: u64, other: u64) -> u64 {
    let mut bits = one.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(other);
    for (shift, factor) in [(30, 0xbf58_476d_1ce4_e5b9), (27, 0x94d0_49bb_1331_11eb)] {
        bits = (bits ^ bits >> shift).wrapping_mul(factor);
    }
    bits ^ bits >> 31
}
