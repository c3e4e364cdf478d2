//! Limits of activities, of request bodies and of queries. Limits of connections and heads are in the server. Lengths
//! are in characters unless a name says bytes.

/// Longest user id.
pub const USER_ID: usize = 255;
/// Longest action type.
pub const ACTION_TYPE: usize = 50;
/// Longest endpoint (a path without its query string).
pub const ENDPOINT: usize = 255;
/// Longest HTTP method.
pub const HTTP_METHOD: usize = 10;
/// Error messages are cut here and marked with `…`.
pub const ERROR_MESSAGE: usize = 8_000;
/// Longest error type.
pub const ERROR_TYPE: usize = 100;
/// Longest id of a user or resource that an activity is about.
pub const TARGET_ID: usize = 255;
/// Longest resource type.
pub const RESOURCE_TYPE: usize = 50;
/// Longest text of each field. Error messages and user agents are cut, longer texts of other fields are refused.
pub const MAX_TEXT: [(&str, usize); 16] = [
    ("user_id", USER_ID),
    ("action_type", ACTION_TYPE),
    ("endpoint", ENDPOINT),
    ("http_method", HTTP_METHOD),
    ("error_message", ERROR_MESSAGE),
    ("error_type", ERROR_TYPE),
    ("target_user_id", TARGET_ID),
    ("target_resource_id", TARGET_ID),
    ("resource_type", RESOURCE_TYPE),
    ("user_agent", USER_AGENT),
    ("delegate_id", DELEGATE_ID),
    ("via", VIA),
    ("session_id", SESSION_ID),
    ("request_id", REQUEST_ID),
    ("trace_id", TRACE_ID),
    ("tenant_id", TENANT_ID),
];
/// Characters of an error message or user agent that are searched for secrets, before it is cut.
pub const SEARCHED_TEXT: usize = 100_000;
/// Largest duration, and largest count.
pub const COUNT: i32 = i32::MAX;
/// Largest `details` or `changes`, as compact JSON.
pub const JSON_BYTES: usize = 64 * 1024;
/// Deepest nesting of `details` and `changes`.
pub const JSON_DEPTH: usize = 64;
/// Deepest nesting of a whole JSON text.
pub const JSON_TEXT_DEPTH: usize = 128;
/// Most values in one item of a JSON text: more than `details` and `changes` of the largest size can have.
pub const JSON_VALUES: usize = 80_000;
/// Deepest nesting of JSON by another application's SQL that is searched for secrets; deeper JSON is replaced whole.
pub const STORED_JSON_DEPTH: usize = 512;
/// Most values of JSON by another application's SQL that is searched for secrets; larger JSON is replaced whole. Bounds
/// its memory.
pub const STORED_JSON_VALUES: usize = 1_000_000;
/// Longest number in a JSON text, in bytes.
pub const JSON_NUMBER: usize = 1_000;
/// User agents are cut here.
pub const USER_AGENT: usize = 1_024;
/// Longest id of the party that acted in a user's name.
pub const DELEGATE_ID: usize = 255;
/// Longest name of what an activity came through.
pub const VIA: usize = 50;
/// Longest session id that is kept as it is.
pub const SESSION_ID: usize = 255;
/// Longest session id that is a token; the server stores a keyed hash of it.
pub const SESSION_TOKEN: usize = 8_192;
/// Longest request id.
pub const REQUEST_ID: usize = 128;
/// Longest trace id.
pub const TRACE_ID: usize = 64;
/// Longest tenant id.
pub const TENANT_ID: usize = 128;
/// Longest e-mail address or display name of the user directory.
pub const PROFILE_TEXT: usize = 320;
/// Most activities or users in one request.
pub const BATCH_ITEMS: usize = 10_000;
/// Largest request body after inflation.
pub const BODY_BYTES: usize = 10_000_000;
/// Largest request body of a call that takes no activities, before and after inflation.
pub const SMALL_BODY_BYTES: usize = 16 * 1024;
/// Mistakes of one activity that a refusal lists, and of one request that is refused as a whole.
pub const ERRORS: usize = 20;
/// Mistakes that the answer to a batch lists in full; of further items it lists the first one.
pub const BATCH_ERRORS: usize = 1_000;
/// Largest page of a list.
pub const PAGE_LIMIT: u32 = 100;
/// Page size of a list that names none.
pub const PAGE_DEFAULT: u32 = 20;
/// An activity further ahead of the server's clock than this is stored at the server's time, in seconds.
pub const CLOCK_AHEAD_SECONDS: i64 = 600;
/// An activity before this moment (2000-01-01T00:00:00Z, epoch seconds) is stored at the server's time.
pub const EARLIEST_SECOND: i64 = 946_684_800;
/// A number of epoch seconds from here on is taken for milliseconds, which the server refuses.
pub const LOOKS_LIKE_MILLISECONDS: f64 = 1e11;
/// Most values of one filter.
pub const FILTER_VALUES: usize = 200;
/// Most networks of one filter: each row's address is compared with them.
pub const FILTER_NETWORKS: usize = 50;
/// Longest text of a search.
pub const SEARCH_TEXT: usize = 200;
/// Most words of a search in messages and details.
pub const SEARCH_WORDS: usize = 16;
/// Most fields that an activity may come with, known or not.
pub const FIELDS: usize = 64;
