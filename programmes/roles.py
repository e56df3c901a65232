"""The roles of staff. What each may do is in the `rules` of the room that owns the thing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMISSIONS_OFFICER = "admissions_officer", _("Admissions officer")
    REVIEWER = "reviewer", _("Reviewer")
    ADMISSIONS_TUTOR = "admissions_tutor", _("Admissions tutor")
    PROGRAMME_DIRECTOR = "programme_director", _("Programme director")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    SUPPORT_ADVISER = "support_adviser", _("Support adviser")
    CATALOGUE_EDITOR = "catalogue_editor", _("Catalogue editor")
    HEAD_OF_ADMISSIONS = "head_of_admissions", _("Head of admissions")
    DATA_ANALYST = "data_analyst", _("Data analyst")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")

    @property
    def about(self) -> str:
        """What the role may do, in one line for the person who grants it."""
        return str(_ABOUT[self])


_ABOUT = {
    Role.ADMISSIONS_OFFICER: _(
        "Works the queue: checks files, asks for what is missing, assigns reviewers, sees whether "
        "the fee is in order"
    ),
    Role.REVIEWER: _("Reads and scores the applications assigned to them"),
    Role.ADMISSIONS_TUTOR: _("Reads all reviews of their programmes and proposes decisions"),
    Role.PROGRAMME_DIRECTOR: _("Approves decisions that somebody else proposed, and releases them"),
    Role.FINANCE_OFFICER: _("Decides fee waivers and refunds; sees nothing academic"),
    Role.SUPPORT_ADVISER: _("Reads what applicants said about disability support"),
    Role.CATALOGUE_EDITOR: _("Edits programmes, intakes and requirements"),
    Role.HEAD_OF_ADMISSIONS: _(
        "Sees reports, reassigns and reopens, overrules limits, and grants roles"
    ),
    Role.DATA_ANALYST: _("Sees totals only, never a person"),
    Role.AUDITOR: _("Reads files and history, changes nothing"),
    Role.SYSTEM_ADMINISTRATOR: _(
        "Looks after accounts, message templates and the stop switch; sees no applications"
    ),
}
