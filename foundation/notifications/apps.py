from datetime import timedelta
from functools import partial

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "foundation.notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from foundation import timers
        from foundation.history import kinds
        from foundation.notifications import access, actions, events
        from foundation.notifications.models import Lane
        from foundation.ui import navigation

        kinds.register(*events.ALL)
        navigation.register(
            navigation.Item(
                _("Messages"),
                "notifications:messages",
                lambda request: access.may_manage(request.user),
                order=90,
                about=_("What the portal sends: what failed or bounced, and the stop switch."),
            )
        )
        others = [lane for lane in Lane if lane is not Lane.SIGN_IN]
        timers.register(
            # Two, so that a sign-in mail whose nudge was lost doesn't wait behind a bulk sweep.
            timers.Timer(
                name="sweep-signin-messages",
                every=timedelta(minutes=1),
                description=_("Deliver account mails that no worker has taken"),
                run=partial(actions.sweep, lanes=[Lane.SIGN_IN]),
                queue=Lane.SIGN_IN,
            ),
            timers.Timer(
                name="sweep-messages",
                every=timedelta(minutes=1),
                description=_("Deliver messages that no worker has taken, and retry failed ones"),
                run=partial(actions.sweep, lanes=others),
            ),
            timers.Timer(
                name="purge-message-contexts",
                every=timedelta(hours=1),
                description=_("Forget what messages older than 90 days were about"),
                run=actions.purge_contexts,
            ),
        )
