"""The first page of the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from foundation.accounts.access import staff_required
from foundation.accounts.models import Person
from foundation.ui import navigation
from programmes.rules import grants_of


@require_safe
@staff_required
def office(request: HttpRequest) -> HttpResponse:
    """What a member of staff may open, and the roles that let them."""
    here = request.path
    grants = grants_of(request.user, now=timezone.now()).select_related("programme")
    context = {
        "cards": [link for link in navigation.links_for(request) if link.url != here],
        "grants": grants,
    }
    return render(request, "programmes/office.html", context)


def landing(person: Person) -> str | None:
    """Where staff go after signing in."""
    return reverse("office") if person.is_staff_member else None
