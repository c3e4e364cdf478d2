/// A parameter of a filter, described in one place for the parser and for the API's documentation.
#[derive(Clone, Copy, Debug)]
pub struct FilterParameter {
    /// Its name in a query string.
    pub name: &'static str,
    /// A description of its value; empty where the name is enough.
    pub description: &'static str,
    /// Whether its value is `true` or `false`.
    pub is_flag: bool,
    /// Whether it is about the time of activities.
    pub is_date: bool,
}

const fn text(name: &'static str, description: &'static str) -> FilterParameter {
    FilterParameter { name, description, is_flag: false, is_date: false }
}

const fn flag(name: &'static str, description: &'static str) -> FilterParameter {
    FilterParameter { is_flag: true, ..text(name, description) }
}

const fn date(name: &'static str, description: &'static str) -> FilterParameter {
    FilterParameter { is_date: true, ..text(name, description) }
}

/// Every parameter of a filter. Each may be repeated or comma-separated, as [`Filter::parse`](super::Filter::parse)
/// reads it.
pub const FILTER_PARAMETERS: [FilterParameter; 26] = [
    text("action_filter", "Action types"),
    text("success_filter", "`true`, `false`, `success` or `failure`"),
    text("user_search", "Part of the user's e-mail address, name or id"),
    date("date_from", "From then on: epoch seconds or RFC 3339, inclusive"),
    date("date_to", "Until then: epoch seconds or RFC 3339, inclusive"),
    text("user_id", ""),
    text("target_user_id", ""),
    text("ip", "Address or network, such as `192.0.2.0/24`; at most 50"),
    text("session_id", ""),
    text("request_id", ""),
    text("trace_id", ""),
    text("resource_type", ""),
    text("resource_id", ""),
    text("endpoint", ""),
    text("method", ""),
    text("status", "Status or class, such as `404` or `4xx`"),
    flag("is_admin", ""),
    flag("anonymous", ""),
    text("category", "Category of the catalogue, `other` for actions that are not in it"),
    text("tenant_id", ""),
    text("delegate_id", "Who acted in the user's name"),
    flag("delegated", "Whether another party acted in the user's name"),
    text("read_by", "Who has read the log; `!ada` leaves out that Ada has"),
    text("via", "Through what it was done, such as `mcp`"),
    text(
        "q",
        "Part of the user's e-mail address, name or id, of the action, address, endpoint, resource id or target user; \
         a network; or exactly the id of an activity, request, session or trace",
    ),
    text("text", "Words of error messages and details, where that search is switched on; at most 16"),
];
