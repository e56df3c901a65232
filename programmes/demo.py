"""The demonstration's data: the embedded default alone has it.

Each room registers a loader in `AppConfig.ready`, and `manage.py load_demo` runs them in the order
of the rooms at every start. So a loader is idempotent, and quick when its data is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from foundation.accounts.demo import create_demo_person
from foundation.doors import Actor
from programmes import steps
from programmes.actions.catalogue import import_catalogue, read_catalogue, shipped_files
from programmes.models import Intake, Programme
from programmes.roles import Role

#: Adds a room's demonstration data and returns a line for each thing added.
Loader = Callable[[datetime], list[str]]

PASSWORD = "only-a-demonstration"  # noqa: S105 (printed at every start, and for the demonstration alone)
ACTOR = Actor.timer("load_demo")
OPENED_BEFORE = timedelta(days=90)
OPEN_FOR = timedelta(weeks=10)
#: From closing to beginning: 8 weeks of review and 4 to answer an offer.
LEAD_TIME = timedelta(weeks=12)

_loaders: dict[str, Loader] = {}


def register(name: str, loader: Loader) -> None:
    """Add a room's loader. They run in the order in which the rooms are installed."""
    if _loaders.get(name, loader) is not loader:
        raise ValueError(f"two loaders of demonstration data are called {name}")
    _loaders[name] = loader


def load_all(now: datetime) -> list[str]:
    """Run every loader. Refuses where there is no demonstration."""
    if not settings.DEMO:
        raise RuntimeError("demonstration data exists in the embedded default alone")
    return [line for loader in _loaders.values() for line in loader(now)]


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. A role is held for both programmes, or, `everywhere`, for all."""

    email: str
    full_name: str
    role: Role | None = None
    everywhere: bool = False

    @property
    def is_staff(self) -> bool:
        return self.role is not None

    @property
    def role_label(self) -> str:
        return str(self.role.label) if self.role else str(_("Applicant"))


PEOPLE = (
    DemoPerson("applicant@demo.example", "Amara Njoroge"),
    DemoPerson("officer@demo.example", "Olive Barker", Role.ADMISSIONS_OFFICER),
    DemoPerson("reviewer@demo.example", "Ravi Menon", Role.REVIEWER),
    DemoPerson("reviewer2@demo.example", "Rosa Lindqvist", Role.REVIEWER),
    DemoPerson("tutor@demo.example", "Tomasz Zieliński", Role.ADMISSIONS_TUTOR),
    DemoPerson("director@demo.example", "Dina Okafor", Role.PROGRAMME_DIRECTOR),
    DemoPerson("finance@demo.example", "Fiona Grant", Role.FINANCE_OFFICER, everywhere=True),
    DemoPerson("head@demo.example", "Helen Adeyemi", Role.HEAD_OF_ADMISSIONS, everywhere=True),
    DemoPerson("auditor@demo.example", "Aled Pugh", Role.AUDITOR, everywhere=True),
    DemoPerson("sysadmin@demo.example", "Samir Haddad", Role.SYSTEM_ADMINISTRATOR, everywhere=True),
)


def sign_ins() -> list[tuple[str, str, str]]:
    """Email, password and role of everybody who can be signed in as, for the start's table."""
    return [(person.email, PASSWORD, person.role_label) for person in PEOPLE]


def load(now: datetime) -> list[str]:
    """The catalogue, open intakes, and people."""
    changes = import_catalogue(read_catalogue(shipped_files()), actor=ACTOR)
    lines = [str(change) for change in changes]
    with transaction.atomic():
        for programme in Programme.objects.all():
            lines += _open_intake(programme, now)
        for person in PEOPLE:
            lines += _add_person(person, now)
    return lines


def _open_intake(programme: Programme, now: datetime) -> list[str]:
    """An intake that is open now, its dates marked as demonstration. One that is open stays as it is."""
    intakes = Intake.objects.filter(programme=programme)
    demonstrations = intakes.filter(is_demonstration=True)
    if demonstrations.filter(closes_at__gt=now).exists():
        return []
    latest = intakes.filter(is_demonstration=False).order_by("-cycle").first()
    if latest is None:
        return []
    opens_at, closes_at = _dates(now)
    year = _entry_year(closes_at)
    intake, _created = Intake.objects.update_or_create(
        reference=f"{programme.code.lower()}-{year}-autumn",
        defaults={
            "opens_at": opens_at,
            "closes_at": closes_at,
            "closed_early_at": None,
            "full_at": None,
        },
        create_defaults={
            "programme": programme,
            "requirement_set": latest.requirement_set,
            "cycle": year,
            "label": f"Autumn {year}",
            "entry_text": f"September {year}",
            "opens_at": opens_at,
            "closes_at": closes_at,
            "may_close_early": latest.may_close_early,
            "is_demonstration": True,
            "places": 40,
            "offer_limit": 50,
            "fee_amount": Decimal(latest.fee_amount),
            "fee_currency": latest.fee_currency,
            "fee_refundable": latest.fee_refundable,
            "fee_waivable": latest.fee_waivable,
            "target_weeks": latest.target_weeks,
            "limit_weeks": latest.limit_weeks,
            "defaults": latest.defaults,
        },
    )
    return [f"open intake {intake.reference}"]


def _dates(now: datetime) -> tuple[datetime, datetime]:
    """Opened three months ago, closes at the end of a day ten weeks ahead, in the institution's zone."""
    zone = timezone.get_default_timezone()
    today = now.astimezone(zone).date()
    opens = datetime.combine(today - OPENED_BEFORE, time.min, tzinfo=zone)
    closes = datetime.combine(today + OPEN_FOR, time(23, 59, 59), tzinfo=zone)
    return opens.astimezone(UTC), closes.astimezone(UTC)


def _entry_year(closes_at: datetime) -> int:
    """The year of the first September that leaves time enough after closing."""
    ready = (closes_at + LEAD_TIME).date()
    return ready.year if ready <= date(ready.year, 9, 1) else ready.year + 1


def _add_person(demo: DemoPerson, now: datetime) -> list[str]:
    person = create_demo_person(demo.email, demo.full_name, PASSWORD, demo.is_staff)
    if demo.role is None or person.role_grants.exists():
        return []
    programmes = [None] if demo.everywhere else list(Programme.objects.all())
    for programme in programmes:
        steps.add_grant(person, demo.role, programme, actor=ACTOR, now=now)
    return [f"give {demo.email} the role {demo.role.value}"]
