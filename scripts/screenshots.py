"""`make screenshots`: pictures of the real pages for the README, in `docs/images`.

A portal is started in a folder of its own, exactly as `make run` starts it, and the demonstration's
people are followed through it in headless Chromium.
"""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZES = {1280: 960, 390: 844}
COLOURS = 128
START_SECONDS = 180
PATIENCE_SECONDS = 60
PASSWORD = "only-a-demonstration"
PROGRAMME = "/programmes/machine-learning-and-data-science/"
#: Demonstration applicants whose files stand where the pictures want them.
DRAFT = "applicant@demo.example"
WAITING = "wanjiru.kamau@people.example"
PROPOSED = "Aino"
OFFERED = "meiling.chen@people.example"


@dataclass
class Visit:
    """One person's browser."""

    page: Page

    def go(self, path: str) -> None:
        response = self.page.goto(path)
        if response is None or response.status >= 400:
            raise RuntimeError(f"{path} answers {response.status if response else 'nothing'}")

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        self.page.get_by_role("link", name=label).first.click()

    def sign_in(self, email: str) -> None:
        """With the code of the mailbox page, where one is asked for."""
        self.go("/accounts/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.press("Sign in")
        if self.page.locator("[name=code]").count():
            self.page.locator("[name=code]").fill(self._code(email))
            self.press("Sign in")

    def _code(self, email: str) -> str:
        other = self.page.context.new_page()
        other.goto("/demo/mailbox/")
        code = other.locator(f"dt:text-is('{email}') + dd").inner_text()
        other.close()
        return code.strip()

    def take(self, name: str) -> None:
        """The page as it is first seen at each width, in few colours: a page needs no more."""
        for width, height in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate("() => { scrollTo(0, 0); document.activeElement?.blur() }")
            self.page.evaluate("() => document.fonts.ready.then(() => true)")
            picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
            path = IMAGES / f"{name}-{width}.png"
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB", flush=True)


def programme(visit: Visit) -> None:
    visit.go(PROGRAMME)
    visit.take("programme")


def overview(visit: Visit) -> None:
    visit.sign_in(DRAFT)
    visit.go("/applications/")
    visit.page.locator("main a[href^='/applications/']").first.click()
    visit.take("overview")


def queue(visit: Visit) -> None:
    visit.sign_in("officer@demo.example")
    visit.go("/office/queue/")
    visit.take("queue")


def file(visit: Visit) -> None:
    visit.sign_in("director@demo.example")
    visit.go(f"/office/queue/?q={PROPOSED}")
    visit.page.locator("main a[href^='/office/files/']").first.click()
    visit.take("file")


def decision(visit: Visit) -> None:
    visit.sign_in(OFFERED)
    visit.go("/applications/")
    visit.page.locator("main a[href^='/applications/']").first.click()
    visit.page.locator("main a[href$='/decision/']").first.click()
    visit.take("decision")


def referee(visit: Visit) -> None:
    """The applicant reminds their referee, who opens the link of the mail."""
    visit.sign_in(WAITING)
    visit.go("/applications/")
    visit.page.locator("main a[href^='/applications/']").first.click()
    visit.go(f"{visit.page.url}referees/1/remind/")
    visit.press("Send the reminder")
    visit.page.goto(_link_in_mail(visit.page, "referee1.wanjiru-kamau@letters.example"))
    visit.press("Continue")
    visit.page.wait_for_url(re.compile(r"/reference/$"))
    visit.take("referee")


def _link_in_mail(page: Page, recipient: str) -> str:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        page.goto(f"/demo/mailbox/?to={recipient}")
        mails = page.locator(
            "main a[href^='/demo/mailbox/']", has_text=re.compile("reference", re.IGNORECASE)
        )
        if mails.count():
            mails.first.click()
            address = page.locator("main a[href*='/reference/']").first.get_attribute("href")
            if address:
                return address
        page.wait_for_timeout(500)
    raise RuntimeError(f"no mail came to {recipient}")


WALKS: tuple[Callable[[Visit], None], ...] = (programme, overview, referee, queue, file, decision)


@contextmanager
def portal() -> Iterator[str]:
    """The address of a running portal, which is gone with everything it made afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-pictures-") as folder:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        process = subprocess.Popen(
            [sys.executable, "-m", "config.embedded", "start"],
            cwd=ROOT,
            env={**os.environ, "PORTAL_VAR": folder, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_ready(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=90)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError("the portal did not start; `make run` says why")


def _walk(browser: Browser, url: str) -> None:
    for walk in WALKS:
        context = browser.new_context(base_url=url, locale="en-GB")
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        walk(Visit(context.new_page()))
        context.close()


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    print("Starting a portal …", flush=True)
    with portal() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        _walk(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
