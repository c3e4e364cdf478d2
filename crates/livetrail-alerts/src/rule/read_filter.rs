//! The filter of a rule: its keys are the parameters of the log's lists, its values are written as in their
//! queries.

use crate::document::{Field, Table};
use livetrail_types::{FILTER_PARAMETERS, Filter, FilterContext, nearest, quoted};

/// Parameters that a rule cannot have, each with the reason.
const REFUSED: [(&str, &str); 4] = [
    ("date_from", "is not possible in a rule: it looks at each activity as it comes; see `timespan`"),
    ("date_to", "is not possible in a rule: it looks at each activity as it comes; see `timespan`"),
    ("q", "depends on the user directory, which changes: name the fields, such as user_id or endpoint"),
    ("user_search", "depends on the user directory, which changes: use user_id"),
];

/// Reads a table of parameters.
pub(super) fn filter(table: &Table<'_>, context: &FilterContext<'_>) -> Option<Filter> {
    let mut parameters = Vec::new();
    for (entry, field) in table.all() {
        match values(&entry.name, &field) {
            Ok(values) => parameters.push((entry.name.as_str(), values, field)),
            Err(Some(detail)) => field.error(detail),
            Err(None) => {}
        }
    }
    let conditions = parameters.into_iter().map(|(name, values, field)| {
        filter_of_parameters(values.iter().map(|value| (name, value.as_str())), context)
            .map_err(|detail| field.error(detail))
            .ok()
    });
    let filters: Option<Vec<Filter>> = conditions.collect::<Vec<_>>().into_iter().collect();
    filters
        .map(|filters| Filter::of(filters.iter().flat_map(|filter| filter.conditions().to_vec()).collect()))
}

/// The filter of some parameters, all of one name.
pub(crate) fn filter_of_parameters<'a>(
    parameters: impl Iterator<Item = (&'a str, &'a str)>,
    context: &FilterContext<'_>,
) -> Result<Filter, String> {
    Filter::parse(parameters, context)
        .map_err(|errors| errors.into_iter().map(|error| error.detail).collect::<Vec<_>>().join("; "))
}

/// The values of a parameter; `Err(None)` if the faults are reported already.
fn values(name: &str, field: &Field<'_>) -> Result<Vec<String>, Option<String>> {
    if let Some((_, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
        return Err(Some((*reason).to_owned()));
    }
    if !FILTER_PARAMETERS.iter().any(|parameter| parameter.name == name) {
        return Err(Some(unknown(name)));
    }
    let items = field.items();
    if items.is_empty() {
        return Err(Some("is an empty list, which would match nothing: leave the key out".into()));
    }
    let mut values = Vec::new();
    for item in &items {
        match item.node.value.as_parameter() {
            Some(value) if value.trim().is_empty() => item.error("is empty: leave the key out"),
            Some(value) => values.push(value),
            None => item.error(format!(
                "must be a text, a whole number, true or false, or a list of them, not {}",
                item.node.value.kind()
            )),
        }
    }
    if values.len() == items.len() { Ok(values) } else { Err(None) }
}

/// People know the names of an activity's fields, too.
fn unknown(name: &str) -> String {
    let meant = match name {
        "action_type" => Some("action_filter"),
        "success" => Some("success_filter"),
        "ip_address" => Some("ip"),
        "status_code" => Some("status"),
        "http_method" => Some("method"),
        "target_resource_id" => Some("resource_id"),
        _ => None,
    };
    let possible = || {
        let names = FILTER_PARAMETERS.iter().map(|parameter| parameter.name);
        names.filter(|name| REFUSED.iter().all(|(refused, _)| refused != name))
    };
    match meant.or_else(|| nearest(&[name], possible())) {
        Some(meant) => format!("is not a key of a filter; did you mean `{meant}`?"),
        None => format!(
            "is not a key of a filter, {}; they are {}",
            quoted(name),
            possible().collect::<Vec<_>>().join(", ")
        ),
    }
}
