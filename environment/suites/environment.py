"""The tests of this folder itself, by Python's own unittest."""

from steps import shell
from steps.setup import Setup
from steps.layout import ENVIRONMENT, TARGET
from suites.outcome import Outcome, of_junit


def run(made: Setup) -> Outcome:
    result = TARGET / "verify" / "environment.xml"
    result.unlink(missing_ok=True)
    done = shell.attempt("environment tests", [made.python, ENVIRONMENT / "tests" / "run.py", result])
    outcome = of_junit([result] if result.exists() else [])
    if done.returncode != 0 and not outcome.failures:
        outcome.failures.append(f"the tests did not come to their end\n{shell.tail(done.stdout)}")
    return outcome
