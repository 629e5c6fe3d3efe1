"""Runs Maven on a repository of its own, whose every file must be one that maven.lock names."""

import shutil
from pathlib import Path

from steps import jvm, shell, stamps
from steps.layout import ENVIRONMENT, MAVEN_REPOSITORY, ROOT
from steps.report import Problem

LOCK = ENVIRONMENT / "maven.lock"
PINNED = (".jar", ".pom")
SHOWN = 5


def run(what: str, arguments: list, jdk: Path) -> str:
    """Runs Maven to success."""
    done = run_whatever_comes(what, arguments, jdk)
    if done.returncode != 0:
        raise Problem(f"{what} failed\n{shell.tail(_said(done.stdout))}\nwhole log: {shell.log_of(what)}")
    return done.stdout


def _said(output: str) -> str:
    """What Maven said, less its advice on how to ask Maven for more."""
    return output.split("-> [Help 1]")[0].split("[ERROR] Failed to execute goal")[-1]


def run_whatever_comes(what: str, arguments: list, jdk: Path):
    """Runs Maven without the network when it has what it needs, and with every new file checked otherwise."""
    seed()
    done = attempt(what, ["--offline", *arguments], jdk)
    if _wants_the_network(done.stdout):  # whatever the status: told never to fail, Maven ends with 0
        done = attempt(what, arguments, jdk)
        check()
    return done


def attempt(what: str, arguments: list, jdk: Path):
    command = ["mvn", "--batch-mode", "--quiet", "--no-transfer-progress",
               f"-Dmaven.repo.local={MAVEN_REPOSITORY}", *arguments]
    return shell.attempt(what, command, cwd=ROOT, environment={"JAVA_HOME": str(jdk), **jvm.variables()})


def _wants_the_network(output: str) -> bool:
    return "offline mode" in output or "has not been downloaded from it before" in output


def locked() -> dict[str, str]:
    """What the lock says: path in a Maven repository to SHA-256."""
    lines = LOCK.read_text().splitlines() if LOCK.exists() else []
    pairs = (line.split("  ", 1) for line in lines if line and not line.startswith("#"))
    return {path: sha256 for sha256, path in pairs}


def seed(own: Path | None = None) -> None:
    """Takes what the reader's own Maven repository already has, file by file and only where the hash is right."""
    own = own or Path.home() / ".m2" / "repository"
    wanted = stamps.digest([LOCK] if LOCK.exists() else [], str(MAVEN_REPOSITORY))
    if stamps.is_current("maven-seed", wanted):
        return
    for path, sha256 in locked().items():
        source, target = own / path, MAVEN_REPOSITORY / path
        if not target.exists() and source.is_file() and stamps.sha256_of(source) == sha256:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(target.name + ".seeding")
            shutil.copyfile(source, part)
            part.replace(target)
    stamps.write("maven-seed", wanted)


def check() -> None:
    """Every jar and pom in the repository is in the lock with its hash; one that is not is named and removed."""
    expected = locked()
    wrong = []
    for path, sha256 in present().items():
        if expected.get(path) != sha256:
            known = expected.get(path, "no such file in the lock")
            wrong.append(f"  {path}\n    expected {known}\n    actual   {sha256}")
            (MAVEN_REPOSITORY / path).unlink()
    if wrong:
        more = f"\n  and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise Problem("Maven brought files that maven.lock does not pin (they were removed again):\n"
                      + "\n".join(wrong[:SHOWN]) + more
                      + "\nIf you changed a version or a dependency: environment/lock maven, and read the difference.")


def present() -> dict[str, str]:
    """Path to SHA-256 of every pinned kind of file that the repository holds."""
    files = stamps.files_under(MAVEN_REPOSITORY)
    return {file.relative_to(MAVEN_REPOSITORY).as_posix(): stamps.sha256_of(file)
            for file in files if file.suffix in PINNED}


def write_lock() -> None:
    lines = [f"{sha256}  {path}" for path, sha256 in sorted(present().items())]
    heading = "# SHA-256 of every file that the build takes from a Maven repository; made by environment/lock."
    stamps.write_text(LOCK, "\n".join([heading, *lines]) + "\n")


def forget() -> None:
    """Empties the repository, so that the lock is written from what a build really needs."""
    shutil.rmtree(MAVEN_REPOSITORY, ignore_errors=True)
    stamps.clear("maven-seed")
