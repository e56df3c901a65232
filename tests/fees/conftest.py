"""A storage of each test's own, and the sandbox as a service over real HTTP."""

import socketserver
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.handlers.wsgi import WSGIHandler

from config import environment


@pytest.fixture(autouse=True)
def _storage_folder(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": environment.storage((tmp_path / "files").as_uri()),
    }
    settings.CLAMD_SOCKET = "off"


class SandboxHandler(WSGIHandler):
    """The portal's own code at the sandbox's addresses, as PORTAL_URLCONF makes a process of it."""

    def get_response(self, request):
        request.urlconf = "applicants.fees.sandbox.urls"
        return super().get_response(request)


class QuietRequests(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def sandbox(settings) -> Iterator[str]:
    """The sandbox's origin."""
    with Server(("127.0.0.1", 0), QuietRequests) as server:
        server.set_app(SandboxHandler())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.SANDBOX_URL = f"http://127.0.0.1:{server.server_port}"
        try:
            yield settings.SANDBOX_URL
        finally:
            server.shutdown()
            thread.join()
