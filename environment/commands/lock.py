"""lock [python] [maven]: writes the lock files anew, for whoever changed a version and will read the difference."""

import shutil

from gate.formatting import FORMAT_GOAL, STYLE_GOAL
from steps import java, jdk, maven, onednn, shell
from steps.layout import ENVIRONMENT, ROOT
from steps.report import Problem, say, step

PEERS = ENVIRONMENT / "peers"
LISTS = [ENVIRONMENT / "requirements.in", PEERS / "requirements.in", PEERS / "requirements-lens.in"]


def main(arguments: list[str]) -> int:
    unknown = set(arguments) - {"python", "maven"}
    if unknown:
        raise Problem(f"no lock named {', '.join(sorted(unknown))}; there are python and maven", status=2)
    if not arguments or "python" in arguments:
        lock_python()
    if not arguments or "maven" in arguments:
        lock_maven()
    say("now read the difference: git diff --stat -- environment")
    return 0


def lock_python() -> None:
    """Resolves for every platform at once; the lists name versions only, so no address of an index gets into a lock."""
    if not shutil.which("uv"):
        raise Problem("writing the Python locks needs uv: pip install uv", status=3)
    for wanted in LISTS:
        options = wanted.with_name("uv-options").read_text().split()
        shell.run("python lock", ["uv", "pip", "compile", "--quiet", "--generate-hashes", "--universal", "--no-header",
                                  *options, wanted.name, "--output-file", wanted.with_suffix(".lock").name],
                  cwd=wanted.parent)


def lock_maven() -> None:
    """Does once with the network everything that run, gates and verify do with Maven, and records what that brought."""
    home = jdk.find()
    maven.forget()
    everything = [
        [onednn.GOAL, f"-Dartifact={onednn.coordinate()}", "-Dtransitive=false", "--non-recursive"],
        # One small test runs, since only then does Maven bring what runs tests.
        ["verify", java.CLASS_PATH_GOAL, "-DincludeScope=runtime", f"-Dmdep.outputFile={java.CLASS_PATH_FILE}",
         f"-Dtest={_smallest_test()}", "-Dsurefire.failIfNoSpecifiedTests=false",
         "-Dspotless.check.skip", "-Dcheckstyle.skip"],
        # Whether the gates pass does not matter here.
        ["--fail-at-end", FORMAT_GOAL, STYLE_GOAL],
    ]
    for number, arguments in enumerate(everything, start=1):
        with step(f"maven {number} of {len(everything)}"):
            done = maven.attempt("maven lock", arguments, home)
        if done.returncode != 0 and FORMAT_GOAL not in arguments:
            raise Problem(f"maven {' '.join(arguments)} failed\n{shell.tail(done.stdout)}")
    maven.write_lock()


def _smallest_test() -> str:
    return min(ROOT.glob("lib/*/src/test/java/**/*Test.java"), key=lambda file: file.stat().st_size).stem
