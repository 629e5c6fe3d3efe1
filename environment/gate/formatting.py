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
    """Formatting and style of every Java module, in one Maven run."""
    done = maven.run_whatever_comes("java gates", ["--fail-at-end", FORMAT_GOAL, STYLE_GOAL], jdk)
    if done.returncode == 0:
        return []
    unformatted = re.findall(r"^\[ERROR\]     (\S+\.java)$", done.stdout, re.MULTILINE)
    unstyled = re.findall(r"^\[ERROR\] (\S+\.java:\d.*)$", done.stdout, re.MULTILINE)
    complaints = [f"{file}: not formatted: mvn spotless:apply" for file in unformatted] + unstyled
    return complaints or done.stdout.strip().splitlines()[-20:]


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
