"""Gates of the formatters and of checkstyle; each prints how to put things right."""

import re
import subprocess
from pathlib import Path

from gate import sources
from steps import maven
from steps.layout import PYTHON_ENVIRONMENT

FORMAT_GOAL = "com.diffplug.spotless:spotless-maven-plugin:3.11.0:check"
STYLE_GOAL = "org.apache.maven.plugins:maven-checkstyle-plugin:3.6.0:check"


def java(jdk: Path) -> list[str]:
    """Formatting of every Java module."""
    done = _maven("java format", FORMAT_GOAL, jdk)
    files = re.findall(r"^\[ERROR\]     (\S+\.java)$", done, re.MULTILINE)
    others = re.findall(r"^\[ERROR\] Violations also present in (\d+) other", done, re.MULTILINE)
    complaints = [f"{file}: not formatted: mvn {FORMAT_GOAL.replace(':check', ':apply')}" for file in files]
    return complaints + [f"and {number} other files of one module" for number in others] or _errors(done)


def style(jdk: Path) -> list[str]:
    """Public javadoc, file size and the habits in checkstyle.xml, of every Java module."""
    done = _maven("java style", STYLE_GOAL, jdk)
    return re.findall(r"^\[ERROR\] (\S+\.java:.*)$", done, re.MULTILINE) or _errors(done)


def _maven(name: str, goal: str, jdk: Path) -> str:
    # Told never to fail, Maven looks at every module; what is wrong stands in its output.
    done = maven.run_whatever_comes(name, ["--fail-never", goal], jdk)
    return done.stdout if done.returncode == 0 else f"{done.stdout}\n[ERROR] Maven ended with {done.returncode}"


def _errors(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("[ERROR]")][:20]


def cpp(root: Path) -> list[str]:
    """Formatting of every C and C++ file."""
    files = [str(file.relative_to(root)) for file in sources.all_files(root) if file.suffix in sources.CPP]
    if not files:
        return []
    formatter = PYTHON_ENVIRONMENT / "bin" / "clang-format"
    done = subprocess.run([formatter, "--dry-run", "--Werror", *files], cwd=root, capture_output=True, text=True)
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE)))
    complaints = [f"{file}: not formatted: {formatter.relative_to(root)} -i {file}" for file in wrong]
    return complaints if done.returncode == 0 or complaints else done.stderr.splitlines()
