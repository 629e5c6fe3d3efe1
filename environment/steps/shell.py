"""Runs other programs quietly; when one fails, shows what it said."""

import os
import subprocess
from pathlib import Path

from steps.layout import HOME
from steps.report import Problem


def run(what: str, command: list, cwd: Path | None = None, environment: dict | None = None) -> str:
    """Runs a command to its end and returns its output; a failure becomes a problem with the end of that output."""
    done = attempt(what, command, cwd, environment)
    if done.returncode != 0:
        raise Problem(f"{what} failed (exit {done.returncode})\n{tail(done.stdout)}\nwhole log: {log_of(what)}")
    return done.stdout


def attempt(what: str, command: list, cwd: Path | None = None, environment: dict | None = None):
    """Runs a command to its end, keeping its output in a log; the caller looks at the exit status."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    log = log_of(what)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(" ".join(map(str, command)) + "\n" + done.stdout, encoding="utf-8")
    return done


def log_of(what: str) -> Path:
    return HOME / "logs" / (what.replace(" ", "-") + ".log")


def tail(text: str, lines: int = 40) -> str:
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])
