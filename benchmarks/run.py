"""Measure every page: queries in process first, then times over loopback, then bytes."""

import logging

from benchmarks.measuring import (
    ROUNDS,
    Cost,
    Server,
    count_queries,
    time_in_turns,
    weigh_assets,
)
from benchmarks.pages import FLOOR, Page, main_pages
from benchmarks.visitors import Visitors


def measure(
    port: int,
    pages: list[Page] | None = None,
    *,
    floor: Page = FLOOR,
    rounds: int = ROUNDS,
) -> tuple[Cost, list[Cost]]:
    """What the floor costs, and each page, on the server at this port."""
    # The requests of the instrumented pass would write their lines to this terminal.
    logging.disable(logging.INFO)
    try:
        visitors = Visitors()
        asked = [floor, *(main_pages() if pages is None else pages)]
        costs = [count_queries(visitors.client(page.who), page) for page in asked]
        cookies = {page.who: visitors.cookie(page.who) for page in asked}
        server = Server(port)
        time_in_turns(server, costs, cookies, rounds=rounds)
        weigh_assets(server, costs, cookies)
        server.close()
    finally:
        logging.disable(logging.NOTSET)
    return costs[0], costs[1:]
