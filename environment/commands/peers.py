"""peers [lens]: the environment of the benchmarks' peers, and the bundled model in the form that they load fastest.

With lens also that of TransformerLens and nnsight.
"""

import sys
from pathlib import Path

from steps import models, python_environment, shell, stamps
from steps.layout import ENVIRONMENT, MODELS, PEERS
from steps.report import Problem, note, step

FOLDER = ENVIRONMENT / "peers"
MODEL = "smollm2-135m-instruct"
CONVERTED = PEERS / "smollm2-f32"


def main(arguments: list[str]) -> int:
    if set(arguments) - {"lens"}:
        raise Problem(f"peers: unknown {' '.join(arguments)}; there is lens, for TransformerLens and nnsight", status=2)
    if sys.version_info < (3, 11):
        raise Problem("the peers need Python 3.11 or newer (torch 2.15 does)", status=3)
    notebooks = python_environment.ensure()
    models.ensure(notebooks)
    python = python_environment.ensure(FOLDER / "requirements.lock", PEERS / "venv", "peers' environment")
    if "lens" in arguments:
        python_environment.ensure(FOLDER / "requirements-lens.lock", PEERS / "lens", "TransformerLens and nnsight")
    _convert(python)
    note(f"peers are ready in {PEERS}")
    return 0


def _convert(python: Path) -> None:
    source = MODELS / MODEL / "model.gguf"
    wanted = stamps.digest([FOLDER / "convert.py"], stamps.sha256_of(source))
    if not stamps.is_current("peers-model", wanted) or not CONVERTED.is_dir():
        stamps.clear("peers-model")
        with step("model for the peers"):
            shell.run("conversion for the peers", [python, FOLDER / "convert.py", source, CONVERTED])
        stamps.write("peers-model", wanted)
