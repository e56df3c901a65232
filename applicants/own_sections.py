"""The sections whose pages are the applicant's own: what each still lacks, and what was answered.

Each missing thing is one problem of one section. Hard problems stop a submission, soft ones warn.
"""

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from applicants.models import (
    Application,
    EnglishBasis,
    EnglishEvidence,
    EnglishTest,
    FileKind,
    PersonalDetails,
    Qualification,
    QualificationStatus,
    SectionFile,
    Statement,
)
from applicants.sections import Group, Problem, Section
from applicants.steps.files import is_being_checked, is_unusable
from applicants.told import rules_of
from foundation.ui import wording
from foundation.ui.words import count_words
from programmes.models import DocumentKind

#: One to two pages. Fewer words than these are likely too few, more are refused.
STATEMENT_WORDS_AT_LEAST = 500
STATEMENT_WORDS_LIMIT = 1000

Answers = list[tuple[Any, Any]]


def _related(application: Application, name: str) -> Any:
    """The row of a section, or None when it has not been saved."""
    return getattr(application, name, None)


def country_name(country: Any) -> str:
    """A country by name; its field gives a `Country`, whatever the type checker thinks."""
    return str(country.name)


# --- Personal details -----------------------------------------------------------------------------


def personal_problems(application: Application) -> list[Problem]:
    if _related(application, "personal_details") is None:
        sentence = _("Enter your personal details")
        return [Problem("personal_details_missing", sentence, "personal_details")]
    return []


def personal_answers(application: Application) -> Answers:
    details: PersonalDetails | None = _related(application, "personal_details")
    if details is None:
        return []
    return [
        (_("Full legal name"), details.legal_name),
        (_("Name we should use"), details.preferred_name or details.legal_name),
        (_("Date of birth"), wording.day(details.date_of_birth)),
        (_("Nationality"), country_name(details.nationality)),
        (_("Country where you live"), country_name(details.residence)),
        (_("Telephone"), details.phone),
        (_("Email address"), application.applicant.email),
    ]


# --- Qualifications -------------------------------------------------------------------------------


def is_awarded(qualification: Qualification) -> bool:
    return qualification.status == QualificationStatus.AWARDED


def qualification_problems(application: Application) -> list[Problem]:
    held = list(application.qualifications.all())
    if not held:
        sentence = _("Add at least one qualification")
        return [Problem("qualifications_missing", sentence, "qualifications")]
    if not rules_of(application).degree_may_be_expected and not any(
        is_awarded(qualification) for qualification in held
    ):
        sentence = _("This programme asks for a degree that has been awarded")
        return [Problem("qualification_not_awarded", sentence, "qualifications", hard=False)]
    return []


def qualification_hint(application: Application) -> Any:
    count = len(application.qualifications.all())
    if not count:
        return _("Your degrees, held or still to come")
    return ngettext_lazy("%(count)s qualification", "%(count)s qualifications", count) % {
        "count": count
    }


def grade_of(qualification: Qualification) -> str:
    """The grade in words: the value with its scale, or that it is still to come."""
    if qualification.grade_pending:
        return str(_("Not known yet"))
    return f"{qualification.grade_value} ({qualification.get_grade_scale_display()})"


def qualification_title(qualification: Qualification) -> str:
    return f"{qualification.award}, {qualification.subject}"


def qualification_rows(qualification: Qualification) -> Answers:
    """What was answered about one qualification."""
    date = _("Awarded on") if is_awarded(qualification) else _("Award expected on")
    return [
        (_("University or college"), qualification.institution),
        (_("Country"), country_name(qualification.country)),
        (date, wording.day(qualification.awarded_on)),
        (_("Grade"), grade_of(qualification)),
    ]


def qualification_answers(application: Application) -> Answers:
    return [
        (
            qualification_title(qualification),
            "\n".join(
                f"{question}: {answer}" for question, answer in qualification_rows(qualification)
            ),
        )
        for qualification in application.qualifications.all()
    ]


# --- English --------------------------------------------------------------------------------------


