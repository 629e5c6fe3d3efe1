"""The Java kernel: a kernelspec of our own that starts one JVM, the JDK 25 that was found, with our jars on it."""

import json
from pathlib import Path

from steps import jvm, stamps
from steps.layout import JARS, PYTHON_ENVIRONMENT

NAME = "java25"


def ensure(jdk: Path) -> None:
    file = PYTHON_ENVIRONMENT / "share" / "jupyter" / "kernels" / NAME / "kernel.json"
    text = json.dumps(specification(jdk), indent=1) + "\n"
    if not file.exists() or file.read_text() != text:
        stamps.write_text(file, text)


def specification(jdk: Path) -> dict:
    return {
        "argv": [str(jdk / "bin" / "java"), "--add-opens", "jdk.jshell/jdk.jshell=ALL-UNNAMED", *jvm.OPTIONS,
                 "-jar", "{resource_dir}/../java/jjava.jar", "{connection_file}"],
        "display_name": "Java 25",
        "language": "java",
        "interrupt_mode": "message",
        "env": {"JJAVA_CLASSPATH": f"{JARS}/*.jar", **jvm.variables()},
        "metadata": {},
    }
