"""Make the static files that we ship from the npm packages, for whoever upgrades them.

    npm pack govuk-frontend@6.6.0 @fontsource-variable/source-sans-3@5.3.0
    python -m foundation.ui.vendor_govuk govuk-frontend-6.6.0.tgz \\
        fontsource-variable-source-sans-3-5.3.0.tgz

From GOV.UK Frontend it takes away what is licensed for gov.uk alone (the font GDS Transport and the
royal crest), sends every font family through one custom property, and drops the source map
comments, whose targets the manifest storage would look for in vain. It stops when upstream changed
its shape. The lock beside the files holds their SHA-256 and the tarballs' npm integrity.
"""

import base64
import hashlib
import json
import re
import sys
import tarfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent / "static" / "ui"
LOCK = STATIC / "vendor" / "vendor.lock.json"
GOVUK = "govuk-frontend"
FONT = "@fontsource-variable/source-sans-3"
FONT_FILES = (
    "source-sans-3-latin-wght-normal.woff2",
    "source-sans-3-latin-ext-wght-normal.woff2",
)
MIT = """The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def unbranded_css(css: str) -> str:
    """GOV.UK Frontend's stylesheet without what only gov.uk may use."""
    css, notices = re.subn(r"(?s)/\*! Copyright \(c\) 2011 by Margaret Calvert.*?\*/", "", css)
    css, faces = re.subn(r"@font-face\{font-family:GDS Transport;.*?\}", "", css)
    css, families = re.subn(
        r"GDS Transport,\s*arial,\s*sans-serif", "var(--app-font-family,system-ui,sans-serif)", css
    )
    css, _crests = re.subn(r"url\(/assets/images/govuk-crest\.svg\)", "none", css)
    css, maps = re.subn(r"/\*# sourceMappingURL=.*?\*/", "", css)
    if (notices, faces, maps) != (1, 2, 1) or families < 40:
        raise SystemExit(f"Upstream changed shape: {notices=} {faces=} {families=} {maps=}")
    if "GDS Transport" in css or "/assets/" in css:
        raise SystemExit("Something licensed for gov.uk alone is left in the stylesheet.")
    return css


def without_source_map(javascript: str) -> str:
    """GOV.UK Frontend's module without the pointer to a map that we don't ship."""
    javascript, maps = re.subn(r"//# sourceMappingURL=.*", "", javascript)
    if maps != 1:
        raise SystemExit(f"Upstream changed shape: {maps} source map comments in the script")
    return javascript


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _package(tarball: Path, name: str) -> dict[str, str]:
    """What the lock says of a tarball, once it is known to hold the package asked for."""
    package = json.loads(_read(tarball, "package.json"))
    if package["name"] != name:
        raise SystemExit(f"{tarball} holds {package['name']}, not {name}")
    version = package["version"]
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    return {
        "package": name,
        "version": version,
        "licence": package.get("license", "MIT"),
        "tarball": f"https://registry.npmjs.org/{name}/-/{name.rpartition('/')[2]}-{version}.tgz",
        "integrity": f"sha512-{digest}",
    }


def _read(tarball: Path, member: str) -> bytes:
    with tarfile.open(tarball) as archive:
        found = archive.extractfile(f"package/{member}")
        if found is None:
            raise SystemExit(f"{member} is not in {tarball}")
        return found.read()


def vendor(govuk_tarball: Path, font_tarball: Path) -> None:
    """Write the files and their lock. Files of an earlier version are removed."""
    vendored, fonts = STATIC / "vendor", STATIC / "fonts"
    for folder in (vendored, fonts):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()

    govuk = _package(govuk_tarball, GOVUK)
    stem = f"govuk-frontend-{govuk['version']}"
    css = _read(govuk_tarball, "dist/govuk/govuk-frontend.min.css").decode()
    javascript = _read(govuk_tarball, "dist/govuk/govuk-frontend.min.js").decode()
    (vendored / f"{stem}.unbranded.min.css").write_text(unbranded_css(css))
    (vendored / f"{stem}.min.js").write_text(without_source_map(javascript))
    # The tarball has no licence file of its own; the licence asks for its text.
    (vendored / "govuk-frontend.LICENCE.txt").write_text(MIT)

    font = _package(font_tarball, FONT)
    for name in FONT_FILES:
        (fonts / name).write_bytes(_read(font_tarball, f"files/{name}"))
    (fonts / "source-sans-3.LICENCE.txt").write_bytes(_read(font_tarball, "LICENSE"))

    files = sorted([*vendored.iterdir(), *fonts.iterdir()])
    lock = {
        "made_by": "python -m foundation.ui.vendor_govuk",
        "packages": [govuk, font],
        "sha256": {str(path.relative_to(STATIC)): sha256(path) for path in files},
    }
    LOCK.write_text(json.dumps(lock, indent=2) + "\n")


if __name__ == "__main__":
    vendor(Path(sys.argv[1]), Path(sys.argv[2]))
