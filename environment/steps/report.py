"""What the set-up says: one line per step that did something, and problems that name their cure."""

import sys
import time
from contextlib import contextmanager


class Problem(Exception):
    """Ends a command with a message for its reader and an exit status (3: something must be installed first)."""

    def __init__(self, message: str, status: int = 1):
        super().__init__(message)
        self.status = status


def say(line: str) -> None:
    print(line, flush=True)


def note(line: str) -> None:
    """A line about the set-up itself: on standard error, so that a command's own output stays clean."""
    print(f"· {line}", file=sys.stderr, flush=True)


@contextmanager
def step(name: str):
    """Announces a step that takes time, and says afterwards how long it took."""
    note(f"{name} …")
    began = time.monotonic()
    yield
    note(f"{name}: {time.monotonic() - began:.1f} s")
