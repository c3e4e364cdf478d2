"""Every action of the site arrives in Livetrail, with what was done and by whom."""

import json
import re
import uuid
from datetime import UTC, datetime

from conftest import ADA, ADMIN, KEY


def test_a_wrong_password_is_answered_and_logged_with_401(browser, livetrail):
    page = browser.post("/login", data={**ADA, "password": "not-it-at-all"})
    assert page.status_code == 401
    assert "Wrong e-mail or password." in page.text
    logged = livetrail.activity("user_login")
    ada = next(a for a in livetrail.arrivals if a.method == "PUT" and a.body["email"] == ADA["email"])
    assert ada.path.endswith(logged["user_id"])
    assert (logged["status_code"], logged["http_method"]) == (401, "POST")
    assert (logged["endpoint"], logged["ip_address"], logged["user_agent"]) == ("/login", "203.0.113.9", "a test")
    assert (logged["error_type"], logged.get("is_admin", False)) == ("InvalidCredentials", False)
    assert logged["duration_ms"] >= 0
    assert logged["db_query_count"] == 2


def test_attempts_on_one_unknown_email_count_as_one_anonymous_user(browser, livetrail):
    for email in ("nobody@example.com", "Nobody@example.com ", "else@example.com"):
        assert browser.post("/login", data={"email": email, "password": "guess"}).status_code == 401
    livetrail.wait_until(lambda: len(livetrail.activities()) == 3)
    first, second, third = (each["user_id"] for each in livetrail.activities())
    assert first == second != third
    assert first.startswith("anon-")


def test_an_activity_carries_an_id_a_time_and_the_key(browser, livetrail):
    browser.post("/login", data=ADMIN)
    logged = livetrail.activity("user_login")
    assert uuid.UUID(logged["id"]).version == 7
    age = datetime.now(UTC) - datetime.fromisoformat(logged["timestamp"])
    assert 0 <= age.total_seconds() < 10
    assert logged["is_admin"] is True
    assert {arrival.authorization for arrival in livetrail.arrivals} == {f"Bearer {KEY}"}


def test_a_chat_message_leaves_its_first_100_characters(browser, livetrail):
    page = browser.post("/chat", data={"message": "ö" * 250})
    session_id = page.url.path.removeprefix("/chat/")
    created, said = livetrail.activity("session_create"), livetrail.activity("chat_message")
    assert created["details"] == {"first_message_preview": "ö" * 100}
    assert said["details"] == {"message_preview": "ö" * 100, "session_id": session_id, "user_type": "anonymous"}
    assert said["user_id"].startswith("anon-")
    assert said["user_id"] == created["user_id"]


def test_a_new_account_is_registered_before_its_first_activity(browser, livetrail):
    browser.post("/signup", data={"email": "eve@example.com", "password": "a-long-password", "display_name": "Eve"})
    logged = livetrail.activity("user_signup")
    person = next(a for a in livetrail.arrivals if a.body == {"email": "eve@example.com", "display_name": "Eve"})
    assert person.path == f"/api/users/{logged['user_id']}"


def test_a_taken_email_is_logged_as_a_failed_signup(browser, livetrail):
    page = browser.post("/signup", data={**ADA, "display_name": "Imposter"})
    assert page.status_code == 409
    assert livetrail.activity("user_signup")["error_type"] == "EmailTaken"


def test_sessions_are_created_renamed_and_deleted(browser, livetrail):
    browser.post("/sessions", data={"name": "Plans"})
    session_id = livetrail.activity("session_create")["target_resource_id"]
    assert "Better plans" in browser.post(f"/sessions/{session_id}/rename", data={"name": "Better plans"}).text
    assert livetrail.activity("session_rename")["details"] == {"new_name": "Better plans"}
    assert "Better plans" not in browser.post(f"/sessions/{session_id}/delete").text
    assert livetrail.activity("session_delete")["target_resource_id"] == session_id


