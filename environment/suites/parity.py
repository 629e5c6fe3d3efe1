"""The command line's parity check on the bundled tiny models, on every backend that this machine has."""

from pathlib import Path

from steps import shell
from steps.setup import Setup
from steps.layout import ENVIRONMENT, ROOT
from suites.outcome import Outcome


def run(made: Setup) -> Outcome:
    outcome = Outcome()
    for folder in bundled():
        for backend in ("cpu", "reference"):
            if backend == "cpu" and made.onednn is None:
                outcome.skips.append(f"parity {folder.name} on cpu: no native library for this kind of machine")
                continue
            outcome = outcome.add(_check(folder, backend))
    return outcome


def bundled() -> list[Path]:
    """Folders of the test resources that hold a model with its expected values."""
    expected = ROOT.glob("lib/*/src/test/resources/**/expected.safetensors")
    return sorted(file.parent for file in expected if (file.parent / "config.json").exists())


def _check(folder: Path, backend: str) -> Outcome:
    name = f"parity {folder.name} on {backend}"
    done = shell.attempt(name, [ENVIRONMENT / "microtome", "parity", folder, "--backend", backend])
    last = done.stdout.strip().splitlines()[-1:] or ["no output"]
    if done.returncode == 0 and last[0].startswith("parity: max=") and last[0].endswith(" OK"):
        return Outcome(passed=1)
    return Outcome(failures=[f"{name}: {last[0]}"])
