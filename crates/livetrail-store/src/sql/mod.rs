//! Questions as SQL: what every database has in common. A statement is written once, here; a [`Dialect`] says only what
//! differs from database to database.

mod clause;
mod groups;
mod page;
mod stats;

pub(crate) use clause::Clause;
pub(crate) use groups::{is_number, statement as groups};
pub(crate) use page::statement as page;
pub(crate) use stats::{DAY, StatsSql, Totals};

use jiff::Timestamp;
use livetrail_types::{GroupBy, SortBy, TextField};

/// A value that a statement takes beside its text.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Flag(bool),
    Moment(Timestamp),
}

/// How one database says it. Rows of the log go by the name `a`; what begins with a placeholder's name is one.
pub(crate) trait Dialect: Send + Sync {
    /// What stands for the n-th value (from 1).
    fn placeholder(&self, n: usize, value: &Value) -> String;

    /// The log itself, as `a`.
    fn log(&self) -> &'static str;

    /// The position, as a bound that most rows are within: it should not be what rows are looked up by.
    fn position(&self) -> &'static str;

    /// Where a text field is kept: its text, or a number that [`Dialect::members`] finds.
    fn column(&self, field: TextField) -> &'static str;

    /// What has to stand in `column IN (…)` for a field to be one of the texts listed.
    fn members(&self, field: TextField, texts: &str) -> String;

    /// What a list is sorted by; texts in the order of their bytes.
    fn sort_column(&self, by: SortBy) -> &'static str;

    /// The status code.
    fn status(&self) -> &'static str;

    /// Whether the user is anonymous.
    fn anonymous(&self) -> String;

    /// Whether another party acted in the user's name.
    fn delegated(&self) -> &'static str;

    /// Whether the address lies in networks. The placeholder stands for [`Networks`](livetrail_types::Networks) as
    /// text.
    fn in_networks(&self, networks: &str) -> String;

    /// Whether the user is called so: by id, or by a profile of the row's tenant.
    fn user_has(&self, needle: &str) -> String;

    /// Whether a text field has this in it.
    fn text_has(&self, field: TextField, needle: &str) -> String;

    /// Whether the id of the resource has this in it, as
    /// [`Sought::is_part_of_id`](livetrail_types::Sought::is_part_of_id) says.
    fn id_has(&self, needle: &str) -> String;

    /// Whether the activity has this id, which is given as text.
    fn has_id(&self, id: &str) -> String;

    /// Whether the address, as text, has this in it.
    fn address_has(&self, needle: &str) -> String;

    /// Whether all of the words are in the error message and the details.
    fn has_words(&self, words: &str, placeholder: &str) -> String;

    /// The number of different users of the rows that `condition` selects, and of the anonymous ones among them.
    fn users(&self, condition: &str) -> String;

    /// The action that most of the rows that `condition` selects have; of those as often, the first by its bytes.
    fn top_action(&self, condition: &str) -> String;

    /// What rows are grouped by: a number, a text, or what [`Dialect::key_text`] makes a text of.
    fn group_key(&self, by: GroupBy) -> String;

    /// The text of a key that is called `name`; texts in the order of their bytes.
    fn key_text(&self, by: GroupBy, name: &str) -> String;
}
