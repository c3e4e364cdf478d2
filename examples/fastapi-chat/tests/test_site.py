"""What visitors see and may not see."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
from conftest import ADA


def test_a_chat_is_answered_and_its_html_is_text(browser):
    page = browser.post("/chat", data={"message": "Hello <script>alert(1)</script>"})
    assert "&lt;script&gt;" in page.text
    assert "Hello! Ask me anything" in page.text


def test_nobody_reads_or_changes_a_session_of_somebody_else(browser):
    path = browser.post("/chat", data={"message": "private"}).url.path
    browser.cookies.clear()
    assert browser.get(path).status_code == 404
    assert browser.post("/chat", data={"message": "me too", "session_id": path[6:]}).status_code == 404
    assert browser.post(f"/sessions/{path[6:]}/delete").status_code == 404


def test_a_form_of_another_site_is_refused(browser):
    page = browser.post("/chat", data={"message": "forged"}, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 403


def test_a_forged_cookie_is_nobody(browser):
    browser.cookies.set("chat_identity", "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoiYWRhIn0.")
    assert browser.get("/admin/users").status_code == 401


def test_logging_out_ends_the_visit(log_in):
    browser = log_in(ADA)
    assert browser.get("/preferences").status_code == 200
    assert browser.post("/logout").url.path == "/login"
    assert browser.get("/preferences").status_code == 401


def test_the_process_says_where_it_listens_and_sends_all_before_it_ends(livetrail):
    environment = {**os.environ, "PORT": "0", "LIVETRAIL_URL": livetrail.url, "LIVETRAIL_KEY": "k", "CHAT_DATABASE": ""}
    process = subprocess.Popen(
        [sys.executable, "-m", "chatapp"],
        cwd=Path(__file__).parents[1],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        url = next(line.split()[-1] for line in process.stdout if line.startswith("listening on "))
        assert httpx.post(f"{url}/login", data={**ADA, "password": "wrong"}).status_code == 401
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in (0, -signal.SIGTERM)
    assert livetrail.activity("user_login")["status_code"] == 401
