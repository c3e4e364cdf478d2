//! The vocabulary of Livetrail.
//!
//! It holds everything that parts of the product, or the product and its users, have to agree on. That is the
//! [`Activity`] and its input ([`NewActivity`]), the meaning of a [`Filter`] and the text of a place in the log
//! ([`Cursor`], [`PageCursor`]). It is also the form of a refusal ([`Problem`]) and the actions with a name and a
//! sentence ([`Catalogue`]).
//!
//! Nothing here does I/O, reads a clock or draws a random number: time and ids are arguments.

mod access;
pub mod actions;
mod activity;
mod catalogue;
#[cfg(test)]
mod codegen;
#[cfg(test)]
mod contract;
mod cursor;
mod device;
mod filter;
mod group;
mod intake;
pub mod json;
pub mod limits;
mod nearest;
mod page;
mod problem;
mod quote;
mod redact;
mod text;
mod time;
mod user;
mod words;

pub use access::Role;
pub use activity::{Activity, ActivityView, Change, Delegate, DelegateType, LIVETRAIL, is_reserved};
pub use catalogue::{Action, Catalogue, CatalogueError, Category, Mention, Severity, visible};
pub use cursor::{BadCursor, Cursor, CursorCheck, Epoch};
pub use device::{Device, DeviceClass};
pub use filter::{
    Choice, Condition, FILTER_PARAMETERS, Filter, FilterContext, FilterParameter, Networks, Sought,
    StatusPattern, Subject, TextField,
};
pub use group::{Group, GroupBy, Grouping, Scalar, two_decimals};
pub use intake::{Fingerprint, NewActivity, Sender, Stamped, field_hint, field_name, is_given_by_livetrail};
pub use json::Json;
pub use nearest::nearest;
pub use page::{ListQuery, Page, PageCursor, PageStart, Sort, SortBy, SortOrder, Stats};
pub use problem::{FieldError, Problem};
pub use quote::{quoted, shorten_quotes, shortened};
pub use redact::{
    REDACTED, RULES_VERSION, Redaction, RedactionCounts, RedactionRules, SecretKind, looks_like_credential,
};
pub use text::{FoldedFinder, contains_folded, folded, is_hexadecimal_id};
pub use time::parse_moment;
pub use user::UserProfile;
pub use words::Words;
