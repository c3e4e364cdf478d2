//! Who users are, and which of them are admins.

use crate::Result;
use async_trait::async_trait;
use livetrail_types::UserProfile;

/// The part of a [`Store`](crate::Store) that knows the users.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Adds or replaces profiles in the directory of a tenant.
    async fn put_profiles(&self, tenant: Option<String>, profiles: Vec<UserProfile>) -> Result<()>;

    /// Those of the users that the directory of a tenant knows.
    async fn profiles(&self, tenant: Option<String>, user_ids: Vec<String>) -> Result<Vec<UserProfile>>;

    /// The users whose e-mail address or name contains `needle`, each with the tenant whose directory says so. Texts
    /// are compared as filters compare them: `needle` is [folded](livetrail_types::folded), and the names are folded
    /// here.
    ///
    /// Names are kept in memory. What has changed since is read first, also what other nodes and applications wrote. It
    /// may have to read every profile, so it counts as one of
    /// [`Questions::max_questions`](crate::Questions::max_questions).
    async fn users_named(&self, needle: &str) -> Result<Vec<(Option<String>, String)>>;

    /// Whether the user is an admin, if the application's token binds the user to `tenant`. Like a few profiles, a
    /// database in this process looks that up on the thread that asks.
    async fn is_admin(&self, user_id: String, tenant: Option<String>) -> Result<bool>;

    /// Makes the user an admin of `tenant` (of every tenant without one), or no longer; whether that changed anything.
    async fn set_admin(&self, user_id: String, tenant: Option<String>, admin: bool) -> Result<bool>;
}
