"""The middleware of Django, with Django itself: synchronous and asynchronous."""

import asyncio
from collections.abc import Iterator
from typing import Any

import django
import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, override_settings
from django.test import Client as Browser
from django.urls import path, re_path

from livetrail import Client, log_activity

from .scripted_server import PATIENCE, ScriptedServer

if not settings.configured:
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        MIDDLEWARE=["livetrail.django.ActivityMiddleware"],
        SECRET_KEY="for tests",
    )
    django.setup()


class Ada:
    pk = 7
    is_authenticated = True


def user(request: HttpRequest, id: int) -> HttpResponse:
    if request.GET.get("signed_in"):
        request.user = Ada()
    return HttpResponse(str(id))


async def asynchronous(request: HttpRequest, id: int) -> HttpResponse:
    request.user = Ada()
    return HttpResponse(str(id))


def broken(request: HttpRequest) -> HttpResponse:
    request.user = Ada()
    raise KeyError("secret details")


def own(request: HttpRequest) -> HttpResponse:
    request.user = Ada()
    log_activity(request, "u-1", "its_own")
    log_activity(None, "u-1", "its_own")
    return HttpResponse("own")


urlpatterns = [
    path("users/<int:id>/", user),
    path("asynchronous/<int:id>/", asynchronous),
    re_path(r"^old/(?P<id>[0-9]+)/$", user),
    path("broken/", broken),
    path("own/", own),
]


@pytest.fixture(autouse=True)
def livetrail_settings(default: Client) -> Iterator[None]:
    with override_settings(LIVETRAIL={"user_id": "livetrail.django.signed_in"}):
        yield


@pytest.mark.parametrize(("url", "endpoint"), [("/users/4/", "/users/{id}/"), ("/old/4/", "/old/{id}/")])
def test_each_request_of_a_known_user_is_recorded_under_its_route(
    url: str, endpoint: str, default: Client, server: ScriptedServer
) -> None:
    browser = Browser(headers={"User-Agent": "x"})
    assert browser.get(url, {"signed_in": "yes"}).content == b"4"
    browser.get(url)
    assert default.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["user_id"], activity["endpoint"], activity["status_code"]) == ("7", endpoint, 200)
    assert (activity["http_method"], activity["ip_address"], activity["user_agent"]) == ("GET", "127.0.0.1", "x")
    assert activity["details"] == {"path": url}
    assert activity["duration_ms"] >= 0


def test_asynchronous_django_is_the_same(default: Client, server: ScriptedServer) -> None:
    async def work() -> Any:
        browser = AsyncClient()
        return [await browser.get("/asynchronous/5/"), await browser.get("/users/4/", {"signed_in": "yes"})]

    assert [answer.status_code for answer in asyncio.run(work())] == [200, 200]
    assert default.flush(PATIENCE)
    assert [each["endpoint"] for each in server.activities] == ["/asynchronous/{id}/", "/users/{id}/"]


def test_an_exception_is_recorded_by_its_type(default: Client, server: ScriptedServer) -> None:
    assert Browser(raise_request_exception=False).get("/broken/").status_code == 500
    assert default.flush(PATIENCE)
    [activity] = server.activities
    assert (activity["status_code"], activity["success"], activity["error_type"]) == (500, False, "KeyError")
    assert "error_message" not in activity


def test_log_activity_knows_the_request_and_it_is_not_recorded_twice(default: Client, server: ScriptedServer) -> None:
    Browser().get("/own/")
    assert default.flush(PATIENCE)
    assert [(each["action_type"], each["endpoint"]) for each in server.activities] == [("its_own", "/own/")] * 2


def test_without_settings_it_records_nothing_by_itself(default: Client) -> None:
    with override_settings(LIVETRAIL={}):
        assert Browser().get("/users/4/", {"signed_in": "yes"}).status_code == 200
    assert default.stats.sent == default.stats.waiting == 0


def test_rules_of_the_application_choose(default: Client, server: ScriptedServer) -> None:
    rules = {"user_id": lambda _: "u-1", "when": lambda _, status: status == 404, "action_type": "failed_call"}
    with override_settings(LIVETRAIL=rules):
        Browser().get("/users/4/")
        Browser().get("/unknown/4/")
    assert default.flush(PATIENCE)
    assert [(each["action_type"], each["endpoint"]) for each in server.activities] == [("failed_call", "/unknown/4/")]
