"""Runs the tests of this folder and writes a JUnit file: python tests/run.py RESULT [NAME...]."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from suites.outcome import write_junit  # noqa: E402


class Recorder(unittest.TextTestResult):
    """Notes every test's fate for the JUnit file."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.rows: list[tuple[str, str | None, str | None]] = []

    def addSuccess(self, test):
        super().addSuccess(test)
        self.rows.append((test.id(), None, None))

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.rows.append((test.id(), str(error[1]) or "failed", None))

    def addError(self, test, error):
        super().addError(test, error)
        self.rows.append((test.id(), f"{error[0].__name__}: {error[1]}", None))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.rows.append((test.id(), None, reason))


def main(arguments: list[str]) -> int:
    folder = Path(__file__).parent
    loader = unittest.TestLoader()
    names = [f"tests.{name}" for name in arguments[1:]]
    tests = loader.loadTestsFromNames(names) if names else loader.discover(str(folder), "*_test.py", str(folder.parent))
    result = unittest.TextTestRunner(resultclass=Recorder, verbosity=2).run(tests)
    write_junit(Path(arguments[0]), "environment", result.rows)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
