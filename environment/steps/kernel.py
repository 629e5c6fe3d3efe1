"""The Java kernel: a kernelspec of our own that starts one JVM, the JDK 25 that was found, with our jars on it."""

import json
from pathlib import Path

from steps import stamps
from steps.layout import HOME, JARS, MODELS, PYTHON_ENVIRONMENT, ROOT

NAME = "java25"
JVM_OPTIONS = [
    "--enable-native-access=ALL-UNNAMED",   # the native backend, without warnings
    "-Djava.awt.headless=true",             # static pictures are painted off screen
    "-Xmx1g",                               # weights lie outside the heap
    "-XX:+UseSerialGC",                     # small machines: no collector threads beside the native ones
]


def ensure(jdk: Path) -> None:
    file = PYTHON_ENVIRONMENT / "share" / "jupyter" / "kernels" / NAME / "kernel.json"
    text = json.dumps(specification(jdk), indent=1) + "\n"
    if not file.exists() or file.read_text() != text:
        stamps.write_text(file, text)


def specification(jdk: Path) -> dict:
    return {
        "argv": [str(jdk / "bin" / "java"), "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED", *JVM_OPTIONS,
                 "-jar", "{resource_dir}/../java/jjava.jar", "{connection_file}"],
        "display_name": "Java 25",
        "language": "java",
        "interrupt_mode": "message",
        "env": {"JJAVA_CLASSPATH": f"{JARS}/*.jar", **variables()},
        "metadata": {},
    }


def variables() -> dict[str, str]:
    """What every Java process of ours gets: the model store, and no caches or reports outside this repository."""
    return {
        "MICROTOME_MODELS": str(MODELS),
        "MICROTOME_ROOT": str(ROOT),
        "DJL_CACHE_DIR": str(HOME / "djl"),
        "OPT_OUT_TRACKING": "true",
    }
