"""What holds on every page, whoever looks at it."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

NARROW = 320
#: WCAG 2.2 A and AA, and axe's best practices.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@dataclass
class Auditor:
    """Collects what is wrong with pages; `assert_clean` says it all at once."""

    #: axe needs the page's scripts to run; without JavaScript the other checks stay.
    uses_axe: bool = True
    faults: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def watch(self, page: Page) -> None:
        """Note what the page's console and policy complain about."""

        def note(message: ConsoleMessage) -> None:
            refused = "Content Security Policy" in message.text or "Refused to" in message.text
            if message.type == "error" and (refused or "Failed to load" not in message.text):
                self.faults.append(f"{urlsplit(page.url).path}: console: {message.text[:200]}")

        page.on("console", note)
        page.on(
            "pageerror",
            lambda error: self.faults.append(f"{urlsplit(page.url).path}: script: {error}"),
        )

    def look(self, page: Page, name: str) -> None:
        """Check the page as it stands, at its width and at 320 px."""
        self.looked_at.add(name)
        page.wait_for_load_state()
        self._check_inline(page, name)
        if self.uses_axe:
            self._check_axe(page, name)
        self._check_narrow(page, name)

    def _check_axe(self, page: Page, name: str) -> None:
        for violation in Axe().run(page, options=RULES).response["violations"]:
            where = violation["nodes"][0]["html"][:160]
            self.faults.append(f"{name}: axe {violation['id']} ({violation['impact']}): {where}")

    def _check_inline(self, page: Page, name: str) -> None:
        inline = page.locator("script:not([src]):not([type='application/ld+json'])").count()
        styled = page.locator("main [style], header [style], footer [style]").count()
        if inline or styled:
            self.faults.append(f"{name}: {inline} inline scripts, {styled} inline styles")

    def _check_narrow(self, page: Page, name: str) -> None:
        size = page.viewport_size
        page.set_viewport_size({"width": NARROW, "height": 800})
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        if wide > NARROW:
            self.faults.append(f"{name}: {wide} px wide at {NARROW}")
        if size:
            page.set_viewport_size(size)

    def assert_clean(self) -> None:
        assert not self.faults, "\n" + "\n".join(dict.fromkeys(self.faults))
