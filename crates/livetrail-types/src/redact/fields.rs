//! Redaction of whole activities: which of their fields are texts, and what becomes of each.

use std::borrow::Cow;

use super::{REDACTED, Redaction, RedactionCounts, SecretKind, looks_like_credential, url, walk};
use crate::{
    Activity, FieldError, GroupBy, Json, NewActivity, Scalar,
    json::{self, Object, Value},
    limits,
};

impl Redaction {
    /// Replaces secrets in every text of an activity that arrives. Session ids that could be credentials stay: they
    /// become keyed hashes when the activity is stamped.
    pub(crate) fn new_activity(&self, new: &mut NewActivity) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        if !self.on {
            return counts;
        }
        if let Some(details) = &mut new.details {
            walk::details(self, details, &mut counts);
        }
        if let Some(changes) = &mut new.changes {
            walk::changes(self, changes, &mut counts);
        }
        self.field(&mut new.user_id, limits::USER_ID, &mut counts);
        self.endpoint(&mut new.endpoint, &mut counts);
        if !new.session_id.as_deref().is_some_and(looks_like_credential) {
            self.optional(&mut new.session_id, limits::SESSION_ID, &mut counts);
        }
        for (text, most) in [
            (&mut new.http_method, limits::HTTP_METHOD),
            (&mut new.error_message, usize::MAX),
            (&mut new.error_type, limits::ERROR_TYPE),
            (&mut new.target_user_id, limits::TARGET_ID),
            (&mut new.target_resource_id, limits::TARGET_ID),
            (&mut new.resource_type, limits::RESOURCE_TYPE),
            (&mut new.user_agent, usize::MAX),
            (&mut new.delegate_id, limits::DELEGATE_ID),
            (&mut new.via, limits::VIA),
            (&mut new.request_id, limits::REQUEST_ID),
            (&mut new.trace_id, limits::TRACE_ID),
        ] {
            self.optional(text, most, &mut counts);
        }
        counts
    }

    /// Refuses an activity with a secret in a field that is an identifier and would be broken by a replacement.
    ///
    /// # Errors
    /// One for each such field. The secret is not repeated.
    pub fn check_identifiers(&self, new: &NewActivity) -> Result<(), Vec<FieldError>> {
        let identifiers = [("/action_type", Some(&new.action_type)), ("/tenant_id", new.tenant_id.as_ref())];
        let has_secret = |text: &&String| matches!(self.text(text), Cow::Owned(_));
        let errors: Vec<_> = identifiers
            .into_iter()
            .filter(|(_, text)| text.as_ref().is_some_and(has_secret))
            .map(|(pointer, _)| FieldError::new(pointer, "has a secret in it, which no identifier may have"))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Replaces secrets in a stored activity on its way out, for rows that another application inserted by its own SQL.
    /// A row that has none, as all that came through the API, is not changed.
    pub fn activity(&self, activity: &mut Activity) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        if !self.on {
            return counts;
        }
        for text in [&mut activity.user_id, &mut activity.action_type] {
            self.field(text, usize::MAX, &mut counts);
        }
        self.endpoint(&mut activity.endpoint, &mut counts);
        for text in [
            &mut activity.http_method,
            &mut activity.error_message,
            &mut activity.error_type,
            &mut activity.target_user_id,
            &mut activity.target_resource_id,
            &mut activity.resource_type,
            &mut activity.user_agent,
            &mut activity.delegate_id,
            &mut activity.via,
            &mut activity.session_id,
            &mut activity.request_id,
            &mut activity.trace_id,
        ] {
            self.optional(text, usize::MAX, &mut counts);
        }
        // The key to hash it with is not known here.
        if let Some(id) = activity.session_id.as_mut().filter(|id| looks_like_credential(id)) {
            REDACTED.clone_into(id);
            counts.add(SecretKind::Key);
        }
        self.stored(&mut activity.details, walk::stored_details, &mut counts);
        self.stored(&mut activity.changes, walk::changes, &mut counts);
        counts
    }

    /// The shared values of a group, without secrets. Tenants and addresses stay, as they do in activities.
    #[must_use]
    pub fn group_key(&self, by: GroupBy, key: Scalar) -> Scalar {
        let Scalar::Text(text) = key else { return key };
        let (mut text, mut counts) = (Some(text), RedactionCounts::default());
        match by {
            _ if !self.on => {}
            GroupBy::Endpoint => self.endpoint(&mut text, &mut counts),
            GroupBy::TenantId
            | GroupBy::IpAddress
            | GroupBy::StatusCode
            | GroupBy::DurationMs
            | GroupBy::Seconds(_) => {}
            GroupBy::ActionType
            | GroupBy::UserId
            | GroupBy::HttpMethod
            | GroupBy::ResourceType
            | GroupBy::DelegateId
            | GroupBy::Via => {
                self.optional(&mut text, usize::MAX, &mut counts);
            }
        }
        text.map_or(Scalar::Null, Scalar::Text)
    }

    /// The text of a user's name or address in the directory, without secrets and still within its length.
    pub fn profile_text(&self, text: &mut Option<String>) -> RedactionCounts {
        let mut counts = RedactionCounts::default();
        self.optional(text, limits::PROFILE_TEXT, &mut counts);
        counts
    }

    /// Replaces secrets in JSON of any form, since an application's SQL can insert more than objects.
    fn stored(
        &self,
        json: &mut Option<Json>,
        object: fn(&Self, &mut Object, &mut RedactionCounts),
        counts: &mut RedactionCounts,
    ) {
        let Some(text) = json.as_ref().map(Json::as_str) else { return };
        let Ok(mut value) = json::parse_stored(text.as_bytes()) else {
            // Too large or too deep to be searched, so it may hold a secret.
            *json = Some(Json::of(&REDACTED));
            counts.add(SecretKind::Key);
            return;
        };
        let before = counts.total();
        match &mut value {
            Value::Object(fields) => object(self, fields, counts),
            other => walk::value(self, other, counts),
        }
        // The text is rewritten only if a secret was found, so that numbers and the order of fields stay as stored.
        if counts.total() > before {
            *json = Some(Json::of(&value));
        }
    }

    fn endpoint(&self, endpoint: &mut Option<String>, counts: &mut RedactionCounts) {
        self.optional(endpoint, limits::ENDPOINT, counts);
        let Some(path) = endpoint else { return };
        for step in url::secrets_of_path(path).into_iter().rev() {
            path.replace_range(step, REDACTED);
            counts.add(SecretKind::Path);
        }
    }

    fn optional(&self, text: &mut Option<String>, most: usize, counts: &mut RedactionCounts) {
        if let Some(text) = text {
            self.field(text, most, counts);
        }
    }

    fn field(&self, text: &mut String, most: usize, counts: &mut RedactionCounts) {
        if let Cow::Owned(clean) = self.counted(text, counts) {
            *text = crate::text::cut(clean, most);
        }
    }
}
