"""Logs: JSON lines with the request's id and route name. Never a path, a token or an address."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

EMAIL_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+")


def hide_addresses(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Take out what an exception's words may hold: email addresses, the request's path and tokens.

    PostgreSQL, for example, quotes the address that is there already.
    """
    from config.request_log import unspeakable

    for name, value in event.items():
        if isinstance(value, str):
            text = EMAIL_ADDRESS.sub("[address]", value)
            for secret in unspeakable():
                text = text.replace(secret, "[path]")
            event[name] = text
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.format_exc_info,
    hide_addresses,
]


def logging_config(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING. Everything goes to standard error; whoever runs the portal ships it."""
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    silent = {"level": logging.CRITICAL, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processor": renderer,
                "foreign_pre_chain": SHARED_PROCESSORS,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": logging.WARNING},
        "loggers": {
            "portal": {"level": logging.INFO},
            # One line per request, by route: see `config.request_log`.
            "django_structlog": {"level": logging.INFO},
            # These write the path, in which a referee's token could stand.
            "django.request": silent,
            "django.server": silent,
            "django.security.csrf": silent,
        },
    }
