"""Gates over plain text: how long a file and a line may be, and what must never be committed."""

import re
from pathlib import Path
from typing import Iterable

from gate import sources

MOST_LINES = 500
MOST_COLUMNS = 120

# Written so that none of the expressions matches its own text.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.~}>-])/(work|root)/[\w.]|/(home|Users)/(?!jovyan|\$|<)\w+/",
    "unfinished work without an issue": r"\b(TO[D]O|FIX[M]E)\b(?! ?\(?#\d)",
}


def length(root: Path) -> list[str]:
    """Code files of at most 500 lines."""
    return [f"{file.relative_to(root)}: {count} lines, at most {MOST_LINES}: split it, one idea per file"
            for file, text in _texts(root, sources.is_code) if (count := text.count("\n")) > MOST_LINES]


def width(root: Path) -> list[str]:
    """Python and shell lines of at most 120 columns; Java and C++ have formatters for that."""
    def scripts(file: Path) -> bool:
        return file.suffix == ".py" or sources.is_shell(file)

    return [f"{file.relative_to(root)}:{number}: {len(line)} columns, at most {MOST_COLUMNS}"
            for file, text in _texts(root, scripts)
            for number, line in enumerate(text.splitlines(), start=1) if len(line) > MOST_COLUMNS]


def words(root: Path) -> list[str]:
    """Nothing that belongs to one machine, and nothing left open. (Addresses of registries: the gate of the locks.)"""
    complaints = []
    for file, text in _texts(root, lambda file: True):
        for what, pattern in FORBIDDEN.items():
            for found in re.finditer(pattern, text):
                line = text.count("\n", 0, found.start()) + 1
                complaints.append(f"{file.relative_to(root)}:{line}: {what}: {found.group(0)!r}")
    return complaints


def _texts(root: Path, wanted) -> Iterable[tuple[Path, str]]:
    for file in sources.all_files(root):
        if wanted(file) and (text := sources.text_of(file)) is not None:
            yield file, text
