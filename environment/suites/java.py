"""The Java tests of every module, by Maven; the gates have had their pass already."""

import shutil

from steps import maven, models, native, shell
from steps.setup import Setup
from steps.layout import NATIVE_BUILD, ROOT
from suites.outcome import Outcome, of_junit


def run(made: Setup) -> Outcome:
    models.ensure(made.python, models.TEST_LOCK)
    if made.onednn is not None:
        # The binding's tests run over it once more.
        native.build(NATIVE_BUILD, made.onednn, "second implementation", "-DMT_BUILD_TESTS=ON", target="lazy")
    for reports in ROOT.glob("lib/*/target/surefire-reports"):
        shutil.rmtree(reports)
    # A failing test does not keep the modules after it from being tested; the counts tell.
    done = maven.run_whatever_comes("java tests", [
        "verify", "--fail-at-end", "-Dmaven.test.failure.ignore=true", "-Dspotless.check.skip=true",
        "-Dcheckstyle.skip=true"], made.jdk)
    outcome = of_junit(ROOT.glob("lib/*/target/surefire-reports/TEST-*.xml"))
    if done.returncode != 0:
        outcome.failures.append(f"Maven did not come to its end (whole log: {shell.log_of('java tests')})\n"
                                + shell.tail(done.stdout))
    return outcome
