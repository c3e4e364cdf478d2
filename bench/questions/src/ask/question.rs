//! The questions, each with values that occur in the log.

use super::sample::Sample;
use crate::log::END;
use serde_json::Value;

/// An endpoint that answers questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call {
    /// A page with its figures.
    List,
    /// Figures alone.
    Figures,
    /// Counts of values.
    Facets,
    /// Counts over time.
    Timeline,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked, in words.
    pub name: String,
    /// Where.
    pub call: Call,
    /// The query string, not encoded.
    pub parameters: Vec<(&'static str, String)>,
    /// Whether the credential of a tenant asks.
    pub is_of_tenant: bool,
}

impl Question {
    /// The query string, not encoded.
    pub(super) fn text(&self) -> String {
        let pairs = self.parameters.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    }
}

impl Call {
    /// The path of the endpoint.
    pub fn path(self) -> &'static str {
        match self {
            Self::List => "/api/admin/activity",
            Self::Figures => "/api/admin/activity/stats",
            Self::Facets => "/api/admin/activity/facets",
            Self::Timeline => "/api/admin/activity/timeline",
        }
    }

    /// How many activities match, if the answer has that.
    pub fn total(self, body: &Value) -> Option<u64> {
        match self {
            Self::List | Self::Timeline => body["total"].as_u64(),
            Self::Figures => body["stats"]["total_logs"].as_u64(),
            Self::Facets => None,
        }
    }
}

/// Ranges that end with the log: a name, and the first epoch second.
const RANGES: [(&str, i64); 3] =
    [("24 h", END - 86_400), ("7 d", END - 7 * 86_400), ("90 d", END - 90 * 86_400)];
const SORTS: [&str; 4] = ["timestamp", "duration_ms", "status_code", "action_type"];

/// Every question.
pub(super) fn questions(sample: &Sample) -> Vec<Question> {
    let mut all = vec![list("list", &[]), list("list, page alone", &[("stats", "false")])];
    all.extend(filters(sample));
    all.extend(pairs(sample));
    for by in SORTS {
        for order in ["desc", "asc"] {
            all.push(list(&format!("list by {by} {order}"), &[("sort_by", by), ("sort_order", order)]));
        }
    }
    let action = ("action_filter", &*sample.action);
    all.push(list("list, one action, by duration_ms desc", &[action, ("sort_by", "duration_ms")]));
    let failure = ("success_filter", "failure");
    all.push(list(
        "list, failures, by status_code asc",
        &[failure, ("sort_by", "status_code"), ("sort_order", "asc")],
    ));
    all.push(list("list, page 5,000", &[("page", "5000")]));
    all.push(list("list, one action, page 5,000", &[action, ("page", "5000")]));
    all.extend(counts());
    if let Some(tenant) = &sample.tenant {
        all.push(list("list, tenant", &[("tenant_id", tenant)]));
        all.extend(of_tenant(sample));
    }
    all
}

fn list(name: &str, parameters: &[(&'static str, &str)]) -> Question {
    question(Call::List, name, parameters)
}

fn question(call: Call, name: &str, parameters: &[(&'static str, &str)]) -> Question {
    let parameters = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Question { name: name.into(), call, parameters, is_of_tenant: false }
}

fn filters(sample: &Sample) -> Vec<Question> {
    let one = |name: &str, parameter, value: &str| list(&format!("list, {name}"), &[(parameter, value)]);
    let mut all = vec![
        one("user", "user_id", &sample.user),
        one("action", "action_filter", &sample.action),
        one("status class", "status", "4xx"),
        one("failures", "success_filter", "failure"),
        one("endpoint", "endpoint", &sample.endpoint),
        one("IP network", "ip", &sample.network),
        one("q: e-mail", "q", &sample.email),
        one("q: action", "q", &sample.action),
        one("q: IP network", "q", &sample.network),
        one("user_search: part of a name", "user_search", &sample.name),
    ];
    all.extend(sample.session.as_deref().map(|session| one("session", "session_id", session)));
    all.extend(RANGES.map(|(name, from)| one(name, "date_from", &from.to_string())));
    all
}

fn pairs(sample: &Sample) -> [Question; 4] {
    let action = ("action_filter", &*sample.action);
    let (failure, week) = (("success_filter", "failure"), RANGES[1].1.to_string());
    [
        list("list, action and failures", &[action, failure]),
        list("list, action and user", &[action, ("user_id", &sample.user)]),
        list("list, endpoint and 7 d", &[("endpoint", &sample.endpoint), ("date_from", &week)]),
        list("list, IP network and status class", &[("ip", &sample.network), ("status", "4xx")]),
    ]
}

/// Figures, facets and timeline: of everything, and of each range.
fn counts() -> Vec<Question> {
    let calls = [(Call::Figures, "figures"), (Call::Facets, "facets"), (Call::Timeline, "timeline")];
    let each = calls.into_iter().flat_map(|(call, name)| {
        let of_range = move |(range, from): (&str, i64)| {
            question(call, &format!("{name}, {range}"), &[("date_from", &from.to_string())])
        };
        std::iter::once(question(call, name, &[])).chain(RANGES.map(of_range))
    });
    each.collect()
}

/// What a viewer that is bound to a tenant asks.
fn of_tenant(sample: &Sample) -> Vec<Question> {
    let week = RANGES[1].1.to_string();
    let since = [("date_from", &*week)];
    let mut all = vec![
        list("list", &[]),
        list("list, action", &[("action_filter", &sample.action)]),
        list("list, q: e-mail", &[("q", &sample.email)]),
        list("list by duration_ms desc", &[("sort_by", "duration_ms")]),
        question(Call::Figures, "figures, 7 d", &since),
        question(Call::Facets, "facets, 7 d", &since),
        question(Call::Timeline, "timeline, 7 d", &since),
    ];
    for question in &mut all {
        question.name = format!("tenant's key: {}", question.name);
        question.is_of_tenant = true;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn sample() -> Sample {
        let text = str::to_owned;
        Sample {
            user: text("usr-1"),
            email: text("ada@example.com"),
            name: text("Ada"),
            action: text("user_login"),
            endpoint: text("/api/login"),
            network: text("100.64.0.0/16"),
            session: None,
            tenant: None,
        }
    }

    #[test]
    fn every_question_has_a_name_of_its_own() {
        let all = questions(&Sample { session: Some("s".into()), tenant: Some("org".into()), ..sample() });
        assert_eq!(all.iter().map(|question| &question.name).collect::<HashSet<_>>().len(), all.len());
        assert_eq!(all.iter().filter(|question| question.is_of_tenant).count(), 7);
    }

    #[test]
    fn a_log_without_tenants_and_sessions_is_not_asked_for_them() {
        let names = |of: &str| questions(&sample()).iter().any(|question| question.name.contains(of));
        assert!(!names("tenant") && !names("session") && names("user"));
    }
}
