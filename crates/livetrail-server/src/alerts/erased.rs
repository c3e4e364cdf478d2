//! What an erasure leaves of an alert: its id, its rule, its times, its positions and its count.
//!
//! The values of its group become what erased activities show: a pseudonym in place of the user's id, and nothing of
//! addresses, sessions and devices of the user.

use super::stored;
use livetrail_alerts::{Alert as Evaluated, Field};
use livetrail_store::{Alert, ERASED, Person};
use livetrail_types::json;
use serde_json::Value;

/// Values of these fields are data of the user who acted.
pub(super) const OF_USER: [Field; 7] = [
    Field::IpAddress,
    Field::Network,
    Field::UserAgent,
    Field::Device,
    Field::SessionId,
    Field::RequestId,
    Field::TraceId,
];
/// A shorter name is part of too many texts that are not about the user.
const MIN_NAME: usize = 3;

/// A user whose data leave alerts.
pub(crate) struct Leaving<'a> {
    pub(crate) person: &'a Person,
    /// The user's e-mail address and display name.
    pub(crate) names: &'a [String],
    /// The positions of the activities in which the user acts, in order.
    pub(crate) acts: &'a [u64],
}

impl Leaving<'_> {
    /// The alert without the user; `None` if it has nothing of the user.
    pub(crate) fn of(&self, alert: &Alert) -> Option<Alert> {
        let person = self.person;
        if person.tenant.is_some() && person.tenant != alert.tenant {
            return None;
        }
        let mut left = alert.clone();
        match stored::read(alert) {
            Ok(before) => {
                let after = self.of_evaluated(&before);
                if after != before {
                    (left.group, left.content) = (json::to_string(&after.group), json::to_string(&after));
                }
            }
            // Another version of Livetrail has written it.
            Err(_) => {
                (left.group, left.content) = (self.of_json(&alert.group), self.of_json(&alert.content));
            }
        }
        let decision = &mut left.decision;
        decision.by =
            decision.by.take().map(|by| if by == person.user_id { person.pseudonym.clone() } else { by });
        let is_about = left.content != alert.content;
        let reason = |text: String| if is_about { ERASED.to_owned() } else { self.of_text(text) };
        left.decision.reason = left.decision.reason.take().map(reason);
        (left != *alert).then_some(left)
    }

    fn of_evaluated(&self, alert: &Evaluated) -> Evaluated {
        let has_acted = self.has_acted(alert);
        let mut left = alert.clone();
        for (field, value) in alert.group_by.iter().zip(&mut left.group.values) {
            if self.is_name(value) {
                value.clone_from(&self.person.pseudonym);
            } else if has_acted && OF_USER.contains(field) {
                ERASED.clone_into(value);
            } else if *field == Field::Endpoint
                && let Some(endpoint) = self.person.endpoint(value)
            {
                *value = endpoint;
            }
        }
        if let Some(value) = left.value.as_mut().filter(|value| has_acted || self.is_name(value)) {
            ERASED.clone_into(value);
        }
        left
    }

    /// Whether the activities of an alert are those of the user, as far as they are known.
    fn has_acted(&self, alert: &Evaluated) -> bool {
        let mut of_group = alert.group_by.iter().zip(&alert.group.values);
        of_group.any(|(field, value)| {
            matches!(field, Field::UserId | Field::DelegateId) && *value == self.person.user_id
        }) || !alert.positions.is_empty()
            && alert.positions.iter().all(|position| self.acts.binary_search(position).is_ok())
    }

    fn is_name(&self, text: &str) -> bool {
        text == self.person.user_id || self.names.iter().any(|name| name == text)
    }

    /// Values in JSON of an unknown form.
    fn of_json(&self, text: &str) -> String {
        let Ok(mut value) = serde_json::from_str(text) else { return text.to_owned() };
        if self.replace(&mut value) { json::to_string(&value) } else { text.to_owned() }
    }

    fn replace(&self, value: &mut Value) -> bool {
        match value {
            Value::String(text) if self.is_name(text) => {
                text.clone_from(&self.person.pseudonym);
                true
            }
            Value::Array(values) => values.iter_mut().fold(false, |is, value| self.replace(value) | is),
            Value::Object(fields) => fields.values_mut().fold(false, |is, value| self.replace(value) | is),
            _ => false,
        }
    }

    /// A text that is not about the user, with the pseudonym in place of whole words that name the user.
    fn of_text(&self, text: String) -> String {
        let names = self.names.iter().chain([&self.person.user_id]);
        let names = names.filter(|name| name.chars().count() >= MIN_NAME);
        names.fold(text, |text, name| without(&text, name, &self.person.pseudonym))
    }
}

