//! The users that the embedded database knows.

use super::{SqliteStore, internal};
use crate::{Directory, Result, internal_tables};
use async_trait::async_trait;
use livetrail_types::UserProfile;
use rusqlite::{Connection, params_from_iter};
use std::sync::{Arc, PoisonError};

/// Profiles that are looked up where they are asked for; more of them would keep others waiting.
const LOOKED_UP_AT_ONCE: usize = 16;

#[async_trait]
impl Directory for SqliteStore {
    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()> {
        self.writer
            .run(move |connection| internal::put_profiles(connection, tenant.as_deref(), &profiles))
            .await
    }

    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>> {
        let few = user_ids.len() <= LOOKED_UP_AT_ONCE;
        let read =
            move |connection: &Connection| internal::profiles(connection, tenant.as_deref(), &user_ids);
        if few { self.readers.look_up(read) } else { self.readers.run(read).await }
    }

    async fn users_named(&self, needle: &str) -> Result<Vec<(Option<String>, String)>> {
        let (needle, names) = (needle.to_owned(), Arc::clone(&self.names));
        let find = move |connection: &Connection| {
            // The transaction's moment is that of its first read, so names never go back in time.
            let mut names = names.lock().unwrap_or_else(PoisonError::into_inner);
            internal::follow_names(connection, &mut names)?;
            match names.containing(&needle) {
                Some(users) => Ok(users),
                None => {
                    drop(names);
                    internal::users_named(connection, &needle)
                }
            }
        };
        self.readers.scan(find).await
    }

    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool> {
        self.readers.look_up(|connection| {
            let mut statement = connection.prepare_cached(internal_tables::IS_ADMIN)?;
            Ok(statement.exists((&user_id, &tenant))?)
        })
    }

    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool> {
        let statement = internal_tables::set_admin(admin, tenant.is_some());
        let values = [Some(user_id), tenant].into_iter().flatten();
        self.writer
            .run(move |connection| Ok(connection.execute(statement, params_from_iter(values))? == 1))
            .await
    }
}
