"""microtome ARGUMENTS: the command line of the Java library, with everything set up that it needs."""

import os

from steps import aot, jvm, setup

MAIN = "microtome.cli.Main"


def main(arguments: list[str]) -> int:
    made = setup.ensure()
    options = [*jvm.COMMAND_LINE, *aot.options(made.jdk, made.jars)]
    command = [str(made.jdk / "bin" / "java"), *options, "-cp", f"{made.jars}/*", MAIN, *arguments]
    variables = jvm.variables() | jvm.COMMAND_LINE_VARIABLES
    os.execve(command[0], command, {**os.environ, **variables, "JAVA_HOME": str(made.jdk)})
