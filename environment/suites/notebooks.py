"""The notebooks: each executed, then checked; then looked at in a browser where there is one."""

from pathlib import Path

from steps import jupyter, shell
from steps.setup import Setup
from steps.layout import ENVIRONMENT, EXECUTED, NOTEBOOKS, TARGET
from suites.outcome import Outcome, of_junit


def sources() -> list[Path]:
    return sorted(file for file in NOTEBOOKS.glob("java/*.ipynb") if not file.name.startswith("."))


def execute(made: Setup) -> Outcome:
    outcome = Outcome()
    for notebook in sources():
        done = shell.attempt(f"notebook {notebook.stem}", [ENVIRONMENT / "run", notebook])
        if done.returncode != 0:
            outcome.failures.append(f"{notebook.name}: does not run to its end\n{shell.tail(done.stdout)}")
        else:
            outcome.passed += 1
            outcome = outcome.add(_inside(made, "check", notebook))
    return outcome


def browse(made: Setup) -> Outcome:
    outcome = Outcome()
    for notebook in sources():
        outcome = outcome.add(_inside(made, "browse", notebook))
    return outcome


def _inside(made: Setup, command: str, notebook: Path) -> Outcome:
    """Runs a check of the virtual environment and reads its result file."""
    result = TARGET / "verify" / f"{command}-{notebook.stem}.xml"
    result.unlink(missing_ok=True)
    name = f"{command} {notebook.stem}"
    done = shell.attempt(name, [made.python, ENVIRONMENT, command, EXECUTED / notebook.name, result],
                         environment=jupyter.variables())
    outcome = of_junit([result] if result.exists() else [])
    if done.returncode != 0 and not outcome.failures:
        outcome.failures.append(f"{name}: exit {done.returncode}\n{shell.tail(done.stdout)}")
    return outcome
