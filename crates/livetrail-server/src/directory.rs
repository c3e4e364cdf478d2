use livetrail_store::{Person, Store, StoreError};
use livetrail_types::{Activity, UserProfile};
use moka::sync::Cache;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

/// Users whose names are kept at hand for live frames.
const MAX_AT_HAND: u64 = 50_000;
/// How long: another node may have learnt a new name meanwhile, or erased one.
const AT_HAND_FOR: Duration = Duration::from_secs(10);

/// A user of a tenant, or of none.
pub(crate) type Key = (Option<String>, String);

/// Who users are: the store's directory, with the names of those who act often at hand.
pub struct Directory {
    store: Arc<dyn Store>,
    at_hand: Cache<Key, Option<Arc<UserProfile>>>,
}

impl Directory {
    /// The directory of `store`.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let at_hand = Cache::builder().max_capacity(MAX_AT_HAND).time_to_live(AT_HAND_FOR).build();
        Self { store, at_hand }
    }

    /// Adds or replaces profiles; activities from now on show them.
    ///
    /// # Errors
    /// What the store says.
    pub async fn put(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<(), StoreError> {
        self.store.put_profiles(tenant.clone(), profiles.clone()).await?;
        for profile in profiles {
            self.at_hand.insert((tenant.clone(), profile.user_id.clone()), Some(Arc::new(profile)));
        }
        Ok(())
    }

    /// Removes a person's profile; whether there was one.
    ///
    /// # Errors
    /// What the store says.
    pub async fn erase(&self, person: Person) -> Result<bool, StoreError> {
        let erased = self.store.erase_profile(person).await?;
        self.forget();
        Ok(erased)
    }

    /// Has names read from the store again, because some were erased.
    pub(crate) fn forget(&self) {
        self.at_hand.invalidate_all();
    }

    /// The profile of each activity's user, in order. A store that does not answer leaves names out: a live frame
    /// without a name is better than none.
    pub async fn profiles(&self, activities: &[Activity]) -> Vec<Option<Arc<UserProfile>>> {
        let key = |activity: &Activity| (activity.tenant_id.clone(), activity.user_id.clone());
        let unknown: HashSet<Key> =
            activities.iter().map(key).filter(|key| !self.at_hand.contains_key(key)).collect();
        self.fetch(unknown).await;
        activities.iter().map(|activity| self.at_hand.get(&key(activity)).flatten()).collect()
    }

    /// The profiles of users, each named with its tenant.
    ///
    /// # Errors
    /// What the store says.
    pub async fn names(
        &self,
        users: impl IntoIterator<Item = Key>,
    ) -> Result<HashMap<Key, UserProfile>, StoreError> {
        let mut of_tenant = HashMap::<Option<String>, Vec<String>>::new();
        for (tenant, user) in users {
            of_tenant.entry(tenant).or_default().push(user);
        }
        let mut known = HashMap::new();
        for (tenant, users) in of_tenant {
            for profile in self.store.profiles(tenant.clone(), users).await? {
                known.insert((tenant.clone(), profile.user_id.clone()), profile);
            }
        }
        Ok(known)
    }

    async fn fetch(&self, unknown: HashSet<Key>) {
        let tenants: HashSet<Option<String>> = unknown.iter().map(|(tenant, _)| tenant.clone()).collect();
        for tenant in tenants {
            let of_tenant = unknown.iter().filter(|(other, _)| *other == tenant);
            let users: Vec<String> = of_tenant.map(|(_, user)| user.clone()).collect();
            match self.store.profiles(tenant.clone(), users.clone()).await {
                Ok(found) => self.keep(&tenant, users, found),
                Err(error) => tracing::warn!(%error, "live frames go without names"),
            }
        }
    }

    fn keep(&self, tenant: &Option<String>, asked: Vec<String>, found: Vec<UserProfile>) {
        for user in asked {
            self.at_hand.insert((tenant.clone(), user), None);
        }
        for profile in found {
            self.at_hand.insert((tenant.clone(), profile.user_id.clone()), Some(Arc::new(profile)));
        }
    }
}
