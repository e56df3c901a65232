"""An intake at the moment of the page, and what happens after somebody applies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.ui.wording import day, deadline
from programmes.models import Intake, IntakeState

#: The order in which intakes matter to a visitor.
INTEREST = (IntakeState.OPEN, IntakeState.PLANNED, IntakeState.FULL, IntakeState.CLOSED)
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
