"""A whole portal of its own for browser tests: web server, workers, beat, mailbox, sandbox provider.

It is started by the command that people use, in a folder of its own, once for the session. Browser
tests run in one worker (`xdist_group`), so there is one portal whatever the number of workers.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from config.embedded import ports
from tests.browser.audit import Auditor
from tests.browser.people import Site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 180
#: A folder for pictures of what the browsers showed when a test failed.
PICTURES = os.environ.get("PICTURES", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser and the portal."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.report_of_call = report  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running portal, at an address of its own."""
    address = os.environ.get("PORTAL_UNDER_TEST")
    if address:
        yield Site(address)
        return
    folder = tmp_path_factory.mktemp("portal")
    port = ports.find_free()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DJANGO_SETTINGS_MODULE", "PORTAL_DATABASE_ROLE")
    }
    environment |= {"PORTAL_VAR": str(folder), "PORT": str(port)}
    log = (folder / "start.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "config.embedded", "start"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, folder / "start.log")
        yield Site(url)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        log.close()


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the portal did not start:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=5) as response:
                if response.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the portal was not ready in {START_SECONDS} seconds:\n{log.read_text()}")


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


OpenBrowser = Callable[..., BrowserContext]


@pytest.fixture
def open_browser(
    chromium: Browser, site: Site, request: pytest.FixtureRequest
) -> Iterator[OpenBrowser]:
    """Open a browser window of a person: `open_browser(width=390, javascript=False)`."""
    opened: list[BrowserContext] = []

    def open_one(*, width: int = 1280, javascript: bool = True) -> BrowserContext:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            base_url=site.url,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        return context

    yield open_one
    report = getattr(request.node, "report_of_call", None)
    for number, context in enumerate(opened):
        if report is not None and report.failed and PICTURES:
            for page in context.pages:
                page.screenshot(path=f"{PICTURES}/{number}.png", full_page=True)
        context.close()


@pytest.fixture
def auditor() -> Auditor:
    """Looks at each page it is given: axe, overflow at 320 px, inline scripts, the console."""
    return Auditor()
