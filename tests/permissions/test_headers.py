"""What every page sends beside its words: policies, caching, cookies; and what no page takes."""

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.client import ClientHandler
from django.urls import resolve, reverse

from tests.factories import PASSWORD
from tests.permissions.matrix import ROWS
from tests.permissions.test_matrix import SOME
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

#: Their form leads to the payment provider.
PAYMENT_PAGES = ("fees:fee",)
#: Mail has inline styles, so the demonstration's page of a mail may; it runs no script.
MAIL_PAGES = ("notifications:mailbox_html",)
#: A provider proves itself by a signature over what it sends.
WITHOUT_TOKEN = ("fees:webhook",)


def directives(response: Any) -> dict[str, list[str]]:
    policy = response.headers["Content-Security-Policy"]
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_every_answer_has_the_policies(name: str, world: World) -> None:
    row = ROWS[name]
    url = reverse(name, kwargs=row.arguments(world))
    for kind in SOME:
        response: Any = world.browser(kind).get(url)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        headers = response.headers
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["Referrer-Policy"] == "same-origin", kind
        assert headers["X-Frame-Options"] == "DENY", kind
        _check_policy(name, response)
        signed_in = kind not in ("visitor", "referee of this request")
        if signed_in or (row.audience is not None and "/reference/" in url):
            assert "no-store" in headers.get("Cache-Control", ""), f"{url} as {kind}"
        if "Set-Cookie" in headers:
            pytest.fail("cookies are set by the response's cookies alone")
        _check_cookies(response.cookies)
        if name not in MAIL_PAGES and headers["Content-Type"].startswith("text/html"):
            _check_markup(body.decode(), f"{url} as {kind}")


def _check_policy(name: str, response: Any) -> None:
    found = directives(response)
    assert found["default-src"] == ["'none'"]
    if "sandbox" in found:
        return  # a file: nothing of it runs
    everything = [value for values in found.values() for value in values]
    assert "'unsafe-eval'" not in everything
    assert not any("*" in value or value in ("data:", "https:", "http:") for value in everything)
    if name in MAIL_PAGES and response.status_code == 200:
        assert found["script-src"] == ["'none'"]
        return
    assert "'unsafe-inline'" not in everything
    assert found["script-src"] == found["style-src"] == ["'self'"]
    assert found["frame-ancestors"] == found["base-uri"] == found["object-src"] == ["'none'"]
    extra = set(found["form-action"]) - {"'self'"}
    assert not extra or (name in PAYMENT_PAGES and len(extra) == 1), extra


def _check_cookies(cookies: SimpleCookie) -> None:
    for cookie in cookies.values():
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax", cookie


_INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>"
    r"|<style\b|\sstyle=\"|\son\w+=\"|javascript:",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=\"(?:https?:)?//")


def _check_markup(html: str, where: str) -> None:
    for found in (_INLINE.search(html), _foreign(html)):
        assert found is None, f"{where}: {found[0]}"


def _foreign(html: str) -> re.Match[str] | None:
    return _FOREIGN.search(re.sub(r'<link rel="canonical"[^>]*>', "", html))


def test_cookies_are_secure_where_the_portal_is(settings: Any, world: World) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    client.get(reverse("account_login"))
    email = world.applications["strangers"].applicant.email
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    cookies = client.cookies
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= set(cookies)
    for cookie in cookies.values():
        assert cookie["secure"], cookie
        assert cookie["httponly"], cookie
        assert cookie["samesite"] == "Lax", cookie
        assert not cookie["domain"], cookie


# --- Addresses that somebody else chose -----------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "account_login", "account_reset_password", "health_live"])
def test_a_foreign_host_is_not_answered(name: str) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"):
        answer = Client(headers={"host": host}).get(reverse(name))
        assert answer.status_code == 400, host
        assert b"evil" not in answer.content
    forwarded = Client(headers={"x-forwarded-host": "evil.example"}).get(reverse("home"))
    assert b"evil.example" not in forwarded.content