def test_documents_are_uploaded_listed_viewed_and_deleted(log_in, livetrail):
    browser = log_in(ADA)
    page = browser.post("/documents", files={"file": ("notes.txt", b"three small words")})
    assert "notes.txt" in page.text
    uploaded = livetrail.activity("document_upload")
    assert uploaded["details"] == {"file_name": "notes.txt", "size_bytes": 17}
    document_id = uploaded["target_resource_id"]
    assert "3 words" in browser.get(f"/documents/{document_id}").text
    browser.post(f"/documents/{document_id}/delete")
    for action in ("document_list", "document_status", "document_delete"):
        assert livetrail.activity(action)["status_code"] in (200, 303)


def test_a_document_over_one_megabyte_is_refused_and_logged(log_in, livetrail):
    for size in (1024 * 1024 + 1, 3 * 1024 * 1024):
        page = log_in(ADA).post("/documents", files={"file": ("big.bin", b"\0" * size)})
        assert page.status_code == 413
    assert livetrail.activity("document_upload")["error_type"] == "TooLarge"


def test_documents_need_an_account(browser, livetrail):
    assert browser.get("/documents").status_code == 401
    assert livetrail.activity("document_list")["error_type"] == "NotLoggedIn"


def test_preferences_log_which_ones_changed(log_in, livetrail):
    browser = log_in(ADA)
    page = browser.post("/preferences", data={"display_name": "Ada Lindqvist", "tone": "formal"})
    assert "Saved." in page.text
    assert livetrail.activity("preferences_update")["details"] == {"changed": ["tone"]}


def test_admin_pages_log_who_was_looked_at(log_in, livetrail):
    browser = log_in(ADMIN)
    ada_id = re.search(r'/admin/users/([^"]+)">Ada', browser.get("/admin/users").text)[1]
    assert ADA["email"] in browser.get(f"/admin/users/{ada_id}").text
    viewed = livetrail.activity("admin_view_user_details")
    assert (viewed["target_user_id"], viewed["is_admin"]) == (ada_id, True)
    assert livetrail.activity("admin_list_users")["details"] == {"results_count": 3}


def test_a_feedback_status_is_changed_by_an_admin(log_in, livetrail):
    browser = log_in(ADMIN)
    browser.post("/feedback", data={"text": "More pebbles, please."})
    feedback_id = livetrail.activity("content_created")["target_resource_id"]
    browser.post(f"/admin/feedback/{feedback_id}/status", data={"status": "resolved"})
    changed = livetrail.activity("admin_update_feedback_status")
    assert changed["details"] == {"old_status": "new", "new_status": "resolved"}
    assert livetrail.activity("admin_list_feedback")["is_admin"] is True


def test_a_user_at_an_admin_page_is_refused_and_logged(log_in, livetrail):
    assert log_in(ADA).get("/admin/users").status_code == 403
    logged = livetrail.activity("admin_list_users")
    assert (logged["status_code"], logged.get("is_admin", False)) == (403, False)
    assert logged["error_type"] == "Forbidden"


def test_a_failure_is_logged_without_its_text(browser, livetrail):
    browser.app.state.db.close()
    assert browser.get("/sessions").status_code == 500
    logged = livetrail.activity("api_operation")
    assert (logged["status_code"], logged["error_type"]) == (500, "ProgrammingError")
    assert logged["duration_ms"] >= 0
    assert logged["db_query_count"] == 1


def test_what_a_visitor_makes_too_long_is_cut(browser, livetrail):
    browser.post(f"/sessions/{'x' * 400}/delete", headers={"user-agent": "y" * 2000})
    logged = livetrail.activity("session_delete")
    lengths = [len(logged[field]) for field in ("endpoint", "target_resource_id", "user_agent")]
    assert lengths == [255, 255, 1024]
    browser.post("/chat", data={"message": "a\0b"})
    assert livetrail.activity("chat_message")["details"]["message_preview"] == "ab"


def test_no_password_and_no_cookie_is_ever_logged(log_in, livetrail):
    browser = log_in(ADA)
    browser.post("/login", data={"email": "my-secret-typed-as-email", "password": "my-secret-guess"})
    browser.post("/signup", data={"email": "x@example.com", "password": "my-secret-password", "display_name": "X"})
    cookie = browser.cookies["chat_identity"]
    browser.post("/logout")
    livetrail.activity("user_logout")
    everything = json.dumps([arrival.body for arrival in livetrail.arrivals])
    for secret in ("my-secret", ADA["password"], cookie):
        assert secret not in everything
