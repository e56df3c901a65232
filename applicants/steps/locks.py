"""Locks, in the one order that can't deadlock: intake, applications by id, fee, request, decision, …"""

from collections.abc import Iterable
from uuid import UUID

from applicants.models import Application
from foundation.doors import step


@step
def lock_application(application_id: int) -> Application:
    """The application, locked and read afresh, with its intake, programme and applicant at hand."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("intake__programme", "applicant")
        .get(pk=application_id)
    )


@step
def lock_applications(application_ids: Iterable[int]) -> list[Application]:
    """Several, locked in the order of their ids."""
    return list(
        Application.objects.select_for_update(of=("self",))
        .select_related("intake__programme", "applicant")
        .filter(pk__in=list(application_ids))
        .order_by("pk")
    )


@step
def lock_stream(stream: UUID) -> Application | None:
    """The application behind a stream of events or documents, locked; none if it isn't one's."""
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("intake__programme", "applicant")
        .filter(public_id=stream)
        .first()
    )