def english_problems(application: Application) -> list[Problem]:
    sentence: Any
    evidence: EnglishEvidence | None = _related(application, "english")
    rules = rules_of(application)
    if evidence is None:
        if not rules.english_for_all:
            return []
        sentence = _("Tell us how you show your English")
        return [Problem("english_missing", sentence, "english")]
    if evidence.basis == EnglishBasis.PLANNED:
        sentence = _(
            "Your English test is still to come. You can submit before; an offer would depend on it"
        )
        return [Problem("english_planned", sentence, "english", hard=False)]
    if (
        evidence.test == EnglishTest.IELTS
        and evidence.overall is not None
        and rules.ielts_overall is not None
        and evidence.overall < rules.ielts_overall
    ):
        sentence = _(
            "The programme asks for IELTS %(wanted)s overall, and yours is %(yours)s. You can submit"
            " and take the test again"
        ) % {"wanted": rules.ielts_overall, "yours": evidence.overall}
        return [Problem("english_below", sentence, "english", hard=False)]
    return []


def english_answers(application: Application) -> Answers:
    evidence: EnglishEvidence | None = _related(application, "english")
    if evidence is None:
        return []
    answers: Answers = [(_("How you show it"), evidence.get_basis_display())]
    if evidence.basis == EnglishBasis.DEGREE:
        answers.append((_("Country of the degree"), country_name(evidence.degree_country)))
    else:
        answers.append((_("Test"), evidence.get_test_display()))
    if evidence.overall is not None:
        answers.append((_("Overall score"), f"{evidence.overall.normalize():f}"))
    if evidence.taken_on is not None:
        answers.append((_("Date of the test"), wording.day(evidence.taken_on)))
    if evidence.planned_on is not None:
        answers.append((_("Date of the test"), wording.day(evidence.planned_on)))
    return answers


# --- Personal statement ---------------------------------------------------------------------------


def statement_problems(application: Application) -> list[Problem]:
    sentence: Any
    statement: Statement | None = _related(application, "statement")
    words = count_words(statement.text) if statement is not None else 0
    if not words:
        sentence = _("Write your personal statement")
        return [Problem("statement_missing", sentence, "statement")]
    if words > STATEMENT_WORDS_LIMIT:
        sentence = _("Your personal statement has %(words)s words. Shorten it to %(limit)s") % {
            "words": f"{words:,}",
            "limit": f"{STATEMENT_WORDS_LIMIT:,}",
        }
        return [Problem("statement_too_long", sentence, "statement")]
    if words < STATEMENT_WORDS_AT_LEAST:
        sentence = ngettext_lazy(
            "Your personal statement has %(words)s word. We suggest at least %(limit)s",
            "Your personal statement has %(words)s words. We suggest at least %(limit)s",
            words,
        ) % {"words": words, "limit": STATEMENT_WORDS_AT_LEAST}
        return [Problem("statement_short", sentence, "statement", hard=False)]
    return []


def statement_hint(application: Application) -> Any:
    statement: Statement | None = _related(application, "statement")
    words = count_words(statement.text) if statement is not None else 0
    if not words:
        return _("Why you want to study this, in 500 to 1,000 words")
    return ngettext_lazy("%(words)s word", "%(words)s words", words) % {"words": words}


def statement_answers(application: Application) -> Answers:
    statement: Statement | None = _related(application, "statement")
    return [(_("Personal statement"), statement.text)] if statement is not None else []


# --- Files ----------------------------------------------------------------------------------------


def files_of(application: Application, *kinds: FileKind) -> list[SectionFile]:
    """The files that were not removed. No query after `queries.with_sections`."""
    return [
        file for file in application.files.all() if file.removed_at is None and file.kind in kinds
    ]


def file_name(file: SectionFile) -> str:
    newest = file.document.newest
    return newest.original_name if newest is not None else ""


def file_facts(file: SectionFile) -> str:
    """Pages and size: "3 pages, 1.2 MB"."""
    newest = file.document.newest
    if newest is None:
        return ""
    pages = ngettext("%(count)s page", "%(count)s pages", newest.pages) % {"count": newest.pages}
    return f"{pages}, {filesizeformat(newest.size)}"


def _unusable(files: list[SectionFile], section: str) -> list[Problem]:
    return [
        Problem(
            "file_unusable",
            _("“%(name)s” can’t be used. Remove it and add the file again")
            % {"name": file_name(file)},
            section,
        )
        for file in files
        if is_unusable(file)
    ]


