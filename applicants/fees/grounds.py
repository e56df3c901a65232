"""The grounds for a hardship waiver. Any one is enough; each says which evidence helps."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    MAINTENANCE = (
        "maintenance",
        _("I had full state maintenance support as an undergraduate in the last four years"),
    )
    BENEFITS = "benefits", _("I receive state benefits because of hardship")
    BURSARY = "bursary", _("I had another hardship scholarship or bursary in the last four years")
    ESTRANGED = (
        "estranged",
        _("I am 21 to 25, a recent graduate, and without living parents or estranged from them"),
    )
    REFUGEE = (
        "refugee",
        _(
            "I am a refugee or asylum seeker, or have humanitarian protection or leave to remain "
            "as a victim of domestic abuse"
        ),
    )
    LOST_WORK = "lost_work", _("I am in temporary hardship because I recently lost my work")
    DISRUPTION = "disruption", _("Another serious disruption, such as divorce or repossession")
    LOW_INCOME_COUNTRY = (
        "low_income_country",
        _("I live in a low-income or least-developed country and rely on a scholarship"),
    )
    OTHER = "other", _("Another reason")
    STUDENT = "student", _("I am a student of this university now")

    @property
    def evidence(self) -> Promise:
        return _EVIDENCE[self]


_EVIDENCE: dict[Ground, Promise] = {
    Ground.MAINTENANCE: _("Evidence: your funding letter"),
    Ground.BENEFITS: _("Evidence: a benefit letter of the last 3 months"),
    Ground.BURSARY: _("Evidence: your award letter"),
    Ground.ESTRANGED: _("Evidence: a letter of a university or social service"),
    Ground.REFUGEE: _("Evidence: an official document"),
    Ground.LOST_WORK: _("Evidence: your employer’s letter"),
    Ground.DISRUPTION: _("Evidence: an official letter"),
    Ground.LOW_INCOME_COUNTRY: _("Evidence: proof of residence and of the scholarship"),
    Ground.OTHER: _("Evidence: your own words, and what supports them"),
    Ground.STUDENT: _("Give your student number below; an officer confirms it"),
}


class RefusalReason(models.TextChoices):
    NO_EVIDENCE = "no_evidence", _("No evidence came")
    NOT_SHOWN = "not_shown", _("The evidence does not show the ground")
    OUTSIDE_PERIOD = "outside_period", _("The evidence is from outside the period")
    NOT_A_GROUND = "not_a_ground", _("The reason is not one of financial hardship")
