"""What each kind of person does in the browser, in their own words: by labels, buttons and links."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.audit import Auditor

PASSWORD = "plum harbour tuesday"
STAFF_PASSWORD = "only-a-demonstration"
NAME = "Zoë O’Brien-Łukasiewicz <b>"
PATIENCE_SECONDS = 30
STATEMENT = "\n\n".join(
    ["I want to study machine learning because of the questions it lets me ask. " * 10] * 5
)


@dataclass
class Site:
    url: str


@dataclass
class Visit:
    """One person's browser. `look` is called on every page they stop at."""

    context: BrowserContext
    auditor: Auditor | None = None
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        if self.auditor:
            self.auditor.watch(self.page)

    def look(self, name: str) -> None:
        if self.auditor:
            self.auditor.look(self.page, name)

    def go(self, path: str) -> None:
        response = self.page.goto(path)
        assert response is not None, path
        assert response.status < 400, f"{path}: {response.status}"

    def press(self, label: str) -> None:
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, label: str) -> None:
        exact = re.compile(rf"^\s*{re.escape(label)}\s*$")
        self.page.locator("main a", has_text=exact).first.click()

    def fill(self, **answers: str) -> None:
        """Fill fields by the name that their form gives them."""
        for name, answer in answers.items():
            self.page.locator(f"[name='{name}']").fill(answer)

    def fill_date(self, name: str, day: int, month: int, year: int) -> None:
        self.fill(**{f"{name}_0": str(day), f"{name}_1": str(month), f"{name}_2": str(year)})

    def choose(self, name: str, value: str) -> None:
        """Choose a radio by its value; the label is what people click on."""
        radio = self.page.locator(f"input[name='{name}'][value='{value}']")
        self.page.locator(f"label[for='{radio.get_attribute('id')}']").click()

    def tick(self, name: str) -> None:
        box = self.page.locator(f"input[name='{name}']")
        self.page.locator(f"label[for='{box.get_attribute('id')}']").click()

    def heading(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)


def until(found: Callable[[], str | None], what: str) -> str:
    """Wait for what a worker brings."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if result := found():
            return result
        time.sleep(0.3)
    raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")


# --- Mail -----------------------------------------------------------------------------------------


def read_mail(visit: Visit, recipient: str, subject: str) -> None:
    """Open the newest mail to somebody whose subject contains `subject`, once it has come."""

    def found() -> str | None:
        visit.page.goto(f"/demo/mailbox/?to={recipient}")
        link = visit.page.get_by_role("link", name=re.compile(re.escape(subject))).first
        return link.get_attribute("href") if link.count() else None

    visit.page.goto(until(found, f"a mail to {recipient}: {subject}"))


def link_in_mail(visit: Visit, recipient: str, subject: str, part: str) -> str:
    """The address in a mail that contains `part`."""
    read_mail(visit, recipient, subject)
    link = visit.page.locator(f"main a[href*='{part}']").first
    address = link.get_attribute("href")
    assert address is not None
    return address


# --- The applicant --------------------------------------------------------------------------------


def sign_up(visit: Visit, email: str, *, name: str = NAME) -> None:
    """From the programme's page to a started application."""
    visit.go("/")
    visit.look("programmes")
    visit.follow("MSc Machine Learning and Data Science")
    visit.heading("Machine Learning and Data Science")
    visit.look("programme")
    visit.page.locator("a[href^='/apply/']").first.click()
    visit.look("start, signed out")
    visit.page.locator("a.govuk-button--start").click()
    visit.look("sign up")
    visit.fill(email=email, full_name=name, password1=PASSWORD)
    visit.tick("accept_privacy")
    visit.press("Create account")
    visit.look("confirm your address")
    visit.page.goto(link_in_mail(visit, email, "Confirm", "confirm-email"))
    visit.look("confirm")
    visit.page.locator("main form button").first.click()
    visit.fill(login=email, password=PASSWORD)
    visit.look("sign in")
    visit.press("Sign in")


def start(visit: Visit) -> str:
    """Start the application; returns its reference."""
    if "/apply/" not in visit.page.url:
        visit.go("/programmes/machine-learning-and-data-science/")
        visit.page.locator("a[href^='/apply/']").first.click()
    visit.look("start")
    visit.press("Start now")
    visit.heading("Your application")
    visit.look("overview, new")
    match = re.search(r"/applications/([^/]+)/", visit.page.url)
    assert match
    return match.group(1)


def fill_sections(visit: Visit, reference: str, pdf: bytes, *, name: str = NAME) -> None:
    """Everything but referees and fee."""
    own = f"/applications/{reference}"
    visit.go(f"{own}/personal-details/")
    visit.fill(legal_name=name, phone="+44 20 7946 0018")
    visit.fill_date("date_of_birth", 31, 3, 1998)
    visit.page.locator("[name='nationality']").select_option("PL")
    visit.page.locator("[name='residence']").select_option("GB")
    visit.look("personal details")
    visit.press("Save and continue")

    visit.go(f"{own}/qualifications/add/")
    visit.fill(
        institution="University of Warsaw", award="BSc", subject="Mathematics", grade_value="2:1"
    )
    visit.page.locator("[name='country']").select_option("PL")
    visit.choose("status", "awarded")
    visit.fill_date("awarded_on", 14, 7, 2021)
    visit.page.locator("[name='grade_scale']").select_option("honours")
    visit.look("qualification")
    visit.press("Save and continue")
    visit.look("qualifications")

    visit.go(f"{own}/english/")
    visit.choose("basis", "test")
    visit.look("English")
    visit.press("Continue")
    visit.choose("test", "ielts")
    visit.fill(overall="7.5")
    visit.fill_date("taken_on", 14, 7, 2026)
    visit.look("English test")
    visit.press("Save and continue")

    visit.go(f"{own}/statement/")
    visit.fill(text=STATEMENT)
    visit.look("statement")
    visit.press("Save and continue")

    visit.go(f"{own}/transcripts/")
    visit.look("transcripts")
    for kind in ("transcript", "certificate"):
        upload(visit, kind, f"{kind} Zoë.pdf", pdf)
    visit.look("transcripts, uploaded")
    visit.go(f"{own}/cv/")
    upload(visit, "cv", "CV.pdf", pdf)
    visit.look("CV")


