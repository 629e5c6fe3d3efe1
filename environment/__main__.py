"""Dispatches a command of this folder: python environment COMMAND [ARGUMENT...]."""

import importlib
import sys

from steps.report import Problem

# Commands a reader types, then those that only run inside the virtual environment.
COMMANDS = {
    "run": "commands.run",
    "lab": "commands.lab",
    "verify": "commands.verify",
    "microtome": "commands.microtome",
    "gates": "commands.gates",
    "lock": "commands.lock",
    "peers": "commands.peers",
    "execute": "notebook.execute",
    "check": "notebook.check",
    "browse": "notebook.browse",
}


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(f"unknown command {arguments[:1]}; there are {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return importlib.import_module(COMMANDS[arguments[0]]).main(arguments[1:])
    except Problem as problem:
        print(f"microtome: {problem}", file=sys.stderr)
        return problem.status
    except KeyboardInterrupt:
        print("\nmicrotome: stopped; run the same command again, it goes on where it was", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
