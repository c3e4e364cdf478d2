//! The activities about sessions: their details, and the ends that another user causes.

use crate::{
    access::Principal,
    app::App,
    self_audit::{Origin, Target},
};
use livetrail_store::{Ended, Session};
use livetrail_types::{Device, actions};
use serde_json::{Value, json};

/// Records that sessions were ended by a user other than their own: each, or the number of very many.
pub(super) fn record_ends(app: &App, by: &Principal, origin: &Origin, ended: &Ended) {
    let action = actions::SESSION_INVALIDATED;
    if ended.count > 0 && ended.sessions.is_empty() {
        let details = json!({"sessions_ended": ended.count, "some_users": ended.users});
        app.self_audit.did(by, action, origin, 200, Target::default(), details);
    }
    for session in &ended.sessions {
        let target = Target {
            user_id: Some(session.identity.user_id.clone()),
            resource_id: Some(session.id.to_string()),
        };
        app.self_audit.did(by, action, origin, 204, target, about(session));
    }
}

/// What an activity says of a session.
pub(super) fn about(session: &Session) -> Value {
    let device = session.user_agent.as_deref().and_then(Device::parse);
    json!({
        "session_id": session.id,
        "role": session.identity.role,
        "tenant_id": session.identity.tenant,
        "link_made_by": session.made_by,
        "device": device,
    })
}
