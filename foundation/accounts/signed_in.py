"""The person behind a request, where a decorator has made sure that there is one."""

from django.http import HttpRequest

from foundation.accounts.models import Person


def person_of(request: HttpRequest) -> Person:
    """Who is signed in. Raises TypeError for a visitor: a view without its decorator is a mistake."""
    user = request.user
    if isinstance(user, Person):
        return user
    found = getattr(user, "_wrapped", None)
    if isinstance(found, Person):
        return found
    raise TypeError("this view needs somebody who is signed in")
