"""One line per request: its id, route name, status and duration. No path, no address, no browser."""

import time
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware as BaseMiddleware
from structlog import contextvars

#: A segment of a path this long may be a token; a public reference is shorter.
SECRET_LENGTH = 16
_unspeakable: ContextVar[tuple[str, ...]] = ContextVar("unspeakable", default=())


def unspeakable() -> tuple[str, ...]:
    """What of this request must not reach a log: its path, and the parts that may be tokens."""
    return _unspeakable.get()


class RequestMiddleware(BaseMiddleware):
    """django-structlog's, without what it would say about the visitor."""

    def prepare(self, request: HttpRequest) -> None:
        contextvars.clear_contextvars()
        contextvars.bind_contextvars(request_id=str(uuid4()))
        path = request.path_info
        _unspeakable.set(
            (
                *((path,) if len(path) > 1 else ()),
                *(part for part in path.split("/") if len(part) >= SECRET_LENGTH),
            )
        )
        request.started_at = time.monotonic()  # type: ignore[attr-defined]

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """From here on, every line that this request causes carries its route."""
        contextvars.bind_contextvars(route=self.route(request))

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        milliseconds = (time.monotonic() - request.started_at) * 1000  # type: ignore[attr-defined]
        contextvars.bind_contextvars(milliseconds=round(milliseconds))
        super().handle_response(request, response)
        _unspeakable.set(())

    @classmethod
    def format_request(cls, request: HttpRequest) -> str:
        return f"{request.method} {cls.route(request)}"

    @staticmethod
    def route(request: HttpRequest) -> str:
        match = request.resolver_match
        return (match.view_name or "unnamed") if match else "unknown"
