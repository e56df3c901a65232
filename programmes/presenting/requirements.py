"""What an applicant needs, in words."""

from collections.abc import Iterable

from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.ui.components import Row
from programmes.models import DocumentRequirement, Need, RequirementSet
from programmes.presenting.words import default_mark, listed


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
            sentences.append(f"{listed(requirements.subjects_required, last=_('or'))}.")
        if requirements.subjects_also_named:
            sentences.append(
                _("%(subjects)s are also named, and are looked at one by one.")
                % {"subjects": listed(requirements.subjects_also_named)}
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


def _need(need: str) -> str:
    return str(Need(need).label) if need else ""
