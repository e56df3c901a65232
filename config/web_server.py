"""gunicorn's settings, the same here and in production: `gunicorn --config python:config.web_server`.

Threads, because two slow uploads would block two plain workers. No access log: it writes paths, and
a referee's token may stand in one. Requests are logged by route (see `config.logs`).
"""

from typing import Any

from gunicorn.glogging import Logger

worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = None
errorlog = "-"
loglevel = "warning"
control_socket_disable = True


class PathlessLogger(Logger):
    """gunicorn names the address asked for when a request fails; here it does not."""

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        if "request" in msg.lower():
            msg, args = "A request failed.", ()
        super().exception(msg, *args, **kwargs)


logger_class = PathlessLogger
