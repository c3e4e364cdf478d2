use crate::{
    Condition, Field, Rule, Span,
    document::{Place, Table},
    rule::limits,
};
use livetrail_types::{Filter, Severity, quoted};

/// Fields that people read and that decide nothing.
const FOR_PEOPLE: [&str; 14] = [
    "status",
    "author",
    "references",
    "reference",
    "date",
    "modified",
    "tags",
    "falsepositives",
    "related",
    "license",
    "fields",
    "taxonomy",
    "scope",
    "generate",
];

/// What documents of both kinds begin with.
#[derive(Clone, Debug)]
pub(super) struct Meta {
    pub(super) place: Place,
    title: String,
    /// The names by which correlations refer to it.
    names: Vec<String>,
    description: String,
    severity: Severity,
}

impl Meta {
    pub(super) fn read(table: &mut Table<'_>) -> Option<Self> {
        for name in FOR_PEOPLE {
            table.get(name);
        }
        let title = table.need("title", "the name for people").and_then(|field| field.line(limits::TITLE));
        let name = table.get("name").and_then(|field| field.text(limits::TITLE));
        let id = table.get("id").and_then(|field| field.text(limits::TITLE));
        let description = table.get("description").and_then(|field| field.text(limits::DESCRIPTION));
        let severity = table.get("level").map_or(Some(Severity::Warning), |field| {
            let level = field.text(20)?;
            let severity = severity(&level);
            if severity.is_none() {
                field.error(format!(
                    "must be informational, low, medium, high or critical, not {}",
                    quoted(&level)
                ));
            }
            severity
        });
        if let Some(field) = table.get("logsource") {
            let mut source = field.table();
            if let Some(product) = source.get("product")
                && product.text(100).is_some_and(|name| name != "livetrail")
            {
                product.error("must be livetrail, or left out: activities come from no other product");
            }
        }
        Some(Self {
            place: table.place,
            names: name.into_iter().chain(id).collect(),
            title: title?,
            description: description.unwrap_or_default(),
            severity: severity?,
        })
    }

    pub(super) fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    pub(super) fn rule(
        &self,
        filter: Filter,
        group_by: Vec<Field>,
        timespan: Span,
        condition: Condition,
    ) -> Rule {
        Rule {
            id: slug(self.names.first().filter(|name| !name.contains('-')).unwrap_or(&self.title)),
            title: self.title.clone(),
            description: self.description.clone(),
            severity: self.severity,
            tenant: None,
            filter,
            another_user: false,
            details_at_least: Vec::new(),
            group_by,
            timespan,
            condition,
        }
    }
}

fn severity(level: &str) -> Option<Severity> {
    Some(match level {
        "informational" => Severity::Info,
        "low" => Severity::Notice,
        "medium" => Severity::Warning,
        "high" | "critical" => Severity::Critical,
        _ => return None,
    })
}

/// The id of a rule from its name: `Many failed logins` becomes `many-failed-logins`.
fn slug(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = words.collect::<Vec<_>>().join("-");
    slug.truncate(limits::ID);
    if slug.is_empty() { "rule".into() } else { slug }
}
