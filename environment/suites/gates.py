"""The quality gates as a suite: one test each."""

from commands import gates
from steps.setup import Setup
from suites.outcome import Outcome


def run(made: Setup) -> Outcome:
    results = gates.run()
    failures = [f"gate {name}: {len(complaints)} complaints" for name, complaints in results.items() if complaints]
    return Outcome(passed=len(results) - len(failures), failures=failures)
