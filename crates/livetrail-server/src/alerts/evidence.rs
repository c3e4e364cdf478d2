//! The activities of an alert, as a query of the log's list.

use super::erased::OF_USER;
use livetrail_alerts::{Alert as Evaluated, Condition as Raises, Rule};
use livetrail_store::{Alert, ERASED};
use livetrail_types::{Choice, Condition, Filter, TextField};
use reqwest::Url;

/// A query string, encoded. Without the rule, which has changed since, it says group, tenant and time. Empty where it
/// would only say the time.
pub(super) fn query(alert: &Alert, known: Option<&Evaluated>, rule: Option<&Rule>) -> String {
    let mut conditions = shared(alert, known, rule);
    if conditions.is_empty() && rule.is_none() {
        return String::new();
    }
    for condition in rule.map(of_rule).unwrap_or_default() {
        // Two conditions of one name would be read as "any of" both. What all activities share is the narrower one.
        if !conditions.iter().any(|other| is_about_the_same(other, &condition)) {
            conditions.push(condition);
        }
    }
    conditions.extend([Condition::From(alert.first_at), Condition::Until(alert.last_at)]);
    encoded(&Filter::of(conditions))
}

/// The tenant, the values of the group, and the value that was new.
fn shared(alert: &Alert, known: Option<&Evaluated>, rule: Option<&Rule>) -> Vec<Condition> {
    let tenant = alert.tenant.iter().cloned();
    let mut conditions: Vec<Condition> =
        tenant.map(|tenant| Condition::Text(TextField::TenantId, Choice::any([tenant]))).collect();
    let Some(known) = known else { return conditions };
    let of_group = known.group_by.iter().zip(&known.group.values);
    let of_group = of_group.filter(|(field, value)| *value != ERASED || !OF_USER.contains(field));
    conditions.extend(of_group.filter_map(|(field, value)| field.condition(value)));
    if let (Some(Raises::FirstSeen { field, .. }), Some(value)) =
        (rule.map(|rule| &rule.condition), known.value.as_ref().filter(|value| *value != ERASED))
    {
        conditions.extend(field.condition(value));
    }
    conditions
}

/// What the rule says of each of its activities, the narrowest first.
fn of_rule(rule: &Rule) -> Vec<Condition> {
    let part = match &rule.condition {
        Raises::Ratio { part, .. } => part.conditions(),
        _ => &[],
    };
    part.iter().chain(rule.filter.conditions()).cloned().collect()
}

fn is_about_the_same(one: &Condition, other: &Condition) -> bool {
    match (one, other) {
        (Condition::Text(one, _), Condition::Text(other, _)) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

fn encoded(filter: &Filter) -> String {
    let Ok(mut url) = Url::parse("http://log") else { return String::new() };
    let pairs = filter.parameters().into_iter().map(|(name, values)| (name, values.join(",")));
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::stored;
    use jiff::Timestamp;
    use livetrail_alerts::Group;
    use livetrail_types::{Catalogue, FilterContext};

    fn rule(more: &str) -> Rule {
        let catalogue = Catalogue::builtin();
        let context = FilterContext { catalogue: &catalogue, session_key: &[0; 32], text_search: false };
        let text = format!(
            "id = \"r\"\ntitle = \"R\"\nseverity = \"info\"\ntimespan = \"10m\"\n{more}\n\
             [condition]\ntype = \"event_count\"\ngte = 2\n"
        );
        Rule::from_toml(&text, &context).expect("a rule")
    }

    fn alert(rule: &Rule, values: &[&str]) -> (Alert, Evaluated) {
        let moment = |second| Timestamp::from_second(second).expect("a moment");
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let known = Evaluated {
            id: uuid::Uuid::nil(),
            rule: rule.id.clone(),
            version: rule.version(),
            group: Group { tenant: Some("acme".into()), values },
            group_by: rule.group_by.clone(),
            value: None,
            raised_by: 2,
            first: moment(1_000_000_000),
            last: moment(1_000_000_060),
            count: 2,
            of: None,
            positions: vec![1, 2],
            late: false,
            ended: false,
        };
        (stored::stored(&known, rule, moment(1_000_000_061)), known)
    }

    #[test]
    fn it_says_the_group_the_filter_and_the_time_and_each_name_once() {
        let rule = rule("group_by = [\"user_id\"]\n[filter]\nuser_id = [\"a,b\", \"c\"]\nstatus = \"4xx\"");
        let (stored, known) = alert(&rule, &["a,b"]);
        assert_eq!(
            query(&stored, Some(&known), Some(&rule)),
            "tenant_id=acme&user_id=a%5C%2Cb&status=4xx&\
             date_from=2001-09-09T01%3A46%3A40Z&date_to=2001-09-09T01%3A47%3A40Z"
        );
    }

    #[test]
    fn without_the_rule_it_says_the_group_and_without_a_group_nothing() {
        let rule = rule("group_by = [\"user_id\", \"device\"]");
        let (mut stored, known) = alert(&rule, &["u&1", "Firefox on Linux"]);
        let said = query(&stored, Some(&known), None);
        assert!(said.starts_with("tenant_id=acme&user_id=u%261&date_from="), "{said}");
        stored.tenant = None;
        assert_eq!(query(&stored, None, None), "");
    }
}
