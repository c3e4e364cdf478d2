use super::connection::Connection;
use crate::http::{KeyRequest, NewKey};
use anyhow::Result;
use jiff::Timestamp;
use livetrail_types::Role;
use reqwest::Method;

/// A key that a command makes for itself and revokes.
pub(super) struct OwnKey(NewKey);

impl OwnKey {
    pub(super) async fn create(
        connection: &Connection,
        name: &str,
        role: Role,
        expires_at: Timestamp,
    ) -> Result<Self> {
        let wanted = KeyRequest { name: name.into(), role, tenant_id: None, expires_at: Some(expires_at) };
        let request = connection.request(Method::POST, "/api/admin/keys").json(&wanted);
        connection.send(request).await.map(Self)
    }

    pub(super) fn secret(&self) -> &str {
        &self.0.key
    }

    pub(super) async fn revoke(self, connection: &Connection) -> Result<()> {
        let path = format!("/api/admin/keys/{}", self.0.info.id);
        connection.respond(connection.request(Method::DELETE, &path)).await.map(drop)
    }
}
