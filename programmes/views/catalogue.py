"""What anybody may read: the programmes, and one of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programmes.presenting import ProgrammeView, RequirementsView, steps_after_applying
from programmes.queries import published, visible_to, with_intakes, with_page


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """The home page: every published programme, and whether one can apply."""
    now = timezone.now()
    programmes = [ProgrammeView(programme, now) for programme in with_intakes(published())]
    context = {"programmes": programmes, "canonical": settings.PUBLIC_URL + request.path}
    return render(request, "programmes/list.html", context)


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """All that is known of a programme, and the way into an application."""
    found = get_object_or_404(with_page(visible_to(request.user)), slug=slug)
    view = ProgrammeView(found, timezone.now())
    context = {
        "view": view,
        "programme": found,
        "canonical": settings.PUBLIC_URL + request.path,
    }
    if view.leading:
        requirements = view.leading.intake.requirement_set
        context |= {
            "requirements": RequirementsView(requirements),
            "steps": steps_after_applying(view.leading, requirements.referees_count),
        }
    return render(request, "programmes/programme.html", context)
