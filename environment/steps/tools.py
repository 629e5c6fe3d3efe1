"""Names every missing build tool at once, each with the package that brings it."""

import os
import shutil
from typing import Mapping

from steps.report import Problem

# program: (Debian package, Homebrew formula, what for)
TOOLS = {
    "mvn": ("maven", "maven", "builds the Java library"),
    "cmake": ("cmake", "cmake", "configures the native library"),
    "make": ("make", "make", "builds the native library"),
    "c++": ("g++", "gcc", "compiles the native library"),
}


def require(environ: Mapping[str, str] = os.environ) -> None:
    missing = [name for name in TOOLS if not shutil.which(name, path=environ.get("PATH", ""))]
    if missing:
        raise Problem(_advice(missing), status=3)


def _advice(missing: list[str]) -> str:
    lines = [f"  {name:6} {TOOLS[name][2]}" for name in missing]
    debian = " ".join(TOOLS[name][0] for name in missing)
    homebrew = " ".join(TOOLS[name][1] for name in missing)
    return "\n".join([
        "these programs were not found on PATH:",
        *lines,
        "Install them, then run the same command again:",
        f"  Debian, Ubuntu   sudo apt-get install {debian}",
        f"  macOS            brew install {homebrew}",
    ])
