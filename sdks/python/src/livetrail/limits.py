"""What the server takes of an activity. Lengths are in characters unless a name says bytes."""

USER_ID = 255
ERROR_MESSAGE = 8_000
SESSION_ID = 255
SESSION_TOKEN = 8_192
PROFILE_TEXT = 320
JSON_BYTES = 64 * 1024
JSON_LEVELS = 64
LARGEST_COUNT = 2**31 - 1

TEXTS = {
    "user_id": USER_ID,
    "error_type": 100,
    "target_user_id": 255,
    "target_resource_id": 255,
    "resource_type": 50,
    "user_agent": 1_024,
    "request_id": 128,
    "trace_id": 64,
}
"""Texts that are cleaned, redacted and cut."""

IDENTIFIERS = {"action_type": 50, "tenant_id": 128}
"""Texts that are only cleaned and cut: the server refuses one with a secret in it, as a replacement would break it."""

ENDPOINT = 255
HTTP_METHOD = 10
