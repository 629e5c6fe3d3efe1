"""microtome ARGUMENTS: the command line of the Java library, with everything set up that it needs."""

import os

from steps import aot, jvm, setup

MAIN = "microtome.cli.Main"
# These measure what a notebook gets, which is compiled further than the command line ever is.
LIKE_A_NOTEBOOK = {"harvest", "backward", "decode", "operations", "busy", "patch", "attribution"}


def main(arguments: list[str]) -> int:
    made = setup.ensure()
    options = options_for(arguments, made)
    command = [str(made.jdk / "bin" / "java"), *options, "-cp", f"{made.jars}/*", MAIN, *arguments]
    variables = jvm.variables() | jvm.COMMAND_LINE_VARIABLES | unicode_arguments()
    os.execve(command[0], command, {**os.environ, **variables, "JAVA_HOME": str(made.jdk)})


def options_for(arguments: list[str], made: setup.Setup) -> list[str]:
    """Options of the Java process; the start-up cache belongs to those of the command line."""
    if arguments[:1] == ["bench"] and LIKE_A_NOTEBOOK & set(arguments):
        return jvm.OPTIONS
    return [*jvm.COMMAND_LINE, *aot.options(made.jdk, made.jars)]


def unicode_arguments() -> dict[str, str]:
    """Under a locale without UTF-8 Java loses what is not ASCII in its arguments, so a prompt would change silently."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
    return {} if "utf" in chosen.lower() else {"LC_ALL": "C.UTF-8"}