/// A text with another word in place of each occurrence of a name. Letters of ASCII are compared without case, as those
/// of e-mail addresses are.
fn without(text: &str, name: &str, word: &str) -> String {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (mut left, mut rest, mut before) = (String::with_capacity(text.len()), text, None);
    while let Some(next) = rest.chars().next() {
        let found = rest.get(..name.len()).filter(|found| found.eq_ignore_ascii_case(name));
        let after = found.and_then(|_| rest[name.len()..].chars().next());
        if found.is_some() && !is_part(before) && !is_part(after) {
            left.push_str(word);
            (before, rest) = (name.chars().last(), &rest[name.len()..]);
        } else {
            left.push(next);
            (before, rest) = (Some(next), &rest[next.len_utf8()..]);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use livetrail_alerts::{Group, Rule};
    use livetrail_store::Decision;
    use livetrail_types::{Catalogue, FilterContext};

    fn person() -> Person {
        Person { user_id: "ada".into(), tenant: None, pseudonym: "erased-1".into() }
    }

    /// An alert whose activities share some values.
    fn alert(group: &[(Field, &str)], positions: &[u64]) -> Alert {
        let catalogue = Catalogue::builtin();
        let context = FilterContext { catalogue: &catalogue, session_key: &[0; 32], text_search: false };
        let text = "id = \"r\"\ntitle = \"R\"\nseverity = \"info\"\ntimespan = \"10m\"\n[condition]\n\
                    type = \"event_count\"\ngte = 2\n";
        let rule = Rule::from_toml(text, &context).expect("a rule");
        let known = Evaluated {
            id: uuid::Uuid::nil(),
            rule: rule.id.clone(),
            version: rule.version(),
            group: Group { tenant: None, values: group.iter().map(|(_, value)| (*value).into()).collect() },
            group_by: group.iter().map(|(field, _)| *field).collect(),
            value: Some("Firefox on Linux".into()),
            raised_by: 2,
            first: Timestamp::UNIX_EPOCH,
            last: Timestamp::UNIX_EPOCH,
            count: 2,
            of: None,
            positions: positions.to_vec(),
            late: false,
            ended: false,
        };
        stored::stored(&known, &rule, Timestamp::UNIX_EPOCH)
    }

    /// What is left of the group and the value of an alert; `None` if the alert stays as it is.
    fn left(alert: &Alert, acts: &[u64]) -> Option<(Vec<String>, Option<String>)> {
        let (person, names) = (person(), ["ada@example.com".to_owned()]);
        let left = Leaving { person: &person, names: &names, acts }.of(alert)?;
        let known = stored::read(&left).expect("an alert");
        assert_eq!(json::to_string(&known.group), left.group);
        assert_eq!(stored::read(alert).expect("an alert").count, known.count);
        assert_eq!((left.id, left.position, left.severity), (alert.id, alert.position, alert.severity));
        Some((known.group.values, known.value))
    }

    fn some(values: &[&str], value: &str) -> Option<(Vec<String>, Option<String>)> {
        Some((values.iter().map(|value| (*value).to_owned()).collect(), Some(value.into())))
    }

    #[test]
    fn of_an_alert_about_what_the_user_did_nothing_of_the_user_stays() {
        let own = [
            (Field::UserId, "ada"),
            (Field::IpAddress, "192.0.2.7"),
            (Field::ActionType, "user_login"),
            (Field::Endpoint, "/users/ada/x"),
            (Field::TargetResourceId, "ada@example.com"),
        ];
        let expected = ["erased-1", ERASED, "user_login", "/users/erased-1/x", "erased-1"];
        assert_eq!(left(&alert(&own, &[1, 2]), &[]), some(&expected, ERASED));
        let delegated = alert(&[(Field::DelegateId, "ada"), (Field::Device, "Firefox")], &[1]);
        assert_eq!(left(&delegated, &[]), some(&["erased-1", ERASED], ERASED));
    }

    #[test]
    fn of_an_alert_about_what_was_done_to_the_user_the_data_of_the_other_stay() {
        let target = alert(&[(Field::TargetUserId, "ada"), (Field::IpAddress, "192.0.2.7")], &[1, 2]);
        assert_eq!(left(&target, &[1]), some(&["erased-1", "192.0.2.7"], "Firefox on Linux"));
    }

    #[test]
    fn an_address_that_only_the_user_has_used_does_not_stay_and_a_shared_one_does() {
        let address = alert(&[(Field::Network, "192.0.2.0/24")], &[2, 5]);
        assert_eq!(left(&address, &[1, 2, 3, 5]), some(&[ERASED], ERASED));
        assert_eq!(left(&address, &[1, 2, 3]), None);
        assert_eq!(
            left(&alert(&[(Field::UserId, "adam")], &[]), &[]),
            None,
            "nothing is known of its activities"
        );
    }

    #[test]
    fn an_alert_of_another_tenant_stays() {
        let alert = Alert { tenant: Some("acme".into()), ..alert(&[(Field::UserId, "ada")], &[]) };
        for (tenant, is_erased) in [(None, true), (Some("acme"), true), (Some("globex"), false)] {
            let person = Person { tenant: tenant.map(str::to_owned), ..person() };
            let left = Leaving { person: &person, names: &[], acts: &[] }.of(&alert);
            assert_eq!(left.is_some(), is_erased, "{tenant:?}");
        }
    }

    #[test]
    fn what_another_version_has_written_loses_the_user_too() {
        let other = Alert {
            group: r#"["a","ada"]"#.into(),
            content: r#"{"new_form":{"user":"ada","note":"adam"}}"#.into(),
            ..alert(&[], &[])
        };
        let person = person();
        let left = Leaving { person: &person, names: &[], acts: &[] }.of(&other).expect("a change");
        assert_eq!(left.group, r#"["a","erased-1"]"#);
        let content: Value = serde_json::from_str(&left.content).expect("JSON");
        assert_eq!(content, serde_json::json!({"new_form": {"user": "erased-1", "note": "adam"}}));
    }

    #[test]
    fn a_decision_loses_the_names_of_the_user() {
        let decided = |group: &[(Field, &str)], by: &str, reason: &str| {
            let (by, reason) = (Some(by.into()), Some(reason.into()));
            let alert =
                Alert { decision: Decision { by, reason, ..Decision::default() }, ..alert(group, &[]) };
            let (person, names) = (person(), ["ada@example.com".to_owned(), "Zoë".to_owned()]);
            let left = Leaving { person: &person, names: &names, acts: &[] }.of(&alert).unwrap_or(alert);
            (left.decision.by.expect("a user"), left.decision.reason.expect("a reason"))
        };
        let is = |by: &str, reason: &str| (by.to_owned(), reason.to_owned());
        assert_eq!(decided(&[(Field::UserId, "ada")], "root", "she called"), is("root", ERASED));
        assert_eq!(
            decided(&[], "ada", "ADA, Zoë, adam: Ada@Example.com? ada"),
            is("erased-1", "erased-1, erased-1, adam: erased-1? erased-1")
        );
        assert_eq!(decided(&[], "root", "Zoëlle of nada"), is("root", "Zoëlle of nada"));
    }
}
