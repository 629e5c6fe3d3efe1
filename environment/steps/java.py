"""The Java library: built with Maven when a source changed, its jars and theirs collected in one folder."""

import shutil
from pathlib import Path

from steps import maven, stamps
from steps.layout import JARS, NATIVE_BUILD, ROOT
from steps.report import step

CLASS_PATH_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath"
CLASS_PATH_FILE = "target/runtime.classpath"
FRONT = ROOT / "lib" / "notebook"


def ensure(jdk: Path) -> Path:
    """The folder with every jar that a notebook or the command line needs."""
    wanted = digest(jdk)
    if not stamps.is_current("java", wanted) or not JARS.is_dir():
        stamps.clear("java")
        with step("Java library"):
            _package(jdk)
            _collect()
        stamps.write("java", wanted)
    return JARS


def digest(jdk: Path) -> str:
    """Over the poms, the main sources and the native libraries that get packaged; tests do not count."""
    sources = [ROOT / "pom.xml", *stamps.files_under(ROOT / "lib", "target", "test", "node_modules")]
    return stamps.digest(sources + sorted(NATIVE_BUILD.glob("*.so")), str(jdk), (jdk / "release").read_text())


def _package(jdk: Path) -> None:
    # build-classpath writes one file per module: a relative path is taken from the module's own folder.
    maven.run("Java build", ["package", CLASS_PATH_GOAL, "-Dmaven.test.skip=true", "-DincludeScope=runtime",
                             f"-Dmdep.outputFile={CLASS_PATH_FILE}"], jdk)


def _collect() -> None:
    """Fills the folder beside its final place and swaps it in, so that a killed run leaves the old one."""
    part, old = JARS.with_name("lib.part"), JARS.with_name("lib.old")
    for folder in (part, old):
        shutil.rmtree(folder, ignore_errors=True)
    part.mkdir(parents=True)
    for jar in _runtime_jars():
        shutil.copyfile(jar, part / jar.name)
    if JARS.exists():
        JARS.rename(old)
    part.rename(JARS)
    shutil.rmtree(old, ignore_errors=True)


def _runtime_jars() -> list[Path]:
    own = [jar for jar in (FRONT / "target").glob("microtome-notebook-*.jar") if "sources" not in jar.name]
    listed = (FRONT / CLASS_PATH_FILE).read_text().strip()
    return own + [Path(jar) for jar in listed.split(":") if jar]
