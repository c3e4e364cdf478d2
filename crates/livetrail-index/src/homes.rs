//! In which tenant each user acts.
//!
//! A name belongs to a user in a tenant. Nearly every user acts in one tenant only, so a question that knows the user
//! need not look at the tenant of each row.

use std::sync::Arc;

/// Users of a chunk.
const CHUNK: usize = 4_096;
const SEVERAL: u32 = u32::MAX;

/// The tenant of each user. A clone shares its chunks with the original.
#[derive(Clone, Debug, Default)]
pub(crate) struct Homes(Vec<Arc<Vec<u32>>>);

/// Where a user acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// In the tenant of this code only; 0 where all activities have no tenant.
    One(u32),
    Several,
}

impl Homes {
    /// Notes that a user acts in a tenant, both as codes. Whether that is news. The order of what is noted does not
    /// matter, and a removed activity still counts: `One` is always right.
    pub(crate) fn note(&mut self, user: u32, tenant: u32) -> bool {
        let (number, place) = (user as usize / CHUNK, user as usize % CHUNK);
        // A tenant is kept as the code after its own; 0 is a user without activities.
        let home = tenant.saturating_add(1);
        let known = self.0.get(number).map_or(0, |chunk| chunk[place]);
        if known == home || known == SEVERAL {
            return false;
        }
        if number >= self.0.len() {
            self.0.resize_with(number + 1, || Arc::new(vec![0; CHUNK]));
        }
        Arc::make_mut(&mut self.0[number])[place] = if known == 0 { home } else { SEVERAL };
        true
    }

    /// Where a user acts that has a code.
    pub(crate) fn of(&self, user: u32) -> Home {
        match self.0.get(user as usize / CHUNK).map_or(0, |chunk| chunk[user as usize % CHUNK]) {
            0 | SEVERAL => Home::Several,
            home => Home::One(home - 1),
        }
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.len() * CHUNK * 4
    }

    /// What [`Homes::restore`] takes, about the users with a code up to `most`.
    pub(crate) fn dump(&self, most: u32) -> impl ExactSizeIterator<Item = u32> {
        (0..most)
            .map(|n| self.0.get((n as usize + 1) / CHUNK).map_or(0, |chunk| chunk[(n as usize + 1) % CHUNK]))
    }

    /// Takes over what [`Homes::dump`] gave. None is noted yet.
    pub(crate) fn restore(&mut self, homes: &[u32]) {
        let all: Vec<u32> = std::iter::once(0).chain(homes.iter().copied()).collect();
        let chunk = |homes: &[u32]| {
            let mut chunk = homes.to_vec();
            chunk.resize(CHUNK, 0);
            Arc::new(chunk)
        };
        self.0 = all.chunks(CHUNK).map(chunk).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use std::collections::{HashMap, HashSet};

    proptest! {
        #[test]
        fn a_user_of_one_tenant_has_it_and_others_have_several(
            acts in vec((prop_oneof![1..6_u32, 4_095..4_099_u32], 0..3_u32), 0..40), split in 0..40_usize,
        ) {
            let (mut homes, mut tenants) = (Homes::default(), HashMap::<u32, HashSet<u32>>::new());
            for (n, (user, tenant)) in acts.into_iter().enumerate() {
                if n == split {
                    let dumped: Vec<_> = homes.dump(5_000).collect();
                    homes.restore(&dumped);
                }
                let known = tenants.entry(user).or_default();
                let is_news = !known.contains(&tenant) && known.len() < 2;
                known.insert(tenant);
                prop_assert_eq!(homes.note(user, tenant), is_news);
            }
            for (user, known) in tenants {
                let one = known.iter().next().filter(|_| known.len() == 1);
                prop_assert_eq!(homes.of(user), one.map_or(Home::Several, |tenant| Home::One(*tenant)));
            }
        }
    }
}
