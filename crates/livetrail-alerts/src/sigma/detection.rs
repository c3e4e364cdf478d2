//! The detection of an event rule, as a filter. A filter is a conjunction: each field is one of some values,
//! or none of them. So `or` between selections has no filter.

use super::{
    meta::Meta,
    pattern::{escaped, plain},
};
use crate::{
    document::{Errors, Field, Table, Value},
    rule::{filter_of_parameters, matches_none},
};
use livetrail_types::{Filter, FilterContext, nearest, quoted};

/// The fields of activities that a filter compares, and its parameters for them.
const FIELDS: [(&str, &str); 21] = [
    ("action_type", "action_filter"),
    ("success", "success_filter"),
    ("user_id", "user_id"),
    ("target_user_id", "target_user_id"),
    ("ip_address", "ip"),
    ("session_id", "session_id"),
    ("request_id", "request_id"),
    ("trace_id", "trace_id"),
    ("resource_type", "resource_type"),
    ("target_resource_id", "resource_id"),
    ("endpoint", "endpoint"),
    ("http_method", "method"),
    ("status_code", "status"),
    ("is_admin", "is_admin"),
    ("anonymous", "anonymous"),
    ("category", "category"),
    ("tenant_id", "tenant_id"),
    ("delegate_id", "delegate_id"),
    ("delegated", "delegated"),
    ("via", "via"),
    ("text", "text"),
];

/// An event rule.
pub(super) struct EventRule {
    pub(super) meta: Meta,
    pub(super) filter: Filter,
}

impl EventRule {
    pub(super) fn read(
        meta: Meta,
        detection: &Field<'_>,
        context: &FilterContext<'_>,
        notes: &Errors,
    ) -> Option<Self> {
        let mut table = detection.table();
        let condition = table.need("condition", "the selections, joined by `and`");
        let condition = condition.and_then(|field| Some((field.text(500)?, field)))?;
        let names: Vec<String> = table.all().map(|(entry, _)| entry.name.clone()).collect();
        let mut filters = Vec::new();
        for (negated, name) in terms(&condition.0, &names).map_err(|reason| condition.1.error(reason)).ok()? {
            let (_, selection) = table.all().find(|(entry, _)| entry.name == name)?;
            filters.push(Selection { context, notes, negated }.filter(&selection)?);
        }
        let conditions = filters.iter().flat_map(|filter| filter.conditions().to_vec());
        let filter = Filter::of(conditions.collect());
        if let Some(fault) = matches_none(&filter, None) {
            condition.1.error(fault);
            return None;
        }
        Some(Self { meta, filter })
    }
}

/// The selections of a condition, each with whether it is negated.
fn terms(condition: &str, names: &[String]) -> Result<Vec<(bool, String)>, String> {
    let mut words = condition.split_whitespace().peekable();
    let mut terms = Vec::new();
    loop {
        let negated = words.next_if_eq(&"not").is_some();
        let word = words.next().ok_or("ends too early: a selection is missing")?;
        if matches!(word, "1" | "all") && words.next_if_eq(&"of").is_some() {
            let pattern = words.next().ok_or("ends too early: a selection is missing")?;
            let found = matching(pattern, names);
            if word == "1" && found.len() > 1 || word == "all" && negated && found.len() > 1 {
                return Err(format!(
                    "cannot say `{word} of {pattern}`: a filter has no `or` between selections"
                ));
            }
            if found.is_empty() {
                return Err(format!("names {}, which is not a selection", quoted(pattern)));
            }
            terms.extend(found.into_iter().map(|name| (negated, name)));
        } else if names.iter().any(|name| name == word && word != "condition") {
            terms.push((negated, word.to_owned()));
        } else if word.contains(['(', ')', '|']) {
            return Err("cannot have parentheses or pipes: name selections, joined by `and`".into());
        } else {
            return Err(format!("names {}, which is not a selection", quoted(word)));
        }
        match words.next() {
            None => return Ok(terms),
            Some("and") => {}
            Some("or") => {
                return Err(
                    "cannot say `or`: a filter has no `or` between selections; import two rules".into()
                );
            }
            Some(word) => return Err(format!("has {} where `and` is expected", quoted(word))),
        }
    }
}

