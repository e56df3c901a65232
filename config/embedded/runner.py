"""`make run`: everything in one terminal, started in order, kept running, stopped in order."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from config.embedded import leftovers, parts, ports, processes
from config.embedded.files import make_folder, try_lock
from config.embedded.memory import DEFAULT_WEB_PORT, remember
from config.embedded.parts import BASE_DIR, Part

READY_SECONDS = 120.0
LOOK_SECONDS = 0.3
LOG_LINES = 15


class Problem(Exception):
    """Why the portal can't start, in one line for whoever typed the command."""


class Runner:
    """One start of the embedded portal in `var_dir`."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir.resolve()
        self.port = _wanted_port()
        self.environ = parts.child_environ(self.var_dir, self.port)
        self.stopping = threading.Event()
        self.running: list[Part] = []
        self.address = f"http://127.0.0.1:{self.port}"

    def run(self) -> None:
        """Start, watch until told to stop, stop. Raises Problem."""
        began = time.monotonic()
        make_folder(self.var_dir)
        (self.var_dir / "logs").mkdir(mode=0o700, exist_ok=True)
        if try_lock(self.var_dir / "run.lock") is None:
            raise Problem("The portal already runs from this folder (or a backup is being made).")
        if os.environ.get("MAKELEVEL"):
            # `make`, killed hard, would otherwise leave us behind with everything we started.
            processes.end_when_parent_dies(signal.SIGTERM)
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, self._told_to_stop)
        try:
            self._clear_the_way()
            sign_ins = self._start()
            if not self.stopping.is_set():
                self._welcome(sign_ins, time.monotonic() - began)
            self._watch()
        finally:
            self._stop()

    def _clear_the_way(self) -> None:
        found = leftovers.end_recorded(self.var_dir)
        if found:
            say(f"Ended what an earlier start left behind: {', '.join(found)}.")
        if not ports.is_free(self.port):
            raise Problem(
                f"Port {self.port} is in use by another program. Choose another: PORT=8123 make run"
            )
        remember(self.var_dir, web_port=self.port)

    def _start(self) -> str:
        """Returns what the demonstration has to say about its sign-ins."""
        say("Collecting styles and scripts …")
        collecting = self._manage_beside("collectstatic", "--noinput", "--verbosity", "0")
        for server, sentence in zip(
            parts.servers(self.var_dir),
            ("Starting PostgreSQL …", "Starting Redis …"),
            strict=True,
        ):
            say(sentence)
            self._begin(server)
        say("Bringing the database up to date …")
        self._manage("prepare_database")
        say("Loading the programmes and the demonstration's people …")
        filling = self._manage_beside("fill_demonstration")
        filled = self.var_dir / "filled"
        sign_ins = ""
        if not filled.exists():
            # The demonstration's past is written before a worker could mail it. Later nothing of
            # it is new, and the rest need not wait.
            sign_ins = self._finish(filling, "fill_demonstration")
        self._finish(collecting, "collectstatic")
        say("Starting the web server, the workers and the timers …")
        for part in parts.portal(self.var_dir, self.environ, self.port):
            self._begin(part)
        say("Waiting until everything answers …")
        self._wait_until_ready()
        sign_ins = sign_ins or self._finish(filling, "fill_demonstration")
        filled.touch()
        return sign_ins

    def _begin(self, part: Part) -> None:
        if self.stopping.is_set():
            return
        part.start(time.monotonic())
        self.running.append(part)
        leftovers.record(self.var_dir, self.running)

    def _manage_beside(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(BASE_DIR / "manage.py"), *command],
            cwd=BASE_DIR,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=processes.end_with_parent(signal.SIGTERM),
        )

    def _manage(self, *command: str) -> str:
        if self.stopping.is_set():
            return ""
        return self._finish(self._manage_beside(*command), command[0])

    def _finish(self, process: subprocess.Popen[str], name: str) -> str:
        output, errors = process.communicate()
        if process.returncode and not self.stopping.is_set():
            log = self.var_dir / "logs" / f"{name}.log"
            log.write_text(output + errors, encoding="utf-8")
            reason = _reason(errors or output)
            raise Problem(f"{name} failed: {reason}\nMore is in {log}.")
        return output.strip()

    def _wait_until_ready(self) -> None:
        """Keep an eye on the parts meanwhile: one that dies at once says why in its log."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping.is_set():
            is_ready, answer = _ask(f"{self.address}/health/ready")
            if is_ready:
                return
            dead = [part.name for part in self.running if not part.is_running]
            if dead:
                raise Problem(f"{dead[0]} stopped at once:\n{self._log_of(dead[0])}")
            if time.monotonic() > deadline:
                raise Problem(f"Not ready after {READY_SECONDS:.0f} seconds: {answer}")
            self.stopping.wait(LOOK_SECONDS)

    def _log_of(self, name: str) -> str:
        for path in (self.var_dir / "logs" / f"{name}.log", self.var_dir / f"{name}.log"):
            if path.exists():
                return _last_lines(path.read_text(encoding="utf-8", errors="replace"))
        return ""

    def _welcome(self, sign_ins: str, seconds: float) -> None:
        say("")
        say(f"The portal runs at {self.address}/  (started in {seconds:.0f} seconds)")
        if sign_ins:
            say(sign_ins)
        say(f"Its mail is kept at {self.address}/demo/mailbox/.")
        say(f"What each part has to say is in {self.var_dir / 'logs'}.")
        say("Ctrl-C stops everything.")

    def _watch(self) -> None:
        """Start again what died, sooner the first time than the fifth."""
        while not self.stopping.wait(LOOK_SECONDS):
            now = time.monotonic()
            for part in self.running:
                if part.process and not part.is_running:
                    wait = part.note_death(now)
                    say(f"{part.name} has stopped; starting it again in {wait:.0f} s.")
                elif part.process is None and now >= part.retry_at:
                    self._restart(part, now)

    def _restart(self, part: Part, now: float) -> None:
        try:
            part.start(now)
        except (OSError, RuntimeError) as error:
            wait = part.note_death(now)
            say(f"{part.name}: {error} Trying again in {wait:.0f} s.")
        leftovers.record(self.var_dir, self.running)

    def _stop(self) -> None:
        """The timers first, then what they feed; the servers last, when nobody needs them."""
        if not self.running:
            return
        say("Stopping …")
        by_name = {part.name: part for part in self.running}
        for names in (("beat", "sandbox", "web", "mail", "documents"), ("redis",), ("postgres",)):
            group = [by_name[name] for name in names if name in by_name]
            for part in group:
                part.ask_to_end()
            for part in group:
                if not part.insist():
                    say(f"{part.name} had to be ended by force.")
        leftovers.record(self.var_dir, ())
        say("Everything has stopped.")

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping.is_set():
            say(f"({signal.Signals(number).name})")
        self.stopping.set()


def say(sentence: str) -> None:
    """To the terminal, which may have gone: then there is nobody to tell."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)


def _wanted_port() -> int:
    given = os.environ.get("PORT") or str(DEFAULT_WEB_PORT)
    if not given.isdecimal() or not 0 < int(given) < 65_536:
        raise Problem(f"PORT must be a number between 1 and 65535, not {given!r}.")
    return int(given)


def _ask(address: str) -> tuple[bool, str]:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 (our own)
            return answer.status == 200, ""
    except urllib.error.HTTPError as error:
        return False, error.read(2000).decode(errors="replace")
    except OSError as error:
        return False, str(error)


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-LOG_LINES:])


def _reason(text: str) -> str:
    """The line of a traceback that names the error; PostgreSQL adds pictures of the statement."""
    lines = text.strip().splitlines() or ["it said nothing."]
    named = [line for line in lines if re.match(r"[a-z_.]*[A-Z]\w*(Error|Exception): ", line)]
    return (named or lines)[-1]
