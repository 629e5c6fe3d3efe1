"""What a suite came to, and how it is read from the JUnit files that Maven, CTest and our own checks write."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable
from xml.etree import ElementTree


@dataclass
class Outcome:
    """Counts of one suite, with the name of each failure and the reason of each skip."""

    passed: int = 0
    failures: list[str] = field(default_factory=list)
    skips: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> "Outcome":
        return Outcome(self.passed + other.passed, self.failures + other.failures, self.skips + other.skips)

    def or_no_result(self, what: str) -> "Outcome":
        """A suite that ran nothing has failed: it cannot vouch for anything."""
        empty = not self.passed and not self.failures and not self.skips
        return Outcome(failures=[f"{what}: no test ran"]) if empty else self


def of_junit(files: Iterable[Path]) -> Outcome:
    """The outcome that JUnit files tell, one test case each."""
    outcome = Outcome()
    for file in sorted(files):
        try:
            cases = ElementTree.parse(file).getroot().iter("testcase")
            for case in cases:
                _count(case, outcome)
        except ElementTree.ParseError as error:
            outcome.failures.append(f"{file.name}: unreadable result ({error})")
    return outcome


def _count(case, outcome: Outcome) -> None:
    group, name = case.get("classname", ""), case.get("name", "")
    name = name if group in ("", name) else f"{group}.{name}"
    for kind in ("failure", "error"):
        found = case.find(kind)
        if found is not None:
            outcome.failures.append(f"{name}: {_first_line(found) or _telling_line(case.find('system-out'))}")
            return
    skipped = case.find("skipped")
    if skipped is not None or case.get("status") in ("notrun", "disabled"):
        reason = _first_line(skipped).removeprefix("org.opentest4j.TestAbortedException: Assumption failed: ")
        outcome.skips.append(f"{name}: {reason or 'no reason given'}")
        return
    outcome.passed += 1


def _first_line(element) -> str:
    text = "" if element is None else (element.get("message") or element.text or "")
    return text.strip().splitlines()[0] if text.strip() else ""


def _telling_line(output) -> str:
    """CTest gives no message: the first line of the program's output that speaks of an error, or else its last."""
    lines = [line.strip() for line in (output.text or "").splitlines() if line.strip()] if output is not None else []
    telling = [line for line in lines if re.search(r"error|fail|expected", line, re.IGNORECASE)]
    return (telling or lines[-1:] or ["no message"])[0]


def write_junit(file: Path, suite: str, results: list[tuple[str, str | None, str | None]]) -> None:
    """Writes (name, failure or nothing, reason of skipping or nothing) as a JUnit file."""
    root = ElementTree.Element("testsuite", name=suite, tests=str(len(results)))
    for name, failure, skipped in results:
        case = ElementTree.SubElement(root, "testcase", classname=suite, name=name)
        if failure is not None:
            ElementTree.SubElement(case, "failure", message=failure)
        elif skipped is not None:
            ElementTree.SubElement(case, "skipped", message=skipped)
    file.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
