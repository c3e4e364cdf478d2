"""Generated from limits.rs: what the server takes of an activity. Do not edit by hand."""

MAX_TEXT = {
    "user_id": 255,
    "action_type": 50,
    "endpoint": 255,
    "http_method": 10,
    "error_message": 8_000,
    "error_type": 100,
    "target_user_id": 255,
    "target_resource_id": 255,
    "resource_type": 50,
    "user_agent": 1_024,
    "delegate_id": 255,
    "via": 50,
    "session_id": 255,
    "request_id": 128,
    "trace_id": 64,
    "tenant_id": 128,
}
"""Longest text of each field. Error messages and user agents are cut, longer texts of other fields are refused."""

SESSION_TOKEN = 8_192
"""Longest session id that is a token; the server stores a keyed hash of it."""

PROFILE_TEXT = 320
"""Longest e-mail address or display name of the user directory."""

JSON_BYTES = 65_536
"""Largest `details` or `changes`, as compact JSON."""

JSON_DEPTH = 64
"""Deepest nesting of `details` and `changes`."""

SEARCHED_TEXT = 100_000
"""Characters of an error message or user agent that are searched for secrets, before it is cut."""

COUNT = 2_147_483_647
"""Largest duration, and largest count."""

LOOKS_LIKE_MILLISECONDS = 100_000_000_000
"""A number of epoch seconds from here on is taken for milliseconds, which the server refuses."""