def transcript_problems(application: Application) -> list[Problem]:
    sentence: Any
    rules = rules_of(application)
    awarded = sum(is_awarded(qualification) for qualification in application.qualifications.all())
    transcripts = files_of(application, FileKind.TRANSCRIPT)
    certificates = files_of(application, FileKind.CERTIFICATE)
    found = []
    wanted = rules.document(DocumentKind.TRANSCRIPT)
    if wanted is not None and wanted.required and not transcripts:
        sentence = _("Add a transcript")
        found.append(Problem("transcript_missing", sentence, "transcripts"))
    wanted = rules.document(DocumentKind.CERTIFICATE)
    if wanted is not None and wanted.required and not certificates:
        if awarded:
            sentence = _("Add the certificate of the qualification you hold")
            found.append(Problem("certificate_missing", sentence, "transcripts"))
        elif not wanted.only_when_awarded:
            sentence = _("Add a certificate")
            found.append(Problem("certificate_missing", sentence, "transcripts"))
    elif wanted is not None and wanted.required and len(certificates) < awarded:
        sentence = _(
            "You hold %(awarded)s qualifications and added fewer certificates. Check that every one"
            " is there"
        ) % {"awarded": awarded}
        found.append(Problem("certificates_fewer", sentence, "transcripts", hard=False))
    return found + _unusable(transcripts + certificates, "transcripts")


def transcript_hint(application: Application) -> Any:
    count = len(files_of(application, FileKind.TRANSCRIPT, FileKind.CERTIFICATE))
    if not count:
        return _("Scans as PDF, JPEG or PNG")
    return ngettext_lazy("%(count)s file", "%(count)s files", count) % {"count": count}


def cv_problems(application: Application) -> list[Problem]:
    rule = rules_of(application).document(DocumentKind.CV)
    files = files_of(application, FileKind.CV)
    if rule is not None and rule.required and not files:
        return [Problem("cv_missing", _("Add your CV"), "cv")]
    return _unusable(files, "cv")


def _file_answers(application: Application, *kinds: FileKind) -> Answers:
    answers: Answers = []
    for file in files_of(application, *kinds):
        words = [file_name(file), file_facts(file)]
        if is_being_checked(file):
            words.append(str(_("Being checked for viruses")))
        elif is_unusable(file):
            words.append(str(_("Can’t be used")))
        answers.append((file.get_kind_display(), "\n".join(words)))
    return answers


ALL = (
    Section(
        code="personal_details",
        title=_("Personal details"),
        group=Group.YOU,
        order=10,
        url_name="applicants:personal_details",
        problems=personal_problems,
        is_started=lambda application: _related(application, "personal_details") is not None,
        answers=personal_answers,
    ),
    Section(
        code="qualifications",
        title=_("Qualifications"),
        group=Group.BACKGROUND,
        order=10,
        url_name="applicants:qualifications",
        problems=qualification_problems,
        is_started=lambda application: bool(application.qualifications.all()),
        answers=qualification_answers,
        hint=qualification_hint,
    ),
    Section(
        code="transcripts",
        title=_("Transcripts and certificates"),
        group=Group.BACKGROUND,
        order=20,
        url_name="applicants:transcripts",
        problems=transcript_problems,
        is_started=lambda application: bool(
            files_of(application, FileKind.TRANSCRIPT, FileKind.CERTIFICATE)
        ),
        answers=lambda application: _file_answers(
            application, FileKind.TRANSCRIPT, FileKind.CERTIFICATE
        ),
        hint=transcript_hint,
    ),
    Section(
        code="english",
        title=_("English"),
        group=Group.BACKGROUND,
        order=30,
        url_name="applicants:english",
        problems=english_problems,
        is_started=lambda application: _related(application, "english") is not None,
        answers=english_answers,
    ),
    Section(
        code="statement",
        title=_("Personal statement"),
        group=Group.BACKGROUND,
        order=40,
        url_name="applicants:statement",
        problems=statement_problems,
        is_started=lambda application: bool(
            getattr(_related(application, "statement"), "text", "")
        ),
        answers=statement_answers,
        hint=statement_hint,
    ),
    Section(
        code="cv",
        title=_("CV"),
        group=Group.BACKGROUND,
        order=50,
        url_name="applicants:cv",
        problems=cv_problems,
        is_started=lambda application: bool(files_of(application, FileKind.CV)),
        answers=lambda application: _file_answers(application, FileKind.CV),
        hint=lambda application: (
            ""
            if files_of(application, FileKind.CV)
            else _("Your education, work and skills, as a PDF")
        ),
    ),
)
