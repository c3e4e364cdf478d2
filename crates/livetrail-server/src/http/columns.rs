//! The columns of activities in files: all of them, or those that a request chooses.

use super::csv::{Cell, SheetRow};
use livetrail_types::{ActivityView, DelegateType, limits, nearest, quoted};
use serde::{Serialize, Serializer};

/// A field of an activity as a column.
type Column = (&'static str, for<'a> fn(&'a ActivityView<'a>) -> Cell<'a>);

/// Every column, the most wanted ones first.
const COLUMNS: [Column; 38] = [
    ("position", |view| Cell::count(view.activity.position)),
    ("occurred_at", |view| Cell::Moment(view.occurred_at)),
    ("timestamp", |view| Cell::Whole(view.activity.timestamp.as_second())),
    ("user_id", |view| Cell::text(&view.activity.user_id)),
    ("user_email", |view| Cell::maybe_text(view.user_email)),
    ("user_display_name", |view| Cell::maybe_text(view.user_display_name)),
    ("action_type", |view| Cell::text(&view.activity.action_type)),
    ("description", |view| Cell::text(&view.description)),
    ("success", |view| Cell::Flag(view.activity.success)),
    ("status_code", |view| Cell::maybe_whole(view.activity.status_code)),
    ("error_type", |view| Cell::maybe_text(view.activity.error_type.as_deref())),
    ("error_message", |view| Cell::maybe_text(view.activity.error_message.as_deref())),
    ("ip_address", |view| view.activity.ip_address.as_ref().map_or(Cell::Empty, Cell::plain)),
    ("device", |view| view.device.as_ref().map_or(Cell::Empty, Cell::Device)),
    ("user_agent", |view| Cell::maybe_text(view.activity.user_agent.as_deref())),
    ("http_method", |view| Cell::maybe_text(view.activity.http_method.as_deref())),
    ("endpoint", |view| Cell::maybe_text(view.activity.endpoint.as_deref())),
    ("duration_ms", |view| Cell::maybe_whole(view.activity.duration_ms)),
    ("db_query_count", |view| Cell::maybe_whole(view.activity.db_query_count)),
    ("resource_type", |view| Cell::maybe_text(view.activity.resource_type.as_deref())),
    ("target_resource_id", |view| Cell::maybe_text(view.activity.target_resource_id.as_deref())),
    ("target_user_id", |view| Cell::maybe_text(view.activity.target_user_id.as_deref())),
    ("details", |view| view.activity.details.as_ref().map_or(Cell::Empty, Cell::Json)),
    ("changes", |view| view.activity.changes.as_ref().map_or(Cell::Empty, Cell::Json)),
    ("is_admin", |view| Cell::Flag(view.activity.is_admin)),
    ("delegate_id", |view| Cell::maybe_text(view.activity.delegate_id.as_deref())),
    ("delegate_type", |view| Cell::maybe_text(view.activity.delegate_type.map(DelegateType::name))),
    ("via", |view| Cell::maybe_text(view.activity.via.as_deref())),
    ("category", |view| Cell::text(&view.category)),
    ("severity", |view| Cell::text(view.severity.name())),
    ("icon", |view| Cell::text(&view.icon)),
    ("session_id", |view| Cell::maybe_text(view.activity.session_id.as_deref())),
    ("request_id", |view| Cell::maybe_text(view.activity.request_id.as_deref())),
    ("trace_id", |view| Cell::maybe_text(view.activity.trace_id.as_deref())),
    ("tenant_id", |view| Cell::maybe_text(view.activity.tenant_id.as_deref())),
    ("id", |view| Cell::plain(&view.activity.id)),
    ("created_at", |view| Cell::Moment(view.activity.created_at)),
    ("timestamp_adjusted", |view| Cell::Flag(view.activity.timestamp_adjusted)),
];

/// Chosen columns, in the order in which a file has them.
#[derive(Clone)]
pub(super) struct Columns(Vec<Column>);

impl Columns {
    pub(super) fn all() -> Self {
        Self(COLUMNS.to_vec())
    }

    /// Reads names with commas in between.
    ///
    /// # Errors
    /// A sentence for each name that is unknown or repeated.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<String>> {
        let (mut chosen, mut errors) = (Vec::<Column>::new(), Vec::new());
        for name in text.split(',').map(str::trim) {
            match COLUMNS.iter().find(|(known, _)| *known == name) {
                Some(_) if chosen.iter().any(|(taken, _)| *taken == name) => {
                    errors.push(format!("names {name} twice"));
                }
                Some(column) => chosen.push(*column),
                None => errors.push(unknown(name)),
            }
            if errors.len() == limits::ERRORS {
                break;
            }
        }
        if errors.is_empty() { Ok(Self(chosen)) } else { Err(errors) }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// The cells of an activity.
    pub(super) fn cells<'a>(&self, view: &'a ActivityView<'a>) -> impl Iterator<Item = Cell<'a>> {
        self.0.iter().map(|(_, read)| read(view))
    }

    /// The activity as an object that has these columns alone.
    pub(super) fn object<'a>(&'a self, view: &'a ActivityView<'a>) -> impl Serialize + 'a {
        Object { columns: self, view }
    }
}

struct Object<'a> {
    columns: &'a Columns,
    view: &'a ActivityView<'a>,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.columns.names().zip(self.columns.cells(self.view)))
    }
}

fn unknown(name: &str) -> String {
    let names = || COLUMNS.iter().map(|(known, _)| *known);
    match nearest(&[name], names()) {
        Some(nearest) => format!("{} is unknown; did you mean {nearest}?", quoted(name)),
        None => {
            let names: Vec<_> = names().collect();
            format!("{} is unknown; the columns are {}", quoted(name), names.join(", "))
        }
    }
}

impl SheetRow for ActivityView<'_> {
    fn heading() -> Vec<&'static str> {
        COLUMNS.iter().map(|(name, _)| *name).collect()
    }

    fn cells(&self) -> Vec<Cell<'_>> {
        COLUMNS.iter().map(|(_, read)| read(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Vec<String> {
        Columns::parse(text).err().expect("a refusal")
    }

    #[test]
    fn columns_are_in_the_order_in_which_they_are_named() {
        let columns = Columns::parse("user_id, position,id").expect("columns");
        assert_eq!(columns.names().collect::<Vec<_>>(), ["user_id", "position", "id"]);
    }

    #[test]
    fn each_name_that_is_not_right_is_refused_with_what_would_be() {
        let bad = refused("usr_id,position,position,colour,");
        assert_eq!(bad[..2], ["\"usr_id\" is unknown; did you mean user_id?", "names position twice"]);
        assert!(
            bad[2].starts_with("\"colour\" is unknown; the columns are position, occurred_at,"),
            "{bad:?}"
        );
        assert!(bad[3].starts_with("\"\" is unknown"), "{bad:?}");
        assert_eq!(bad.len(), 4);
    }

    #[test]
    fn a_request_with_many_wrong_names_is_answered_with_a_few_errors() {
        assert_eq!(refused(&"x,".repeat(10_000)).len(), limits::ERRORS);
    }
}
