import contextlib
import io
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from commands import verify
from steps.report import Problem
from suites.outcome import Outcome, of_junit, write_junit


class CountingResults(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def test_counts_each_case_of_a_junit_file_with_its_reason(self):
        file = self.folder / "a.xml"
        write_junit(file, "suite", [("one", None, None), ("two", "1 != 2", None), ("three", None, "no browser")])
        self.assertEqual(Outcome(1, ["suite.two: 1 != 2"], ["suite.three: no browser"]), of_junit([file]))

    def test_reads_what_surefire_and_ctest_write(self):
        (self.folder / "surefire.xml").write_text(
            '<testsuite><testcase classname="A" name="a"/>'
            '<testcase classname="A" name="b"><error type="X" message="boom">trace</error></testcase>'
            '<testcase classname="A" name="c"><skipped message="no model"/></testcase></testsuite>')
        (self.folder / "ctest.xml").write_text(
            '<testsuite><testcase name="d" status="run"/>'
            '<testcase name="e" status="fail"><failure message=""/></testcase>'
            '<testcase name="f" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase></testsuite>')
        outcome = of_junit(self.folder.glob("*.xml"))
        self.assertEqual((2, 2, 2), (outcome.passed, len(outcome.failures), len(outcome.skips)))
        self.assertIn("A.c: no model", outcome.skips)

    def test_an_unreadable_result_is_a_failure(self):
        (self.folder / "cut.xml").write_text("<testsuite><testcase")
        self.assertEqual(1, len(of_junit(self.folder.glob("*.xml")).failures))

    def test_a_suite_without_a_result_has_failed(self):
        self.assertEqual(["java: no test ran"], Outcome().or_no_result("java").failures)


class TheLastLine(unittest.TestCase):
    def verify(self, suites: dict, made=None) -> tuple[int, str]:
        said = io.StringIO()
        with mock.patch.object(verify, "SUITES", suites), \
                mock.patch.object(verify.setup, "ensure", made or mock.Mock()), \
                contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            status = verify.main([])
        return status, said.getvalue()

    def test_sums_all_suites_and_names_the_reason_of_each_skip(self):
        status, said = self.verify({"a": lambda _: Outcome(3), "b": lambda _: Outcome(2, [], ["x: no browser here"])})
        self.assertEqual(0, status)
        self.assertEqual("5 passed, 0 failed, 1 skipped", said.splitlines()[-1])
        self.assertIn("x: no browser here", said)

    def test_a_failure_an_empty_suite_and_a_problem_each_count_as_failed(self):
        def problem(_):
            raise Problem("the build broke")

        status, said = self.verify({"a": lambda _: Outcome(1, ["t: 1 != 2"]), "b": lambda _: Outcome(), "c": problem})
        self.assertEqual(1, status)
        self.assertEqual("1 passed, 3 failed, 0 skipped", said.splitlines()[-1])

    def test_a_set_up_that_fails_is_a_failure(self):
        status, said = self.verify({"a": lambda _: Outcome(1)}, mock.Mock(side_effect=Problem("no JDK")))
        self.assertEqual((1, "0 passed, 1 failed, 0 skipped"), (status, said.splitlines()[-1]))
