"""run [NOTEBOOK]: sets everything up, executes a notebook and writes it and its HTML page to target/notebooks/."""

import argparse
import os
from pathlib import Path

from steps import jupyter, models, setup
from steps.layout import ENVIRONMENT, FIRST_NOTEBOOK
from steps.report import Problem


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="environment/run", description=__doc__)
    parser.add_argument("notebook", nargs="?", type=Path, default=FIRST_NOTEBOOK, help="default: the first notebook")
    parser.add_argument("--cell-seconds", type=int, default=300, help="time limit of one cell (default 300)")
    parser.add_argument("--publish", action="store_true", help="also write the outputs into the notebook itself")
    chosen = parser.parse_args(arguments)
    if not chosen.notebook.is_file():
        raise Problem(f"no notebook at {chosen.notebook}", status=2)
    made = setup.ensure()
    models.ensure_loaded_by(chosen.notebook, made.python)
    command = [str(made.python), str(ENVIRONMENT), "execute", str(chosen.notebook.resolve()),
               "--cell-seconds", str(chosen.cell_seconds), *(["--publish"] if chosen.publish else [])]
    os.execve(command[0], command, {**os.environ, **jupyter.variables()})
