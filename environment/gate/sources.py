"""The files that the gates look at: what git tracks or would track, or every file where there is no git."""

import shutil
import subprocess
from pathlib import Path

from steps import stamps
from steps.layout import ROOT

CODE = {".java", ".kt", ".c", ".cc", ".cpp", ".h", ".hpp", ".cu", ".cuh", ".py", ".sh", ".js", ".css", ".cmake", ".xml"}
CPP = {".c", ".cc", ".cpp", ".h", ".hpp", ".cu", ".cuh"}


def all_files(root: Path = ROOT) -> list[Path]:
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
        return [root / name for name in names if name and (root / name).is_file()]
    return stamps.files_under(root, ".git", ".microtome", "target", "build*", "__pycache__")


def text_of(file: Path) -> str | None:
    """The file's text, or nothing when it is not text."""
    data = file.read_bytes()
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_code(file: Path) -> bool:
    return file.suffix in CODE or file.name == "CMakeLists.txt" or is_shell(file)


def is_shell(file: Path) -> bool:
    if file.suffix:
        return file.suffix == ".sh"
    with open(file, "rb") as stream:
        return stream.readline(80).startswith((b"#!/usr/bin/env bash", b"#!/bin/bash", b"#!/bin/sh"))