FOREIGN = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
    "https:/evil.example",
    "\thttps://evil.example",
    "//evil.example\\@127.0.0.1/",
)
TAKES_NEXT = (
    ("account_login", "visitor"),
    ("account_login", "owner"),
    ("account_signup", "visitor"),
    ("account_signup", "owner"),
    ("account_logout", "owner"),
    ("account_reauthenticate", "owner"),
    ("account_change_password", "owner"),
    ("accounts:accept_notices", "owner"),
    ("accounts:landing", "owner"),
    ("mfa_reauthenticate", "owner"),
    ("mfa_reauthenticate", "every role hours ago"),
    ("mfa_activate_totp", "owner"),
    ("mfa_activate_totp", "admissions_officer here"),
    ("mfa_view_recovery_codes", "admissions_officer here"),
    ("mfa_generate_recovery_codes", "admissions_officer here"),
)


@pytest.mark.parametrize(("name", "kind"), TAKES_NEXT)
def test_no_page_leads_out(name: str, kind: str, world: World) -> None:
    """Neither a redirect nor a link nor a hidden field of the page has the foreign address."""
    url = reverse(name)
    for wanted in FOREIGN:
        browser = world.browser(kind)
        for answer in (
            browser.get(url, {"next": wanted}),
            world.browser(kind).post(url, {"next": wanted}),
            world.browser(kind).post(f"{url}?next={wanted}"),
        ):
            cache.clear()
            location = answer.headers.get("Location", "")
            assert not re.match(r"[\s\\/]*[\\/]{2}|\w+:", location), (wanted, location)
            links = re.findall(r'(?:href|action|formaction)="([^"]*)"', answer.content.decode())
            assert not any(link.strip().startswith(wanted.strip()) for link in links), wanted


def test_signing_in_leads_to_no_foreign_address(world: World) -> None:
    email = world.applications["strangers"].applicant.email
    for wanted in FOREIGN:
        cache.clear()
        data = {"login": email, "password": PASSWORD, "next": wanted}
        answer = Client().post(reverse("account_login"), data)
        assert answer.status_code == 302
        assert resolve(answer["Location"]), wanted
    data["next"] = "/applications/"
    cache.clear()
    assert Client().post(reverse("account_login"), data)["Location"] == "/applications/"


# --- Methods and tokens ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ROWS))
def test_other_methods_change_nothing(name: str, world: World) -> None:
    """No page takes PUT, PATCH or DELETE; pages of django-allauth may answer as to a GET."""
    url = reverse(name, kwargs=ROWS[name].arguments(world))
    ours = not _module_of(url).startswith(("allauth", "django"))
    for method in ("put", "patch", "delete", "trace"):
        for kind in ("visitor", "owner", "every role hours ago"):
            answer = getattr(world.browser(kind), method)(url)
            cache.clear()
            if ours and not name.startswith(("account_", "mfa_")):
                assert answer.status_code in (302, 403, 404, 405), f"{method} {url} as {kind}"
            assert answer.status_code < 500, f"{method} {url} as {kind}"


def _module_of(url: str) -> str:
    return str(resolve(url).func.__module__)


@pytest.mark.parametrize("name", [name for name in sorted(ROWS) if "POST" in ROWS[name].methods])
def test_a_post_without_its_token_is_refused(name: str, world: World) -> None:
    row = ROWS[name]
    url = reverse(name, kwargs=row.arguments(world))
    for kind in SOME:
        browser = world.browser(kind)
        browser.handler = ClientHandler(enforce_csrf_checks=True)
        answer = browser.post(url, row.post(world))
        cache.clear()
        if name in WITHOUT_TOKEN:
            assert answer.status_code == 400
        else:
            assert answer.status_code == 403, f"{url} as {kind}"
            assert "403_csrf.html" in [template.name for template in answer.templates]
