"""What a page costs: queries, milliseconds, bytes."""

import http.client
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.pages import Page

ROUNDS = 6
#: Requests for one page in one round, and how long they may take together.
REQUESTS = 30
SECONDS = 2.0
WARM_UP = 8
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"')


@dataclass
class Cost:
    """What was found of one page. Times are in milliseconds."""

    page: Page
    queries: int = 0
    repeated: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    html_bytes: int = 0
    asset_bytes: int = 0

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1]

    def ratio(self, floor: "Cost") -> float:
        """To the floor of the same minutes, so that a busy machine slows both."""
        return self.p50 / floor.p50


def count_queries(client: Client, page: Page) -> Cost:
    """Ask once in process, warm, and write down every query. Savepoints count as the queries they are."""
    client.get(page.path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page.path)
    if response.status_code != 200:
        raise RuntimeError(f"{page.name}: {page.path} answers {response.status_code}")
    shapes = Counter(_shape(query["sql"]) for query in captured)
    return Cost(
        page,
        queries=len(captured),
        repeated=[f"{number} × {shape}" for shape, number in shapes.items() if number > 1],
        html_bytes=len(response.content),
    )


def _shape(sql: str) -> str:
    """The query without its values: what is asked again and again has one shape."""
    sql = re.sub(r"SELECT .*? FROM", "SELECT … FROM", sql, count=1)
    return re.sub(r"'[^']*'|\b\d+\b", "?", sql)[:200]


class Server:
    """One keep-alive connection to the running server."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def get(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """From the first byte sent to the last received; a connection that was let go is opened anew."""
        try:
            return self._ask(path, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            self.connection.close()
            return self._ask(path, headers)

    def close(self) -> None:
        self.connection.close()

    def _ask(self, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        self.connection.request("GET", path, headers=dict(headers))
        response = self.connection.getresponse()
        return response.status, response.read()


def time_requests(server: Server, cost: Cost, cookie: str, *, requests: int = REQUESTS) -> None:
    """A round of requests for one page, bounded in number and in time."""
    headers = {"Cookie": cookie} if cookie else {}
    until = time.perf_counter() + SECONDS
    for _number in range(requests):
        began = time.perf_counter()
        status, _body = server.get(cost.page.path, headers)
        ended = time.perf_counter()
        if status != 200:
            raise RuntimeError(f"{cost.page.name}: {cost.page.path} answers {status}")
        cost.times.append((ended - began) * 1000)
        if ended > until:
            break


def time_in_turns(
    server: Server, costs: list[Cost], cookies: Mapping[str, str], *, rounds: int = ROUNDS
) -> None:
    """All pages in turn, round after round: what disturbs the machine disturbs them all."""
    for cost in costs:
        time_requests(server, cost, cookies[cost.page.who], requests=WARM_UP)
        cost.times.clear()
    for _round in range(rounds):
        for cost in costs:
            time_requests(server, cost, cookies[cost.page.who])


def weigh_assets(server: Server, costs: list[Cost], cookies: Mapping[str, str]) -> None:
    """The styles and scripts that a first visit loads, as sent to a browser that takes gzip."""
    known: dict[str, int] = {}
    for cost in costs:
        cookie = cookies[cost.page.who]
        _status, body = server.get(cost.page.path, {"Cookie": cookie} if cookie else {})
        cost.html_bytes = len(body)
        for path in set(ASSETS.findall(body.decode())):
            if path not in known:
                known[path] = len(server.get(path, {"Accept-Encoding": "gzip"})[1])
            cost.asset_bytes += known[path]
