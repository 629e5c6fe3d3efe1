"""The finished jar: its native libraries are opened with readelf before anybody's machine has to load them."""

import re
import tempfile
import zipfile
from pathlib import Path
from typing import Callable

from steps import shell
from steps.layout import JARS, NATIVE
from steps.setup import Setup
from suites.outcome import Outcome

FOLDER = "microtome/native/linux-x86_64/"
OURS = "libmicrotome.so"
LIBRARIES = (OURS, "libdnnl.so.3", "libgomp.so.1")
SYSTEM = {"libstdc++.so.6", "libm.so.6", "libgcc_s.so.1", "libc.so.6", "libdl.so.2", "libpthread.so.0",
          "ld-linux-x86-64.so.2"}
# What the oldest supported systems have (Debian 12, Ubuntu 22.04, RHEL 9).
NEWEST = {"GLIBC": (2, 34), "GLIBCXX": (3, 4, 29), "CXXABI": (1, 3, 13), "GCC": (14,)}


def run(made: Setup) -> Outcome:
    if made.onednn is None:
        return Outcome(skips=["jar: no native library is built for this kind of machine"])
    with tempfile.TemporaryDirectory() as folder:
        libraries = unpack(JARS, Path(folder))
        return check(libraries, header_functions())


def unpack(jars: Path, folder: Path) -> dict[str, Path]:
    """The libraries of the one jar that has any."""
    (jar,) = jars.glob("microtome-tensor-native-*.jar")
    with zipfile.ZipFile(jar) as opened:
        names = [name for name in opened.namelist() if name.startswith(FOLDER) and not name.endswith("/")]
        opened.extractall(folder, names)
    return {name.removeprefix(FOLDER): folder / name for name in names}


def check(libraries: dict[str, Path], functions: set[str]) -> Outcome:
    """Each claim about the libraries, as a test of its own."""
    outcome = Outcome()
    _claim(outcome, "holds the three libraries", lambda: _difference(set(libraries), set(LIBRARIES)))
    for name, file in sorted(libraries.items()):
        _claim(outcome, f"{name} is for x86-64", lambda: _architecture(file))
        _claim(outcome, f"{name} needs the system and the jar only", lambda: _dependencies(file))
        _claim(outcome, f"{name} loads on the oldest systems", lambda: _versions(file))
        _claim(outcome, f"{name} looks for the others beside itself only", lambda: _search_path(file))
        _claim(outcome, f"{name} has no executable stack", lambda: _stack(file))
    if OURS in libraries:
        _claim(outcome, "exports the functions of the header", lambda: _exports(libraries[OURS], functions))
    return outcome


def header_functions() -> set[str]:
    header = (NATIVE / "include" / "microtome" / "microtome.h").read_text()
    return set(re.findall(r"MT_API\s[^;(]*?\b(mt_\w+)\(", re.sub(r"/\*.*?\*/", "", header, flags=re.DOTALL)))


def _claim(outcome: Outcome, name: str, problem: Callable[[], str]) -> None:
    wrong = problem()
    if wrong:
        outcome.failures.append(f"jar: {name}: {wrong}")
    else:
        outcome.passed += 1


def _difference(found: set[str], expected: set[str]) -> str:
    lacks, extra = sorted(expected - found), sorted(found - expected)
    words = [f"lacks {', '.join(lacks)}"] * bool(lacks) + [f"has {', '.join(extra)}"] * bool(extra)
    return "; ".join(words)


def _readelf(file: Path, *options: str) -> str:
    return shell.run("readelf", ["readelf", "--wide", *options, file])


def _architecture(file: Path) -> str:
    header = _readelf(file, "--file-header")
    kind = {line.split(":")[0].strip(): line.split(":", 1)[1].strip() for line in header.splitlines() if ":" in line}
    wanted = {"Class": "ELF64", "Machine": "Advanced Micro Devices X86-64", "Type": "DYN (Shared object file)"}
    return "; ".join(f"{key} is {kind.get(key)}, not {value}" for key, value in wanted.items()
                     if kind.get(key) != value)


def _dependencies(file: Path) -> str:
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", _readelf(file, "--dynamic")))
    strangers = sorted(needed - SYSTEM - set(LIBRARIES))
    return f"needs {', '.join(strangers)}" if strangers else ""


def _versions(file: Path) -> str:
    needs = _readelf(file, "--version-info").partition("Version needs section")[2]
    too_new = [f"{family}_{version}" for family, version in set(re.findall(r"Name: ([A-Z]+)_([\d.]+)", needs))
               if family in NEWEST and tuple(map(int, version.split("."))) > NEWEST[family]]
    return f"needs {', '.join(sorted(too_new))}" if too_new else ""


def _search_path(file: Path) -> str:
    paths = re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", _readelf(file, "--dynamic"))
    wrong = [path for path in paths if path.rstrip("/") != "$ORIGIN"]
    return f"looks in {', '.join(wrong)}" if wrong else ""


def _stack(file: Path) -> str:
    lines = [line for line in _readelf(file, "--program-headers").splitlines() if "GNU_STACK" in line]
    return "" if lines and "RWE" not in lines[0] else "its stack may be executed"


def _exports(file: Path, functions: set[str]) -> str:
    symbols = [line.split() for line in _readelf(file, "--dyn-syms").splitlines()]
    exported = {words[7] for words in symbols if len(words) > 7 and words[4] == "GLOBAL" and words[6] != "UND"}
    return _difference(exported, functions)
