"""What the embedded default remembers between starts: random secrets and the ports it found free."""

import dataclasses
import json
import secrets
from pathlib import Path

from config.embedded import ports
from config.embedded.files import locked, make_folder, write_whole

DEFAULT_WEB_PORT = 8000


@dataclasses.dataclass(frozen=True)
class Memory:
    """The content of `embedded.json` (mode 0600). Secrets fit into an address unquoted."""

    secret_key: str
    sandbox_secret: str
    superuser_password: str
    owner_password: str
    app_password: str
    redis_password: str
    postgres_port: int
    redis_port: int
    sandbox_port: int
    #: Where the portal was last started, so that other commands make the same links.
    web_port: int = DEFAULT_WEB_PORT
    database: str = "portal"
    redis_database: int = 0


def remembered(var_dir: Path) -> Memory:
    """Read the memory of `var_dir`; make it on first use."""
    path = _path(var_dir)
    if not path.exists():
        make_folder(var_dir)
        with locked(var_dir / "embedded.lock"):
            if not path.exists():
                _write(path, _invent())
    return Memory(**json.loads(path.read_text(encoding="utf-8")))


def remember(var_dir: Path, **changes: object) -> Memory:
    """Change what `var_dir` remembers, such as a port that somebody else took meanwhile."""
    before = remembered(var_dir)
    with locked(var_dir / "embedded.lock"):
        before = remembered(var_dir)
        after = dataclasses.replace(before, **changes)  # type: ignore[arg-type]
        if after != before:
            _write(_path(var_dir), after)
    return after


def copy_to(var_dir: Path, memory: Memory) -> None:
    """Give another folder the same servers, under a database of its own (each test process has one)."""
    make_folder(var_dir)
    with locked(var_dir / "embedded.lock"):
        _write(_path(var_dir), memory)


def _invent() -> Memory:
    postgres = ports.find_free()
    redis = ports.find_free(excluding=frozenset({postgres}))
    return Memory(
        secret_key=secrets.token_urlsafe(50),
        sandbox_secret=secrets.token_urlsafe(32),
        superuser_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
        redis_password=secrets.token_urlsafe(24),
        postgres_port=postgres,
        redis_port=redis,
        sandbox_port=ports.find_free(excluding=frozenset({postgres, redis})),
    )


def _path(var_dir: Path) -> Path:
    return var_dir / "embedded.json"


def _write(path: Path, memory: Memory) -> None:
    write_whole(path, json.dumps(dataclasses.asdict(memory), indent=2) + "\n")