fn matching(pattern: &str, names: &[String]) -> Vec<String> {
    let is_meant = |name: &&String| match pattern.strip_suffix('*') {
        _ if *name == "condition" => false,
        _ if pattern == "them" => !name.starts_with('_'),
        Some(prefix) => name.starts_with(prefix),
        None => *name == pattern,
    };
    names.iter().filter(is_meant).cloned().collect()
}

/// A selection that is being read.
struct Selection<'a> {
    context: &'a FilterContext<'a>,
    notes: &'a Errors,
    negated: bool,
}

impl Selection<'_> {
    fn filter(&self, field: &Field<'_>) -> Option<Filter> {
        let only = match &field.node.value {
            Value::List(maps) if maps.len() != 1 || !matches!(maps[0].value, Value::Table(_)) => {
                field.error("cannot be a list: a filter has no `or` between fields, and no keywords");
                return None;
            }
            Value::List(_) => field.tables()?.into_iter().next()?,
            _ => field.table(),
        };
        self.conjunction(&only, field)
    }

    fn conjunction(&self, table: &Table<'_>, field: &Field<'_>) -> Option<Filter> {
        let fields: Vec<_> = table.all().collect();
        if self.negated && fields.len() > 1 {
            field.error("has several fields, so `not` of it means `or`, which a filter does not have");
            return None;
        }
        let filters: Vec<Option<Filter>> =
            fields.into_iter().map(|(entry, field)| self.comparison(&entry.name, &field)).collect();
        let filters: Option<Vec<Filter>> = filters.into_iter().collect();
        Some(Filter::of(filters?.iter().flat_map(|filter| filter.conditions().to_vec()).collect()))
    }

    fn comparison(&self, name: &str, field: &Field<'_>) -> Option<Filter> {
        let mut parts = name.split('|');
        let name = parts.next().unwrap_or_default();
        let Some((_, parameter)) = FIELDS.into_iter().find(|(known, _)| *known == name) else {
            field.error(unknown(name));
            return None;
        };
        let (mut negated, mut is_cased) = (self.negated, false);
        for modifier in parts {
            match modifier {
                "cased" => is_cased = true,
                "neq" => negated = !negated,
                "cidr" if name == "ip_address" => is_cased = true,
                _ => {
                    field.error(format!(
                        "has the modifier {}, but a filter compares whole values: `cased`, `neq` and, for \
                         ip_address, `cidr` are possible",
                        quoted(modifier)
                    ));
                    return None;
                }
            }
        }
        let values: Vec<Option<String>> = field.items().iter().map(value).collect();
        let values: Vec<String> = values.into_iter().collect::<Option<_>>()?;
        let has_case = |item: &Field<'_>| match &item.node.value {
            Value::Text(text) => text.contains(char::is_alphabetic),
            _ => false,
        };
        if !is_cased && field.items().iter().any(has_case) {
            let note = format!("is compared exactly, while Sigma ignores case; write {name}|cased to say so");
            self.notes.add(field.place(), field.path.clone(), note);
        }
        let mark = if negated { "!" } else { "" };
        let values: Vec<String> = values.iter().map(|value| format!("{mark}{}", escaped(value))).collect();
        let pairs = values.iter().map(|value| (parameter, value.as_str()));
        filter_of_parameters(pairs, self.context).map_err(|detail| field.error(detail)).ok()
    }
}

fn value(item: &Field<'_>) -> Option<String> {
    let Some(text) = item.node.value.as_parameter().filter(|text| !text.trim().is_empty()) else {
        item.error("must be a text, a whole number or a boolean: a filter cannot ask for an empty field");
        return None;
    };
    let plain = plain(&text);
    if plain.is_none() {
        item.error(format!("is the pattern {}, but a filter compares whole values", quoted(&text)));
    }
    plain
}

fn unknown(name: &str) -> String {
    let names = || FIELDS.into_iter().map(|(name, _)| name);
    match nearest(&[name], names()) {
        Some(meant) => format!("is not a field that a filter compares; did you mean {meant}?"),
        None => format!(
            "is not a field that a filter compares; they are {}",
            names().collect::<Vec<_>>().join(", ")
        ),
    }
}
