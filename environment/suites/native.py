"""The native tests: in the build that ships, then with sanitizers of addresses, undefined behaviour and threads."""

from pathlib import Path

from steps import native, shell
from steps.setup import Setup
from steps.layout import NATIVE, NATIVE_BUILD, TARGET
from steps.report import note
from suites.outcome import Outcome, of_junit


def release(made: Setup) -> Outcome:
    if made.onednn is None:
        return _not_here()
    native.build(NATIVE_BUILD, made.onednn, "native tests build", "-DMT_BUILD_TESTS=ON")
    return _ctest(NATIVE_BUILD, "native-release")


def sanitized(made: Setup) -> Outcome:
    if made.onednn is None:
        return _not_here()
    return _sanitized(made, "address").add(_sanitized(made, "thread"))


def _sanitized(made: Setup, sanitizer: str) -> Outcome:
    build = NATIVE / f"build-{sanitizer}"
    native.build(build, made.onednn, f"{sanitizer} sanitizer build", f"-DMT_SANITIZE={sanitizer}",
                 "-DMT_BUILD_TESTS=ON")
    return _ctest(build, f"native-{sanitizer}-sanitizer")


def _ctest(build: Path, name: str) -> Outcome:
    result = TARGET / "verify" / f"{name}.xml"
    result.parent.mkdir(parents=True, exist_ok=True)
    result.unlink(missing_ok=True)
    done = shell.attempt(name, ["ctest", "--test-dir", build, "--output-junit", result, "--output-on-failure",
                                "--timeout", "600"])
    outcome = of_junit([result] if result.exists() else [])
    if done.returncode != 0 and not outcome.failures:
        outcome.failures.append(f"ctest exit {done.returncode}\n{shell.tail(done.stdout)}")
    if outcome.failures:
        note(f"{name}: see {shell.log_of(name)}")
    return outcome


def _not_here() -> Outcome:
    return Outcome(skips=["native tests: no oneDNN is pinned for this kind of machine"])
