"""The files that we ship of others are what their lock says, and a page sends little."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from foundation.ui import vendor_govuk

STATIC = vendor_govuk.STATIC
LIMIT = 40 * 1024


def lock() -> dict[str, Any]:
    return json.loads(vendor_govuk.LOCK.read_text())


def test_vendored_files_match_the_lock() -> None:
    hashes = lock()["sha256"]
    on_disk = {
        str(path.relative_to(STATIC)): vendor_govuk.sha256(path)
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).iterdir()
        if path != vendor_govuk.LOCK
    }
    assert on_disk == hashes


def test_the_lock_names_packages_with_their_integrity_and_licence() -> None:
    for package in lock()["packages"]:
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"])
        assert package["version"] in package["tarball"]
        assert package["licence"] in ("MIT", "OFL-1.1")
    assert "Crown Copyright" in (STATIC / "vendor" / "govuk-frontend.LICENCE.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / "source-sans-3.LICENCE.txt").read_text()


def test_nothing_is_left_that_only_gov_uk_may_use() -> None:
    sent = "".join(path.read_text() for path in STATIC.rglob("*") if path.suffix in (".css", ".js"))
    for word in ("GDS Transport", "/assets/", "sourceMappingURL", "crest.svg"):
        assert word not in sent


@pytest.mark.parametrize("kind", ["css", "js"])
def test_page_and_script_name_the_version_that_is_there(kind: str) -> None:
    version = lock()["packages"][0]["version"]
    source = {
        "css": settings.BASE_DIR / "templates" / "base.html",
        "js": STATIC / "app.js",
    }[kind].read_text()
    assert set(re.findall(r"govuk-frontend-(\d+\.\d+\.\d+)", source)) == {version}


def test_styles_and_scripts_of_a_page_are_small() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in (".css", ".js")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < LIMIT


def test_files_get_hashed_names_that_find_each_other(tmp_path: Path, settings: Any) -> None:
    """As in production: an address in a stylesheet that leads nowhere stops the collecting."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    theme = next((tmp_path / "ui").glob("theme.????????????.css")).read_text()
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', theme)
    assert len(fonts) == 2
    for font in fonts:
        assert (tmp_path / "ui" / font).exists()
    script = next((tmp_path / "ui").glob("app.????????????.js")).read_text()
    module = re.search(r'from "\./(.+)"', script)
    assert module
    assert (tmp_path / "ui" / module[1]).exists()


def test_colours_live_in_the_theme() -> None:
    """Apart from white, and the pairs of grey that only one component uses."""
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "app.css").read_text(), flags=re.DOTALL)
    colours = set(re.findall(r"#[0-9a-f]{3,6}\b", css))
    assert colours <= {"#fff", "#e4e7ef", "#1b2540", "#5a6583", "#f7f9fd"}


def test_upstream_that_changed_its_shape_stops_the_maintainer() -> None:
    with pytest.raises(SystemExit, match="changed shape"):
        vendor_govuk.unbranded_css("body{}")
    with pytest.raises(SystemExit, match="changed shape"):
        vendor_govuk.without_source_map("let x = 1")
