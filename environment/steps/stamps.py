"""Stamps: a file holding the digest of what a step was made from. Same digest, nothing to do."""

import hashlib
import os
from pathlib import Path
from typing import Iterable

from steps.layout import STAMPS


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def files_under(folder: Path, *skipped: str) -> list[Path]:
    """Every file under a folder in a fixed order; folders of the given names are left out (name* is any such start)."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not any(_matches(name, skip) for skip in skipped))
        found += [Path(parent, name) for name in sorted(names)]
    return found


def _matches(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def digest(files: Iterable[Path], *facts: str) -> str:
    """One digest over the names and contents of files and over further facts."""
    whole = hashlib.sha256()
    for fact in facts:
        whole.update(f"{fact}\0".encode())
    for file in files:
        whole.update(f"{file}\0".encode())
        whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def is_current(name: str, value: str, folder: Path = STAMPS) -> bool:
    try:
        return (folder / name).read_text() == value
    except FileNotFoundError:
        return False


def clear(name: str, folder: Path = STAMPS) -> None:
    """Forgets a stamp before its step starts, so that a killed step is repeated."""
    (folder / name).unlink(missing_ok=True)


def write(name: str, value: str, folder: Path = STAMPS) -> None:
    write_text(folder / name, value)


def write_text(file: Path, text: str) -> None:
    """Writes a file so that a reader sees the old or the new text, never a part."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
