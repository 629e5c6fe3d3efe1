"""verify [SUITE...]: sets everything up, runs every test, and sums them up in the last line."""

import sys
import time

from steps import setup
from steps.report import Problem, say
from suites import environment, gates, jar, java, native, notebooks, parity
from suites.outcome import Outcome

SUITES = {
    "gates": gates.run,
    "environment": environment.run,
    "native": native.release,
    "sanitizers": native.sanitized,
    "java": java.run,
    "jar": jar.run,
    "parity": parity.run,
    "notebooks": notebooks.execute,
    "browser": notebooks.browse,
}


def main(arguments: list[str]) -> int:
    unknown = [name for name in arguments if name not in SUITES]
    if unknown:
        raise Problem(f"no suite {', '.join(unknown)}; there are {', '.join(SUITES)}", status=2)
    total = verify(arguments or list(SUITES))
    say(f"{total.passed} passed, {len(total.failures)} failed, {len(total.skips)} skipped")
    return 1 if total.failures else 0


def verify(names: list[str]) -> Outcome:
    began = time.monotonic()
    try:
        made = setup.ensure()
    except Problem as problem:
        print(f"microtome: {problem}", file=sys.stderr, flush=True)
        return Outcome(failures=["set-up"])
    say(f"set-up {time.monotonic() - began:.1f} s")
    total = Outcome()
    for name in names:
        total = total.add(_suite(name, made))
    _say_again(total)
    return total


def _suite(name: str, made: setup.Setup) -> Outcome:
    began = time.monotonic()
    try:
        outcome = SUITES[name](made).or_no_result(name)
    except Problem as problem:
        outcome = Outcome(failures=[f"{name}: {problem}"])
    say(f"suite {name:12} {outcome.passed:5} passed {len(outcome.failures):4} failed {len(outcome.skips):4} skipped"
        f" {time.monotonic() - began:7.1f} s")
    return outcome


def _say_again(total: Outcome) -> None:
    for skip in total.skips:
        say(f"skipped  {skip}")
    for failure in total.failures:
        say(f"FAILED   {failure}")
