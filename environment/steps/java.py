"""The Java library: built with Maven when a source changed, its jars and theirs collected in one folder."""

import os
import shutil
from pathlib import Path

from steps import maven, stamps
from steps.layout import JARS, NATIVE_BUILD, ROOT
from steps.report import Problem, step

CLASS_PATH_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath"
CLASS_PATH_FILE = "target/runtime.classpath"
LIBRARY = ROOT / "lib"
FRONT = "notebook"
OPTIONAL = ["tensor-nd4j"]         # 120 MB of other people's jars: only for those who ask
ASKED_FOR = "MICROTOME_MODULES"


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
    sources += sorted(NATIVE_BUILD.glob("*.so"))
    return stamps.digest(sources, str(jdk), (jdk / "release").read_text(), *modules())


def modules() -> list[str]:
    """The notebook's module, which needs the others, and the optional ones that were asked for."""
    wanted = os.environ.get(ASKED_FOR, "").replace(",", " ").split()
    unknown = [name for name in wanted if name not in OPTIONAL]
    if unknown:
        raise Problem(f"{ASKED_FOR} names {', '.join(unknown)}; there are {', '.join(OPTIONAL)}", status=2)
    return [FRONT, *wanted]


def _package(jdk: Path) -> None:
    # build-classpath writes one file per module: a relative path is taken from the module's own folder.
    maven.run("Java build", ["package", CLASS_PATH_GOAL, "-Dmaven.test.skip=true", "-DincludeScope=runtime",
                             f"-Dmdep.outputFile={CLASS_PATH_FILE}", "--also-make",
                             f"--projects={','.join(f'lib/{module}' for module in modules())}"], jdk)


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
    """The jars of every module asked for and all that these need; where two bring the same file, it is one."""
    jars = {}
    for module in modules():
        target = LIBRARY / module / "target"
        own = [jar for jar in target.glob(f"microtome-{module}-*.jar") if "sources" not in jar.name]
        listed = (LIBRARY / module / CLASS_PATH_FILE).read_text().strip()
        jars |= {jar.name: jar for jar in own + [Path(jar) for jar in listed.split(":") if jar]}
    return list(jars.values())
