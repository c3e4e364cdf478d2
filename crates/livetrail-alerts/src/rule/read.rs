//! Reading a rule from its document.

use super::{
    Field, Rule, check, details, limits,
    read_condition::{self, Around},
    read_filter,
};
use crate::{
    RuleError,
    document::{self, Errors, Node, Table},
};
use livetrail_types::{Filter, FilterContext, Severity, limits::TENANT_ID, nearest, quoted};

/// Reads a whole document.
pub(super) fn rule(node: &Node, context: &FilterContext<'_>) -> Result<Rule, Vec<RuleError>> {
    let errors = Errors::default();
    let rule = fields(Table::of(node, &errors), context);
    match rule {
        Some(rule) if errors.is_empty() => Ok(rule),
        _ => Err(errors.into_sorted()),
    }
}

fn fields(mut table: Table<'_>, context: &FilterContext<'_>) -> Option<Rule> {
    let id = table.need("id", "a short name such as \"failed-sign-ins\"").and_then(|field| id(&field));
    let title = table.need("title", "the name for people").and_then(|field| field.line(limits::TITLE));
    let description = table.get("description").map(|field| field.text(limits::DESCRIPTION));
    let severity = severity(&mut table);
    let tenant = table.get("tenant").map(|field| field.line(TENANT_ID));
    let group_by_field = table.get("group_by");
    let group_by = group_by_field.as_ref().map_or(Some(Vec::new()), group_by);
    let (shortest, longest) = limits::TIMESPAN;
    let timespan = table
        .need("timespan", "the length of the window, such as \"10m\"")
        .and_then(|field| field.span(shortest..=longest));
    let filter_field = table.get("filter");
    let filter = match &filter_field {
        Some(field) => read_filter::filter(&field.table(), context),
        None => Some(Filter::default()),
    };
    if let (Some(field), Some(filter)) = (&filter_field, &filter) {
        check::matches_none(filter, tenant.as_ref().and_then(Option::as_deref))
            .into_iter()
            .for_each(|fault| field.error(fault));
    }
    if let (Some(field), Some(filter), Some(group_by)) = (&group_by_field, &filter, &group_by) {
        check::group_by(group_by, filter).into_iter().for_each(|fault| field.error(fault));
    }
    let another_user = table.get("another_user").map_or(Some(false), |field| field.flag());
    let details_at_least =
        table.get("details_at_least").map_or(Some(Vec::new()), |field| details::read(&field));
    let condition = table.need("condition", "a table whose `type` says what raises an alert");
    let around = Around { filter: filter.as_ref(), group_by: group_by.as_deref(), timespan };
    let condition = condition.and_then(|field| read_condition::condition(field.table(), &around, context));
    table.finish();
    Some(Rule {
        id: id?,
        title: title?,
        description: description.unwrap_or_else(|| Some(String::new()))?,
        severity: severity?,
        tenant: tenant.map_or(Some(None), |tenant| tenant.map(Some))?,
        filter: filter?,
        another_user: another_user?,
        details_at_least: details_at_least?,
        group_by: group_by?,
        timespan: timespan?,
        condition: condition?,
    })
}

fn id(field: &document::Field<'_>) -> Option<String> {
    let id = field.text(limits::ID)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.chars().all(allowed) && !id.starts_with('-') {
        return Some(id);
    }
    field.error("must have lower-case letters, digits and dashes only, such as \"failed-sign-ins\"");
    None
}

fn severity(table: &mut Table<'_>) -> Option<Severity> {
    let field = table.need("severity", "info, notice, warning or critical")?;
    let text = field.text(20)?;
    let known = match text.as_str() {
        "info" => Some(Severity::Info),
        "notice" => Some(Severity::Notice),
        "warning" => Some(Severity::Warning),
        "critical" => Some(Severity::Critical),
        _ => None,
    };
    if known.is_none() {
        field.error(format!("must be info, notice, warning or critical, not {}", quoted(&text)));
    }
    known
}

fn group_by(field: &document::Field<'_>) -> Option<Vec<Field>> {
    let items = field.items();
    if items.len() > limits::GROUP_BY {
        field.error(format!("has {} fields; at most {} are possible", items.len(), limits::GROUP_BY));
    }
    let fields: Vec<Option<Field>> = items.iter().map(named).collect();
    let fields: Option<Vec<Field>> = fields.into_iter().collect();
    let fields = fields?;
    for (at, name) in fields.iter().enumerate() {
        if fields[..at].contains(name) {
            items[at].error(format!("names {name} twice; keep one of them"));
        }
    }
    Some(fields)
}

/// A field of an activity by its name.
pub(crate) fn named(field: &document::Field<'_>) -> Option<Field> {
    let name = field.text(40)?;
    let found = Field::of_name(&name);
    if found.is_none() {
        field.error(unknown(&name));
    }
    found
}

fn unknown(name: &str) -> String {
    let meant = match name {
        "tenant_id" => {
            return "cannot be tenant_id: an alert never mixes tenants, so leave it out".into();
        }
        "ip" => Some("ip_address"),
        "action_filter" => Some("action_type"),
        "status" => Some("status_code"),
        "method" => Some("http_method"),
        "resource_id" => Some("target_resource_id"),
        _ => nearest(&[name], Field::ALL.into_iter().map(|(_, name)| name)),
    };
    match meant {
        Some(meant) => format!("has an unknown field {}; did you mean {meant}?", quoted(name)),
        None => {
            let names: Vec<&str> = Field::ALL.into_iter().map(|(_, name)| name).collect();
            format!("has an unknown field {}; the fields are {}", quoted(name), names.join(", "))
        }
    }
}
