"""Logs name routes. No path, token, email or network address reaches a line."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
import structlog
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from config.logs import logging_config
from config.request_log import RequestMiddleware

TOKEN = "q7Xv2mB4nK9pRt6wYz3cDf8h"


def _fine(request: HttpRequest, token: str) -> HttpResponse:
    structlog.get_logger("portal.test").info("looked at", where=request.path)
    return HttpResponse("fine")


def _failing(request: HttpRequest, token: str) -> NoReturn:
    raise RuntimeError(f"no such thing at {request.path}, {token}, anna@applicant.example")


def _strange(request: HttpRequest, token: str) -> NoReturn:
    raise DisallowedHost(f"strange host for {request.path}")


urlpatterns = [
    path("fine/<token>/", _fine, name="fine"),
    path("failing/<token>/", _failing, name="failing"),
    path("strange/<token>/", _strange, name="strange"),
]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that the production configuration writes."""
    config = logging_config(as_json=True)
    formatter = dict(config["formatters"]["structured"])
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def _events(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
@pytest.mark.parametrize("page", ["fine", "failing", "strange", "missing"])
def test_a_token_in_the_path_is_in_no_line(lines: io.StringIO, page: str) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    for method in (client.get, client.post):
        method(
            f"/{page}/{TOKEN}/",
            headers={"user-agent": "Browser/7"},
            REMOTE_ADDR="203.0.113.9",
            query_params={"token": TOKEN},
        )
    written = lines.getvalue()
    assert written
    for secret in (TOKEN, f"/{page}", "203.0.113.9", "Browser/7", "anna@applicant.example"):
        assert secret not in written


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_line_carries_the_requests_id_and_route(lines: io.StringIO) -> None:
    Client().get(f"/fine/{TOKEN}/")
    events = _events(lines)
    assert [event["event"] for event in events] == ["looked at", "request_finished"]
    assert {event["route"] for event in events} == {"fine"}
    assert len({event["request_id"] for event in events}) == 1
    assert events[1]["code"] == 200
    assert isinstance(events[1]["milliseconds"], int)


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_a_failure_is_told_with_its_traceback(lines: io.StringIO) -> None:
    Client(raise_request_exception=False).get(f"/failing/{TOKEN}/")
    failed = [event for event in _events(lines) if event["event"] == "request_failed"]
    assert len(failed) == 1
    assert "RuntimeError" in failed[0]["exception"]


def test_other_libraries_lines_lose_addresses_too(lines: io.StringIO) -> None:
    logging.getLogger("somewhere").warning("Key (email)=(%s) exists", "anna@applicant.example")
    assert _events(lines)[0]["event"] == "Key (email)=([address]) exists"


def test_a_request_without_a_route_is_named_unknown() -> None:
    assert RequestMiddleware.format_request(RequestFactory().get("/nowhere")) == "GET unknown"
