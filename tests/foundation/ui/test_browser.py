"""The gallery in a real browser: accessible, within its policy, and never wider than its screen."""

import json
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.foundation.ui.gallery.pages import pages

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.foundation.ui.gallery.urls")]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
NAMES = (
    "overview",
    "form",
    "form-errors",
    "referee",
    "programme",
    "queue",
    "file",
    "refused",
    "csrf",
    "500",
    "503",
    "400",
    "403",
    "404",
)
#: What Chromium and upstream say that is not a fault of the page.
REMARKS = ("Option `maxwords` is deprecated", "Input elements should have autocomplete")

Show = Callable[..., Page]


def html_of(name: str) -> str:
    return pages()[name]


def overflow(page: Page) -> str:
    """What sticks out at the right: nothing, or the widest element's tag and class."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return "";
            const all = [...document.body.querySelectorAll("*")];
            const out = all.filter((node) => node.getBoundingClientRect().right > width + 1);
            return out.map((node) => `${node.tagName}.${node.className}`).slice(-3).join(" | ");
        }"""
    )


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {json.dumps([node['html'][:160] for node in violation['nodes']])}"
        for violation in found["violations"]
    ]


def test_every_page_of_the_gallery_is_tested() -> None:
    assert sorted(pages()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_no_violation_no_complaint_and_fits(
    show: Show, complaints: list[str], name: str
) -> None:
    page = show(html_of(name))
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) == ""
    assert [said for said in complaints if not any(known in said for known in REMARKS)] == []


@pytest.mark.parametrize("name", NAMES)
def test_without_scripts_it_fits_too(show: Show, name: str) -> None:
    assert overflow(show(html_of(name), width=320, javascript=False)) == ""


def test_a_page_fits_with_the_text_spacing_that_a_reader_sets(show: Show) -> None:
    """WCAG 1.4.12. The style comes from the reader, so it is set past the page's policy."""
    page = show(html_of("overview"), width=320)
    page.evaluate(
        """() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important;
                word-spacing: .16em !important}`);
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    assert overflow(page) == ""


def test_an_error_in_the_summary_leads_to_its_control(show: Show) -> None:
    page = show(html_of("form-errors"))
    for words, target in (
        ("Choose an answer: What is your highest qualification?", "id_degree_0"),
        ("The date of award must be a real date, like 14 7 2021", "id_awarded_0"),
        ("Choose a file", "id_transcript"),
    ):
        page.locator(".govuk-error-summary a", has_text=words).click()
        assert page.evaluate("() => document.activeElement.id") == target


def test_the_counter_counts_as_the_server_does(show: Show) -> None:
    page = show(html_of("form"))
    page.fill("#id_statement", "It’s well-known — e.g. 3,5 %")
    assert page.locator(".govuk-character-count__status").inner_text() == (
        "You have 794 words remaining"
    )


def test_ticking_all_rows_says_how_many(show: Show) -> None:
    page = show(html_of("queue"))
    page.check("[data-app-select-all]")
    assert page.locator("[data-app-selected]").inner_text() == "4 selected"
    page.uncheck("[data-app-row] >> nth=0")
    assert page.locator("[data-app-selected]").inner_text() == "3 selected"


def test_what_needs_scripts_is_hidden_without_them(show: Show) -> None:
    page = show(html_of("queue"), javascript=False)
    assert not page.locator("[data-app-select-all]").is_visible()
    assert page.locator("[data-app-row]").first.is_visible()
    page = show(html_of("form"), javascript=False)
    assert not page.get_by_role("button", name="Show password").is_visible()
    assert page.get_by_text("You can enter up to 800 words").is_visible()


def test_focus_is_seen_on_what_the_portal_adds(show: Show) -> None:
    page = show(html_of("overview"))
    sign_out = page.get_by_role("button", name="Sign out")
    sign_out.focus()
    colour = sign_out.evaluate("node => getComputedStyle(node).backgroundColor")
    assert colour == "rgb(255, 221, 0)"
