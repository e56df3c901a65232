"""The catalogue's facts as words for pages. What is not stated is left out, or said to be so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.ui.components import Row
from foundation.ui.wording import day, deadline
from programmes.models import (
    DocumentRequirement,
    Intake,
    IntakeState,
    Module,
    ModuleKind,
    Need,
    Programme,
    RequirementSet,
    Statement,
    StatementKind,
    Term,
)
from programmes.pictures import credits_text, picture_of_terms

#: The order in which intakes matter to a visitor.
_INTEREST = (IntakeState.OPEN, IntakeState.PLANNED, IntakeState.FULL, IntakeState.CLOSED)
_COLOURS = {
    IntakeState.OPEN: "green",
    IntakeState.PLANNED: "blue",
    IntakeState.FULL: "orange",
    IntakeState.CLOSED: "grey",
}


@dataclass(frozen=True)
class IntakeView:
    """An intake as it stands at the moment of the page."""

    intake: Intake
    state: IntakeState

    @property
    def colour(self) -> str:
        return _COLOURS[self.state]

    @property
    def is_open(self) -> bool:
        return self.state is IntakeState.OPEN

    @property
    def sentence(self) -> str:
        """Until when, or from when. The zone stands beside the time."""
        dated, undated, moment = {
            IntakeState.OPEN: (
                _("Apply by %(moment)s."),
                _("Applications are open."),
                self.intake.closes_at,
            ),
            IntakeState.PLANNED: (
                _("Applications open at %(moment)s."),
                _("When applications open is not stated yet."),
                self.intake.opens_at,
            ),
            IntakeState.FULL: ("", _("Every place has been offered."), None),
            IntakeState.CLOSED: (
                _("Applications closed at %(moment)s."),
                _("Applications are closed."),
                self.closed_at,
            ),
        }[self.state]
        return undated if moment is None else dated % {"moment": deadline(moment)}

    @property
    def closed_at(self) -> datetime | None:
        """The last moment that counted, by date or because it was closed early."""
        moments = [self.intake.closes_at, self.intake.closed_early_at]
        return min((moment for moment in moments if moment is not None), default=None)

    @property
    def entry(self) -> str:
        if self.intake.entry_on:
            return day(self.intake.entry_on)
        return self.intake.entry_text

    @property
    def weeks(self) -> str:
        """6 to 8 weeks."""
        target, limit = self.intake.target_weeks, self.intake.limit_weeks
        if target == limit:
            return ngettext("%(weeks)s week", "%(weeks)s weeks", limit) % {"weeks": limit}
        return _("%(target)s to %(limit)s weeks") % {"target": target, "limit": limit}


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
        return sorted(views, key=lambda view: (_INTEREST.index(view.state), -view.intake.cycle))

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
        return _listed(line.text for line in self.statements(StatementKind.AUDIENCE))

    @property
    def tools(self) -> str:
        return _listed(line.text for line in self.statements(StatementKind.TOOL))

    @property
    def partner_fields(self) -> str:
        return _listed(line.text for line in self.statements(StatementKind.PARTNER_FIELD))


class RequirementsView:
    """What an applicant needs, in words."""

    def __init__(self, requirements: RequirementSet) -> None:
        self.requirements = requirements

    @cached_property
    def rows(self) -> list[Row]:
        requirements = self.requirements
        rows = [
            Row(_("Degree"), self.degree),
            Row(_("Subject"), self.subject),
            Row(_("English"), self.english),
            Row(_("Work experience"), _need(requirements.work_experience)),
            Row(_("GRE"), _need(requirements.gre)),
            Row(_("Referees"), self.referees),
        ]
        return [row for row in rows if not row.is_empty]

    @property
    def degree(self) -> str:
        requirements = self.requirements
        if not requirements.minimum_class:
            return _("The class of degree is not stated. A person decides.")
        sentence = _("A UK degree with %(honours)s, or one from another country that compares.") % {
            "honours": str(requirements.get_minimum_class_display()).lower()
        }
        if requirements.degree_may_be_expected:
            sentence += " " + _("You may hold it already or be working towards it.")
        if requirements.equivalences_are_advisory:
            sentence += " " + _("Comparisons between countries advise; a person decides.")
        return sentence

    @property
    def subject(self) -> str:
        requirements = self.requirements
        sentences = []
        if requirements.subjects_required:
            sentences.append(f"{_listed(requirements.subjects_required, last=_('or'))}.")
        if requirements.subjects_also_named:
            sentences.append(
                _("%(subjects)s are also named, and are looked at one by one.")
                % {"subjects": _listed(requirements.subjects_also_named)}
            )
        if requirements.computer_science == Need.NOT_REQUIRED:
            sentences.append(_("A background in computer science is not needed."))
        return " ".join(sentences)

    @property
    def english(self) -> str:
        requirements = self.requirements
        if requirements.ielts_overall is None:
            return ""
        level = _("IELTS %(level)s overall, or the same level in another test") % {
            "level": requirements.ielts_overall
        }
        if requirements.english_by_start:
            level += _(", by the start of the programme")
        sentence = f"{level}. "
        if requirements.english_for_all:
            sentence += _("This holds for all applicants.")
        return self._marked("english", sentence.strip())

    @property
    def referees(self) -> str:
        count, academic = (
            self.requirements.referees_count,
            self.requirements.referees_academic_at_least,
        )
        if not count:
            return ""
        sentence = ngettext(
            "%(count)s referee writes a letter for you.",
            "%(count)s referees write a letter for you.",
            count,
        ) % {"count": count}
        if academic:
            sentence += " " + ngettext(
                "At least %(count)s is academic; the other may be professional.",
                "At least %(count)s are academic.",
                academic,
            ) % {"count": academic}
        return self._marked("referees", sentence)

    @property
    def documents(self) -> Iterable[DocumentRequirement]:
        return self.requirements.documents.all()

    @property
    def documents_are_default(self) -> bool:
        return "documents" in self.requirements.defaults

    @property
    def has_defaults(self) -> bool:
        return bool(self.requirements.defaults)

    def _marked(self, part: str, sentence: str) -> str:
        if part not in self.requirements.defaults:
            return sentence
        return format_html("{} {}", sentence, default_mark())


def default_mark() -> SafeString:
    """Stands beside what the programme doesn't state and the institution's rule fills."""
    return format_html(
        '<strong class="govuk-tag govuk-tag--grey">{}</strong>', _("Institution’s default")
    )


def _need(need: str) -> str:
    return str(Need(need).label) if need else ""


def _listed(words: Iterable[str], last: str = "") -> str:
    """Statistics, Mathematics and Physics."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last or _('and')} {found[-1]}"


def steps_after_applying(view: IntakeView, referees: int) -> Sequence[tuple[str, str]]:
    """What happens after somebody applies, each step with its title."""
    return [
        (
            _("You send your part"),
            _(
                "You can save and come back as often as you like. After you submit, your application "
                "waits for what others hold, and your page names each thing and who has it."
            ),
        ),
        (
            _("Everything arrives"),
            ngettext(
                "Your application is complete when your own part, %(count)s letter and the fee are "
                "in order. A waiver that you have asked for counts until it is decided.",
                "Your application is complete when your own part, %(count)s letters and the fee are "
                "in order. A waiver that you have asked for counts until it is decided.",
                referees,
            )
            % {"count": referees},
        ),
        (
            _("We read it"),
            _(
                "Expect a decision %(weeks)s after the day on which everything has arrived, not after "
                "the day on which you submit. If we need something more from you we ask, and the clock "
                "stands still until we have it."
            )
            % {"weeks": view.weeks},
        ),
        (
            _("You get an answer"),
            _(
                "We email you when there is a decision, and you sign in to read it. No application is "
                "turned down by a computer: two people stand behind every decision."
            ),
        ),
    ]
