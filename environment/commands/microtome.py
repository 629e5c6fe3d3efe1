"""microtome ARGUMENTS: the command line of the Java library, with everything set up that it needs."""

import os

from steps import jvm, setup

MAIN = "microtome.cli.Main"


def main(arguments: list[str]) -> int:
    made = setup.ensure()
    command = [str(made.jdk / "bin" / "java"), *jvm.OPTIONS, "-cp", f"{made.jars}/*", MAIN, *arguments]
    os.execve(command[0], command, {**os.environ, **jvm.variables(), "JAVA_HOME": str(made.jdk)})
