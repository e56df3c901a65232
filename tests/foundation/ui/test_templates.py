"""Every template of the project keeps to the policy: no inline script, style or handler."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs

#: Emails and PDFs are not pages: a mail program and WeasyPrint need their styles inside.
NOT_PAGES = (
    "/templates/email/",
    "/notifications/email.html",
    "/notifications/line.html",
    "/pdf/",
)

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "something fetched from elsewhere": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//",
        re.IGNORECASE,
    ),
}


def templates() -> list[Path]:
    folders = [settings.BASE_DIR / "templates", *get_app_template_dirs("templates")]
    ours = [folder for folder in map(Path, folders) if _is_ours(folder)]
    return sorted(path for folder in ours for path in folder.rglob("*.html"))


def _is_ours(folder: Path) -> bool:
    return folder.is_relative_to(settings.BASE_DIR) and ".venv" not in folder.parts


def page_templates() -> list[Path]:
    return [path for path in templates() if not any(part in str(path) for part in NOT_PAGES)]


def test_templates_are_found() -> None:
    assert {"base.html", "field.html"} <= {path.name for path in templates()}


@pytest.mark.parametrize(
    "bad",
    [
        "<script>1</script>",
        '<p style="x">',
        '<p class="a" onclick="x">',
        "<style>",
        '<img src="//x.example/a.png">',
        '<a href="javascript:x">',
    ],
)
def test_the_search_finds_what_it_looks_for(bad: str) -> None:
    assert any(pattern.search(bad) for pattern in FORBIDDEN.values())


def test_no_page_breaks_the_policy() -> None:
    found = [
        f"{path.relative_to(settings.BASE_DIR)}: {what}"
        for path in page_templates()
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text())
    ]
    assert found == []


def test_every_template_compiles() -> None:
    for path in page_templates():
        folder = next(parent for parent in path.parents if parent.name == "templates")
        get_template(str(path.relative_to(folder)))


def test_a_page_with_a_form_has_its_error_summary() -> None:
    lacking = [
        str(path.relative_to(settings.BASE_DIR))
        for path in page_templates()
        if "{% crispy form %}" in path.read_text() and "{% error_summary" not in path.read_text()
    ]
    assert lacking == []


def test_no_template_names_a_university() -> None:
    found = [str(path) for path in templates() if "Imperial" in path.read_text()]
    assert found == []
