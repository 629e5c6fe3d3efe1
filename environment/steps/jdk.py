"""Finds a JDK 25 in the usual places, or says how to install one."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Iterator, Mapping

from steps.report import Problem

MAJOR = 25

ADVICE = f"""no JDK {MAJOR} was found. Install one, then run the same command again:
  Debian 13, Ubuntu 24.04 and newer   sudo apt-get install openjdk-{MAJOR}-jdk-headless
  Debian 12 and older                 sudo apt-get install temurin-{MAJOR}-jdk (package source: Eclipse Adoptium)
  macOS                               brew install --cask temurin@{MAJOR}
  Windows                             winget install EclipseAdoptium.Temurin.{MAJOR}.JDK
  without administrator rights        sdk install java {MAJOR}-tem (SDKMAN)
A JDK that lies elsewhere is found through JAVA_HOME."""


def find(environ: Mapping[str, str] = os.environ) -> Path:
    """The home of the first JDK 25: JAVA_HOME, then the usual folders, then PATH."""
    seen = []
    for home in _candidates(environ):
        version = version_of(home)
        if version and version.split(".")[0] == str(MAJOR):
            return home
        if version and home not in seen:
            seen.append(home)
    others = "".join(f"\n  {home}: version {version_of(home)}" for home in seen)
    raise Problem(ADVICE + (f"\nLooked at, but of another version:{others}" if others else ""), status=3)


def version_of(home: Path) -> str | None:
    """The version of the JDK at a folder, or nothing when no compiler lies there."""
    if not (home / "bin" / "javac").exists() or not (home / "bin" / "java").exists():
        return None
    try:
        match = re.search(r'^JAVA_VERSION="?([^"\s]+)', (home / "release").read_text(), re.MULTILINE)
    except OSError:
        match = None
    return match.group(1) if match else None


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if environ.get("JAVA_HOME"):
        yield Path(environ["JAVA_HOME"])
    for folder in _search_folders(environ):
        if folder.is_dir():
            for entry in sorted(folder.iterdir(), reverse=True):
                yield entry
                yield entry / "Contents" / "Home"
    yield from _told_by_macos()
    javac = shutil.which("javac", path=environ.get("PATH", ""))
    if javac:
        yield Path(javac).resolve().parents[1]


def _search_folders(environ: Mapping[str, str]) -> list[Path]:
    """The usual places; MICROTOME_JDK_FOLDERS names others instead of them."""
    if "MICROTOME_JDK_FOLDERS" in environ:
        return [Path(folder) for folder in environ["MICROTOME_JDK_FOLDERS"].split(os.pathsep)]
    user = Path(environ.get("HOME", "/"))
    return [
        Path("/usr/lib/jvm"),
        Path("/opt"),
        Path("/usr/java"),
        user / ".sdkman" / "candidates" / "java",
        user / ".jdks",
        Path("/Library/Java/JavaVirtualMachines"),
        user / "Library" / "Java" / "JavaVirtualMachines",
    ]


def _told_by_macos() -> Iterator[Path]:
    teller = Path("/usr/libexec/java_home")
    if teller.exists():
        told = subprocess.run([teller, "-v", str(MAJOR)], capture_output=True, text=True)
        if told.returncode == 0:
            yield Path(told.stdout.strip())
