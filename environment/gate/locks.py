"""Gate of the lock files: they pin what the lists name, and hold no address of an index."""

import re
from pathlib import Path


def locks(root: Path) -> list[str]:
    complaints = []
    for wanted in sorted((root / "environment").rglob("requirements.in")):
        lock = wanted.with_suffix(".lock")
        name = lock.relative_to(root)
        complaints += [f"{name}: {text}; environment/lock python" for text in _complaints(wanted, lock)]
    return complaints


def _complaints(wanted: Path, lock: Path) -> list[str]:
    if not lock.exists():
        return ["missing"]
    text = lock.read_text()
    pinned = set(re.findall(r"^([\w.-]+==[^ ;\\]+)", text, re.MULTILINE))
    named = [line for line in wanted.read_text().splitlines() if line and not line.startswith("#")]
    complaints = [f"does not pin {line}, which {wanted.name} asks for" for line in named if line not in pinned]
    if re.search(r"https?://|--index|--find-links", text):
        complaints.append("names an index: locks pin by hash only")
    unhashed = re.findall(r"^([\w.-]+==\S+)(?:[^\\\n]*)\n(?!    --hash)", text, re.MULTILINE)
    return complaints + [f"{name} has no hash" for name in unhashed]
