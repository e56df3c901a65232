"""What every page knows: whose portal it is, and the menu. Nothing here asks the database."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from foundation.ui import navigation


def institution() -> dict[str, Any]:
    """What a page needs when there is no request to speak of, such as the page for a crash."""
    return {
        "institution": settings.INSTITUTION,
        "service_name": settings.INSTITUTION["service_name"],
        "demo": settings.DEMO,
    }


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The staff menu is made only when a page shows it."""
    return {
        **institution(),
        "navigation": SimpleLazyObject(lambda: navigation.links_for(request)),
    }
