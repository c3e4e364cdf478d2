//! Records of the retention: runs and holds.

use super::{Origin, SelfAudit, Target, of_livetrail, with_details};
use crate::{
    access::{OPERATOR, Principal},
    retention::RunInfo,
};
use livetrail_store::Hold;
use livetrail_types::{NewActivity, actions};
use serde_json::json;

/// The resource that runs are about.
const RETENTION: &str = "retention";

impl SelfAudit {
    /// A run has removed activities: one that a principal has asked for, or one of the server's own.
    pub(crate) fn retained(&self, by: Option<(&Principal, &Origin)>, run: &RunInfo) {
        let details = json!({ "retention": run });
        let target = Target { user_id: None, resource_id: Some(RETENTION.into()) };
        let Some((by, origin)) = by else {
            let activity = NewActivity::new(OPERATOR, actions::BULK_ACTION_PERFORMED);
            let activity = of_livetrail(activity, &Origin::default(), None);
            let activity = NewActivity {
                target_resource_id: target.resource_id,
                is_admin: true,
                success: Some(run.error.is_none()),
                ..activity
            };
            return self.recorder.record(with_details(activity, details));
        };
        let status = if run.error.is_none() { 202 } else { 500 };
        self.did(by, actions::BULK_ACTION_PERFORMED, origin, status, target, details);
    }

    /// A principal has made a legal hold or released one.
    pub(crate) fn held(&self, by: &Principal, origin: &Origin, status: u16, hold: &Hold, is_released: bool) {
        let Hold { id, reason, tenant, user_id, from, until, made_by, .. } = hold;
        let hold = json!({
            "reason": reason, "tenant_id": tenant, "user_id": user_id, "from": from, "until": until, "made_by": made_by,
        });
        let details = json!({(if is_released { "hold_released" } else { "hold_made" }): hold});
        self.did(by, actions::SETTINGS_UPDATED, origin, status, Target::resource(*id), details);
    }
}
