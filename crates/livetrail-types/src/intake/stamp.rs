use super::NewActivity;
use crate::{
    Activity, Json,
    json::{self, Object},
    limits, redact, text, time,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// Tells whether a repeated id came with the same content: 16 bytes of a BLAKE3 hash over the sender's content, after
/// redaction. Only activities whose id the sender chose have one.
pub type Fingerprint = [u8; 16];

/// An activity that is ready to be stored. It has its time and id. The store gives its position; until then,
/// `activity.position` is 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    /// The activity.
    pub activity: Activity,
    /// The hash of the content. An activity with the same id and the same hash is a duplicate.
    pub fingerprint: Option<Fingerprint>,
}

impl NewActivity {
    /// Cuts error messages and user agents to their limits, after redaction, because half of a secret is not
    /// recognised.
    pub(crate) fn cut_long_texts(&mut self) {
        self.error_message =
            self.error_message.take().map(|t| text::cut_with_mark(&t, limits::ERROR_MESSAGE));
        self.user_agent = self.user_agent.take().map(|t| text::cut(t, limits::USER_AGENT));
    }

    /// Adds the server's time, and an id if the sender chose none. A session id (also `details.session_id`) that could
    /// be a live credential is replaced by its keyed hash (32 bytes of `session_key`): equal ids have equal hashes,
    /// which are useless to a thief.
    pub fn stamp(mut self, now: Timestamp, fresh_id: Uuid, session_key: &[u8; 32]) -> Stamped {
        self.cut_long_texts();
        self.session_id = self.session_id.map(|id| hash_if_credential(id, session_key));
        if let Some(details) = &mut self.details {
            redact::hash_session_ids(details, |id| hash_if_credential(id.to_owned(), session_key));
        }
        let fingerprint = self.id.map(|_| self.fingerprint());
        Stamped { activity: self.into_activity(time::cut_to_micros(now), fresh_id), fingerprint }
    }

    fn fingerprint(&self) -> Fingerprint {
        // Hashed at once, because JSON is written in pieces of a few bytes.
        let mut json = Vec::with_capacity(1_024);
        // A struct of text, numbers and JSON always has a JSON form, and writing to memory does not fail.
        let _ = json::to_canonical_writer(&mut json, self);
        let mut fingerprint = Fingerprint::default();
        blake3::Hasher::new().update(&json).finalize_xof().fill(&mut fingerprint);
        fingerprint
    }

    fn into_activity(self, now: Timestamp, fresh_id: Uuid) -> Activity {
        let timestamp = self.timestamp.filter(|moment| is_believable(*moment, now));
        Activity {
            id: self.id.unwrap_or(fresh_id),
            position: 0,
            timestamp: timestamp.unwrap_or(now),
            created_at: now,
            timestamp_adjusted: self.timestamp.is_some() && timestamp.is_none(),
            user_id: self.user_id,
            action_type: self.action_type,
            endpoint: self.endpoint,
            http_method: self.http_method,
            status_code: self.status_code,
            success: self.success.unwrap_or(self.status_code.is_none_or(|status| status < 400)),
            error_message: self.error_message,
            error_type: self.error_type,
            target_user_id: self.target_user_id,
            target_resource_id: self.target_resource_id,
            resource_type: self.resource_type,
            details: as_text(self.details.as_ref()),
            changes: as_text(self.changes.as_ref()),
            duration_ms: self.duration_ms,
            db_query_count: self.db_query_count,
            ip_address: self.ip_address,
            user_agent: self.user_agent,
            is_admin: self.is_admin,
            delegate_id: self.delegate_id,
            delegate_type: self.delegate_type,
            via: self.via,
            session_id: self.session_id,
            request_id: self.request_id,
            trace_id: self.trace_id,
            tenant_id: self.tenant_id,
        }
    }
}

fn as_text(object: Option<&Object>) -> Option<Json> {
    object.map(Json::of)
}

fn is_believable(moment: Timestamp, now: Timestamp) -> bool {
    moment.as_second() >= limits::EARLIEST_SECOND
        && moment.duration_since(now) <= SignedDuration::from_secs(limits::CLOCK_AHEAD_SECONDS)
}

/// A session id as it is stored; filters ask with the same.
pub(crate) fn hash_if_credential(session_id: String, key: &[u8; 32]) -> String {
    if !redact::looks_like_credential(&session_id) {
        return session_id;
    }
    let hash = blake3::keyed_hash(key, session_id.as_bytes()).to_hex();
    format!("hashed:{}", &hash[..32])
}
