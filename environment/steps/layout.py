"""Where things are: the repository, and the folder that the set-up fills (never committed)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / "environment"

HOME = ROOT / ".microtome"
PYTHON_ENVIRONMENT = HOME / "venv"
STAMPS = HOME / "stamps"
SCRATCH = HOME / "scratch"
MODELS = HOME / "models"
JARS = HOME / "lib"
PEERS = HOME / "peers"
MAVEN_REPOSITORY = HOME / "maven"

NATIVE = ROOT / "native"
NATIVE_BUILD = NATIVE / "build"
TARGET = ROOT / "target"
EXECUTED = TARGET / "notebooks"
NOTEBOOKS = ROOT / "notebooks"
FIRST_NOTEBOOK = NOTEBOOKS / "java" / "01-look-inside.ipynb"


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / "bin" / "python"
