//! Servers whose questions take long.

use super::{Place, World, config};
use crate::until::until;
use livetrail_server::config::Config;
use std::time::Duration;

/// The application's users. To look one up by id is quick, to search among them takes an hour.
const SLOW_USERS: &str = "CREATE VIEW users AS \
     SELECT 'slow'::text AS id, pg_sleep(3600)::text AS email, 'Slow'::text AS display_name";
/// Statements that search among them.
const UNDER_WAY: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";

impl World {
    /// Starts a server whose questions may take so long.
    pub(crate) async fn start_with_question_timeout(question_timeout: Duration) -> Self {
        let place = Place::new();
        let config = Config { question_timeout, text_search: true, ..config(&place, |_| {}) };
        Self::run(place, &config).await
    }

    /// Starts a server over PostgreSQL where each question with `user_search` takes longer than any test.
    pub(crate) async fn start_with_slow_users(question_timeout: Duration) -> Self {
        let database = private_postgres::database();
        database.psql(SLOW_USERS);
        let place = Place { database: Some(database), ..Place::new() };
        let config = Config { question_timeout, ..config(&place, |_| {}) };
        Self::run(place, &config).await
    }

    /// How many questions among slow users the database works on.
    pub(crate) fn slow_questions(&self) -> usize {
        let database = self.place.database.as_ref().expect("a database");
        database.psql(UNDER_WAY).trim().parse().expect("a number")
    }

    /// Waits until the database works on so many questions among slow users.
    pub(crate) async fn until_slow_questions(&self, count: usize) {
        until(async || self.slow_questions() == count).await;
    }
}