def upload(visit: Visit, kind: str, name: str, content: bytes) -> None:
    """Upload one file in the form of a kind, and see it in the list."""
    form = visit.page.locator(f"form:has(input[type=file][name*='{kind}'])")
    if not form.count():
        form = visit.page.locator("form:has(input[type=file])")
    form.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": content}
    )
    form.locator("button[type=submit]").click()
    expect(visit.page.locator("main")).to_contain_text(name.removesuffix(".pdf"))


def name_referees(visit: Visit, reference: str, emails: list[str]) -> None:
    for position, email in enumerate(emails, start=1):
        visit.go(f"/applications/{reference}/referees/{position}/")
        visit.fill(
            full_name=f"Dr Referee {position}",
            email=email,
            post="Senior Lecturer",
            institution="University of Warsaw",
            relationship="Taught me in 2020",
        )
        visit.choose("kind", "academic" if position == 1 else "professional")
        visit.look("name a referee")
        visit.press("Save referee")
    visit.look("referees")


def pay(visit: Visit, reference: str, *, outcome: str = "Pay") -> None:
    """On the provider's page, which is on another origin, and back."""
    visit.go(f"/applications/{reference}/fee/")
    visit.look("fee")
    visit.page.locator("form[action$='/fee/pay/'] button").click()
    visit.page.wait_for_url("**/pay/**")
    visit.look("sandbox")
    visit.press(outcome)
    visit.page.wait_for_url("**/fee/returned/")


def ask_for_waiver(visit: Visit, reference: str, pdf: bytes) -> None:
    visit.go(f"/applications/{reference}/fee/")
    visit.follow("Ask for a waiver")
    visit.choose("ground", "lost_work")
    visit.fill(explanation="My employer closed in June, and I live on my savings.")
    visit.look("ask for a waiver")
    visit.press("Ask for a waiver")
    visit.page.locator("input[type=file]").set_input_files(
        {"name": "employer.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    visit.look("evidence")
    visit.press("Add this file")
    expect(visit.page.locator("main")).to_contain_text("employer.pdf")


def submit(visit: Visit, reference: str) -> None:
    visit.go(f"/applications/{reference}/check/")
    visit.look("check your answers")
    visit.tick("declared")
    visit.press("Submit application")
    visit.look("submitted")
    visit.go(f"/applications/{reference}/")
    visit.look("overview, submitted")


# --- The referee ----------------------------------------------------------------------------------


def open_reference(visit: Visit, email: str) -> None:
    visit.page.goto(link_in_mail(visit, email, "asks you for a reference", "/reference/"))
    visit.look("reference link")
    visit.press("Continue")
    expect(visit.page).to_have_url(re.compile(r"/reference/$"))


def send_letter(visit: Visit, email: str, *, pdf: bytes | None = None) -> None:
    """From the email to the receipt; as a file when one is given, else as pasted text."""
    open_reference(visit, email)
    visit.fill(relationship="Taught them for two years")
    if pdf is None:
        visit.fill(text="She is the best student I have taught in ten years.\n\n" * 5)
    else:
        visit.page.locator("input[type=file]").set_input_files(
            {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf}
        )
    visit.look("reference")
    visit.press("Continue")
    visit.look("check the letter")
    visit.press("Send the letter")
    visit.heading("Thank you")
    visit.look("letter sent")


# --- Staff ----------------------------------------------------------------------------------------


def staff_sign_in(visit: Visit, who: str) -> None:
    """With password and the code that the mailbox page shows for demonstration staff."""
    email = f"{who}@demo.example"
    visit.go("/accounts/login/")
    visit.fill(login=email, password=STAFF_PASSWORD)
    visit.press("Sign in")
    visit.look("second factor")
    code = _code(visit, email)
    visit.fill(code=code)
    visit.press("Sign in")
    expect(visit.page).to_have_url(re.compile(r"/office/"))
    visit.look("office")


def _code(visit: Visit, email: str) -> str:
    mailbox = visit.context.new_page()
    mailbox.goto("/demo/mailbox/")
    code = mailbox.locator(f"dt:text-is('{email}') + dd").inner_text()
    mailbox.close()
    return code.strip()


def review(visit: Visit, reference: str) -> None:
    visit.go("/office/reviews/")
    visit.look("my reviews")
    visit.go(f"/office/files/{reference}/")
    visit.look("file, reviewer")
    visit.go(f"/office/files/{reference}/review/")
    for box in visit.page.locator("input[inputmode=numeric]").all():
        box.fill("8")
    visit.fill(comment="A strong degree, and a statement that knows what it wants.")
    visit.page.locator("input[name=recommendation]").first.locator(
        "xpath=following-sibling::label"
    ).click()
    visit.look("review")
    visit.press("Submit the review")
