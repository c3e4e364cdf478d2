//! Ranks of which the first is the most frequent: the rank *n* has a share in proportion to 1 / *n*^exponent.

use super::chance::Chance;

pub(super) struct Zipf {
    /// The share of a rank and of those before it.
    up_to: Vec<f64>,
}

impl Zipf {
    pub(super) fn of(ranks: usize, exponent: f64) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = (1..=ranks)
            .map(|rank| {
                sum += (rank as f64).powf(-exponent);
                sum
            })
            .collect();
        up_to.iter_mut().for_each(|share| *share /= sum);
        Self { up_to }
    }

    /// A rank, from 0.
    pub(super) fn draw(&self, chance: &mut Chance) -> usize {
        let part = chance.part();
        self.up_to.partition_point(|share| *share <= part).min(self.up_to.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rank_is_as_frequent_as_it_should_be() {
        let (zipf, mut counts) = (Zipf::of(4, 1.0), [0_u32; 4]);
        for index in 0..10_000 {
            counts[zipf.draw(&mut Chance::of(1, index))] += 1;
        }
        for (count, expected) in counts.into_iter().zip([4_800_u32, 2_400, 1_600, 1_200]) {
            assert!(count.abs_diff(expected) < 200, "{counts:?}");
        }
    }
}
