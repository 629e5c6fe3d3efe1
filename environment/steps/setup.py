"""All steps in order. Each looks at its stamp first, so that a second run takes well under a second."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from steps import java, jdk, jupyter, kernel, models, native, onednn, python_environment, tools
from steps.layout import HOME
from steps.report import note


class Setup(NamedTuple):
    """What the steps found or made."""

    jdk: Path
    python: Path
    onednn: Path | None
    jars: Path


def ensure() -> Setup:
    """Makes everything that a notebook needs and is not there yet."""
    home = jdk.find()
    tools.require()
    # The Python half mostly waits for downloads and the disk, the other half mostly compiles: they go side by side.
    with _only_one_at_a_time(), ThreadPoolExecutor() as pool:
        python = pool.submit(_python, home)
        built = pool.submit(_libraries, home)
        return Setup(home, python.result(), *built.result())


def _python(home: Path) -> Path:
    python = python_environment.ensure()
    models.ensure(python)
    kernel.ensure(home)
    jupyter.ensure()
    return python


def _libraries(home: Path) -> tuple[Path | None, Path]:
    return _native(home), java.ensure(home)


def _native(home: Path) -> Path | None:
    if onednn.classifier() is None:
        note("no native library for this kind of machine yet: the slower reference backend is used")
        return None
    folder = onednn.ensure(home)
    native.ensure(folder)
    return folder


@contextmanager
def _only_one_at_a_time():
    """Two set-ups at once would undo each other's work; the lock goes with its process, however that ends."""
    HOME.mkdir(exist_ok=True)
    with open(HOME / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note("another set-up is running here; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        os.ftruncate(lock.fileno(), 0)
        yield
