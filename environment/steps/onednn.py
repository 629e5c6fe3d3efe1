"""oneDNN as the Maven jar that bytedeco publishes, by pinned coordinate and hash; only what we need is unpacked."""

import configparser
import platform
import shutil
import zipfile
from pathlib import Path

from steps import maven, stamps
from steps.layout import ENVIRONMENT, HOME, MAVEN_REPOSITORY
from steps.report import Problem, step

LOCK = ENVIRONMENT / "onednn.lock"
LIBRARIES = ("libdnnl.so.3", "libgomp.so.1")
GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get"


def classifier() -> str | None:
    """The name of this machine in the lock, or nothing when the lock has no library for it."""
    name = f"{platform.system()}-{platform.machine()}".lower()
    return name if _pins().has_section(name) else None


def ensure(jdk: Path) -> Path:
    """The folder with include/, libdnnl.so.3 and libgomp.so.1."""
    pin = _pins()[classifier()]
    folder = HOME / "onednn" / pin["version"]
    stamp = f"onednn-{pin['version']}"
    if not stamps.is_current(stamp, pin["sha256"]) or not folder.is_dir():
        stamps.clear(stamp)
        with step(f"oneDNN {pin['version']}"):
            _unpack(_jar(pin, jdk), pin["folder"], folder)
        stamps.write(stamp, pin["sha256"])
    return folder


def coordinate() -> str:
    pin = _pins()[classifier()]
    return f"org.bytedeco:dnnl:{pin['version']}:jar:{pin['classifier']}"


def _pins() -> configparser.ConfigParser:
    pins = configparser.ConfigParser()
    pins.read(LOCK)
    return pins


def _jar(pin, jdk: Path) -> Path:
    version = pin["version"]
    jar = MAVEN_REPOSITORY / f"org/bytedeco/dnnl/{version}/dnnl-{version}-{pin['classifier']}.jar"
    if not jar.exists():
        maven.run("oneDNN download", [GOAL, f"-Dartifact={coordinate()}", "-Dtransitive=false", "--non-recursive"], jdk)
    actual = stamps.sha256_of(jar)
    if actual != pin["sha256"]:
        jar.unlink()
        raise Problem(f"oneDNN: {jar.name} is not the pinned file, so it was removed\n"
                      f"  expected {pin['sha256']}\n  actual   {actual}\nRun the same command again to fetch it anew.")
    return jar


def _unpack(jar: Path, inside: str, folder: Path) -> None:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            short = name.removeprefix(f"{inside}/")
            if short in LIBRARIES or (short.startswith("include/") and not short.endswith("/")):
                target = part / short
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(name) as source, open(target, "wb") as sink:
                    shutil.copyfileobj(source, sink)
    shutil.rmtree(folder, ignore_errors=True)
    part.replace(folder)
