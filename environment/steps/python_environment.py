"""The virtual environment: made from the hash-locked list, made anew when the list changes."""

import shutil
import sys
from pathlib import Path

from steps import shell, stamps
from steps.layout import ENVIRONMENT, PYTHON_ENVIRONMENT, python_of
from steps.report import Problem, step

LOCK = ENVIRONMENT / "requirements.lock"
STAMP = "made-from"


def ensure(lock: Path = LOCK, folder: Path = PYTHON_ENVIRONMENT, name: str = "Python environment") -> Path:
    """The interpreter of the environment, after making it when it is missing, half made or outdated."""
    # Its scripts hold the folder's own path: a repository that was moved needs a new one.
    wanted = stamps.digest([lock], sys.version, str(folder))
    if not stamps.is_current(STAMP, wanted, folder) or not python_of(folder).exists():
        stamps.clear(STAMP, folder)
        with step(name):
            _make(lock, folder, name)
        stamps.write(STAMP, wanted, folder)
    return python_of(folder)


def _make(lock: Path, folder: Path, name: str) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    shell.run(f"{name} creation", [sys.executable, "-m", "venv", folder])
    _install(lock, folder, name)


def _install(lock: Path, folder: Path, name: str) -> None:
    # The lock is the whole closure, so dependencies are not resolved; wheels only, so nothing is built or executed.
    command = [python_of(folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
               "--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", lock]
    done = shell.attempt(f"{name} packages", command)
    if done.returncode == 0:
        return
    if "DO NOT MATCH THE HASHES" in done.stdout:
        raise Problem(f"a package is not the one that {lock.name} pins, so nothing of it was installed.\n"
                      f"{shell.tail(done.stdout, 12)}\n"
                      f"If the lock was edited, restore it: git checkout {lock.name}.\n"
                      "If you changed a version: environment/lock python.")
    raise Problem(f"the packages of {lock.name} could not be installed (a network is needed the first time)\n"
                  f"{shell.tail(done.stdout)}")
