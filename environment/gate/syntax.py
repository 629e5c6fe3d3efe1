"""Gates that only parse: shell scripts and Python files."""

import subprocess
from pathlib import Path

from gate import sources


def shell(root: Path) -> list[str]:
    """Every shell script parses."""
    complaints = []
    for file in filter(sources.is_shell, sources.all_files(root)):
        done = subprocess.run(["bash", "-n", str(file)], capture_output=True, text=True)
        complaints += done.stderr.splitlines()
    return complaints


def python(root: Path) -> list[str]:
    """Every Python file compiles."""
    complaints = []
    for file in sources.all_files(root):
        if file.suffix == ".py":
            try:
                compile(file.read_text(encoding="utf-8"), str(file), "exec")
            except SyntaxError as error:
                complaints.append(f"{file.relative_to(root)}:{error.lineno}: {error.msg}")
    return complaints
