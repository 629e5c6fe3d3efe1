"""The command line's ahead-of-time cache: the classes that a short run loads, parsed and linked once (JEP 483, 514)."""

from pathlib import Path

from steps import jvm, shell, stamps
from steps.layout import HOME
from steps.report import step

CACHE = HOME / "command-line.aot"
TRAINING = ["microtome.cli.bench.FirstLogits", "smollm2-135m-instruct", "The capital of France is"]
NAME = "aot"


def options(jdk: Path, jars: Path, cache: Path = CACHE, folder: Path = stamps.STAMPS) -> list[str]:
    """The option that names the cache, made first if jars or JDK changed; none where it cannot be made."""
    wanted = digest(jdk, jars)
    if not stamps.is_current(NAME, wanted, folder):
        stamps.clear(NAME, folder)
        cache.unlink(missing_ok=True)
        _make(jdk, jars, cache)
        stamps.write(NAME, wanted, folder)  # also after a failure: it would fail again, and nothing needs the cache
    return [f"-XX:AOTCache={cache}"] if cache.exists() else []


def digest(jdk: Path, jars: Path) -> str:
    """What the virtual machine compares: the jars by name, size and time, its own build, and its options."""
    states = [(jar, jar.stat()) for jar in sorted(jars.glob("*.jar"))]
    return stamps.digest([jdk / "release"], *jvm.COMMAND_LINE,
                         *(f"{jar} {state.st_size} {state.st_mtime_ns}" for jar, state in states))


def _make(jdk: Path, jars: Path, cache: Path) -> None:
    part = cache.with_name("part-of-" + cache.name)
    part.unlink(missing_ok=True)
    with step("start-up cache of the command line"):
        done = shell.attempt("start-up cache", [
            jdk / "bin" / "java", *jvm.COMMAND_LINE, f"-XX:AOTCacheOutput={part}", "-cp", f"{jars}/*", *TRAINING],
            environment=jvm.variables() | jvm.COMMAND_LINE_VARIABLES)
    if done.returncode == 0 and part.exists():
        part.replace(cache)
    part.unlink(missing_ok=True)
    for left in cache.parent.glob(part.name + ".config*"):
        left.unlink()
