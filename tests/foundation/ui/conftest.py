"""Pages shown in a real browser without a server: each request is answered from memory or finders."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from csp.utils import build_policy
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Playwright, Route

from foundation.ui import navigation

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ORIGIN = "http://portal.test"


@pytest.fixture(autouse=True)
def menu(monkeypatch: pytest.MonkeyPatch) -> dict[str, navigation.Item]:
    """The gallery's own staff menu: those of the rooms ask the database who may see them."""
    items: dict[str, navigation.Item] = {}
    monkeypatch.setattr(navigation, "_ITEMS", items)
    navigation.register(
        navigation.Item("Queue", "admissions:queue", order=10),
        navigation.Item("My reviews", "admissions:reviews", order=20),
    )
    return items


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Of the one Playwright that all browser tests of a process share: it can't be begun twice."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed")
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said on its console about the pages of this test."""
    return []


@pytest.fixture
def show(chromium: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Show some HTML as a page of the portal, under its content security policy."""
    contexts = []

    def open_page(html: str, *, width: int = 1280, javascript: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.route("**/*", lambda route: _answer(route, html))
        page.goto(f"{ORIGIN}/", wait_until="load")
        if javascript:
            page.evaluate("() => document.fonts.ready.then(() => true)")
        return page

    yield open_page
    for context in contexts:
        context.close()


def _answer(route: Route, html: str) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        policy = build_policy()
        headers = {"content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
        route.fulfill(status=200, headers=headers, body=html)
        return
    found: Any = None
    if path.startswith(settings.STATIC_URL):
        found = finders.find(path.removeprefix(settings.STATIC_URL))
    if found is None:
        route.fulfill(status=404, body="")
        return
    kind = mimetypes.guess_type(str(found))[0] or "application/octet-stream"
    route.fulfill(status=200, content_type=kind, body=Path(found).read_bytes())
