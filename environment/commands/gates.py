"""gates [NAME...]: one pass of the quality gates, each a line; what is wrong stands under its gate."""

import time
from pathlib import Path

from gate import formatting, locks, syntax, text
from steps import jdk, python_environment, tools
from steps.layout import ROOT
from steps.report import Problem, say

MOST_SHOWN = 25


def main(arguments: list[str]) -> int:
    results = run(arguments)
    failed = [name for name, complaints in results.items() if complaints]
    say(f"{len(results) - len(failed)} gates passed, {len(failed)} failed")
    return 1 if failed else 0


def run(names: list[str] | None = None) -> dict[str, list[str]]:
    """The complaints of every gate that was asked for, of all gates when none was named."""
    gates = all_gates(jdk.find(), ROOT)
    unknown = [name for name in names or [] if name not in gates]
    if unknown:
        raise Problem(f"no gate {', '.join(unknown)}; there are {', '.join(gates)}", status=2)
    tools.require()
    python_environment.ensure()
    return {name: _pass(name, gates[name]) for name in names or gates}


def all_gates(home: Path, root: Path) -> dict:
    return {
        "length": lambda: text.length(root),
        "width": lambda: text.width(root),
        "words": lambda: text.words(root),
        "shell": lambda: syntax.shell(root),
        "python": lambda: syntax.python(root),
        "locks": lambda: locks.locks(root),
        "cpp": lambda: formatting.cpp(root),
        "java": lambda: formatting.java(home),
        "style": lambda: formatting.style(home),
    }


def _pass(name: str, gate) -> list[str]:
    began = time.monotonic()
    complaints = gate()
    say(f"gate {name:8} {'FAILED' if complaints else 'passed'} {time.monotonic() - began:5.1f} s")
    for complaint in complaints[:MOST_SHOWN]:
        say(f"    {complaint}")
    if len(complaints) > MOST_SHOWN:
        say(f"    and {len(complaints) - MOST_SHOWN} more")
    return complaints
