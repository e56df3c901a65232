"""What the inspector's own modules raise. Free of Django, as they are."""


class Refusal(Exception):
    """The file is not accepted: a code of `refusals.SENTENCES`, and what its sentence needs."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
