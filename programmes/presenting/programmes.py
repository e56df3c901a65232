"""A programme's facts, structure and statements."""

from datetime import datetime

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.ui.components import Row
from programmes.models import (
    IntakeState,
    Module,
    ModuleKind,
    Programme,
    Statement,
    StatementKind,
    Term,
)
from programmes.pictures import credits_text, picture_of_terms
from programmes.presenting.intakes import INTEREST, IntakeView
from programmes.presenting.words import listed


class ProgrammeView:
    """A programme as its page, its card and other rooms show it at a moment.

    It reads only what `queries.with_page` loaded (for a card: `queries.with_intakes`).
    """

    def __init__(self, programme: Programme, now: datetime) -> None:
        self.programme = programme
        self.now = now

    # --- Intakes ---

    @cached_property
    def intakes(self) -> list[IntakeView]:
        """What one can apply for comes first, what is over last."""
        views = [
            IntakeView(intake, intake.state_at(self.now)) for intake in self.programme.intakes.all()
        ]
        return sorted(views, key=lambda view: (INTEREST.index(view.state), -view.intake.cycle))

    @property
    def current(self) -> list[IntakeView]:
        return [view for view in self.intakes if view.state is not IntakeState.CLOSED]

    @property
    def past(self) -> list[IntakeView]:
        return [view for view in self.intakes if view.state is IntakeState.CLOSED]

    @cached_property
    def leading(self) -> IntakeView | None:
        """The intake whose fee and requirements the page tells."""
        return self.intakes[0] if self.intakes else None

    # --- Facts ---

    @cached_property
    def facts(self) -> list[Row]:
        """The facts for the strip, without those that are not stated."""
        programme = self.programme
        rows = [
            Row(_("Award"), programme.award),
            Row(_("How"), self.delivery),
            Row(_("Length"), self.length),
            Row(_("Credits"), self.credits),
            Row(_("Study"), self.weekly_hours),
            Row(_("Taught with"), programme.partner),
        ]
        return [row for row in rows if not row.is_empty]

    @property
    def card_facts(self) -> list[Row]:
        shown = {_("How"), _("Length"), _("Credits")}
        return [row for row in self.facts if row.key in shown]

    @property
    def delivery(self) -> str:
        programme = self.programme
        words = [
            str(programme.get_delivery_display()) if programme.delivery else "",
            str(programme.get_pace_display()).lower() if programme.pace else "",
        ]
        return capfirst(", ".join(word for word in words if word))

    @property
    def length(self) -> str:
        years, terms = self.programme.years, self.programme.terms_per_year
        if years is None:
            return ""
        length = ngettext("%(years)s year", "%(years)s years", years) % {"years": years}
        if terms is None:
            return length
        count = years * terms
        return (
            length + ", " + ngettext("%(count)s term", "%(count)s terms", count) % {"count": count}
        )

    @property
    def credits(self) -> str:
        programme = self.programme
        if programme.ects is None or programme.cats is None:
            return ""
        return _("%(ects)s ECTS (%(cats)s UK credits)") % {
            "ects": credits_text(programme.ects),
            "cats": credits_text(programme.cats),
        }

    @property
    def weekly_hours(self) -> str:
        hours = self.programme.study_hours_per_week
        if hours is None:
            return ""
        return ngettext(
            "%(hours)s hour a week on average", "%(hours)s hours a week on average", hours
        ) % {"hours": hours}

    @property
    def inferred(self) -> bool:
        """Whether a fact on the page was concluded, and not stated by the programme."""
        return bool(self.programme.inferred)

    # --- Structure ---

    @cached_property
    def terms(self) -> list[Term]:
        return list(self.programme.terms.all())

    @cached_property
    def picture(self) -> SafeString | str:
        return picture_of_terms(self.terms, self.programme.ects)

    @cached_property
    def modules(self) -> list[Module]:
        return list(self.programme.modules.all())

    @property
    def has_placeholders(self) -> bool:
        return any(module.is_placeholder for module in self.modules)

    @property
    def modules_by_kind(self) -> list[tuple[str, list[Module]]]:
        groups = [
            (str(kind.label), [module for module in self.modules if module.kind == kind])
            for kind in ModuleKind
        ]
        return [(label, modules) for label, modules in groups if modules]

    # --- Words ---

    @cached_property
    def _statements(self) -> dict[str, list[Statement]]:
        groups: dict[str, list[Statement]] = {}
        for statement in self.programme.statements.all():
            groups.setdefault(statement.kind, []).append(statement)
        return groups

    def statements(self, kind: StatementKind) -> list[Statement]:
        return self._statements.get(kind.value, [])

    @property
    def outcomes(self) -> list[Statement]:
        return self.statements(StatementKind.OUTCOME)

    @property
    def careers(self) -> list[Statement]:
        return self.statements(StatementKind.CAREER)

    @property
    def destinations(self) -> list[Statement]:
        return self.statements(StatementKind.DESTINATION)

    @property
    def advice(self) -> list[Statement]:
        return self.statements(StatementKind.ADVICE)

    @property
    def projects(self) -> list[Statement]:
        return self.statements(StatementKind.PROJECT)

    @property
    def study_notes(self) -> list[Statement]:
        return [
            *self.statements(StatementKind.PACE_NOTE),
            *self.statements(StatementKind.STUDY_FEATURE),
            *self.statements(StatementKind.TASTER),
        ]

    @property
    def audience(self) -> str:
        return listed(line.text for line in self.statements(StatementKind.AUDIENCE))

    @property
    def tools(self) -> str:
        return listed(line.text for line in self.statements(StatementKind.TOOL))

    @property
    def partner_fields(self) -> str:
        return listed(line.text for line in self.statements(StatementKind.PARTNER_FIELD))
