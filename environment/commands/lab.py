"""lab [JUPYTER OPTIONS]: sets everything up and starts JupyterLab on the notebooks, for this machine only."""

import os

from steps import jupyter, kernel, models, setup
from steps.layout import NOTEBOOKS, PYTHON_ENVIRONMENT
from steps.report import Problem, say

# A token stays required; nothing is asked of the network: no news, no update check, no extension list.
OPTIONS = [
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.open_browser=False",
    f"--KernelSpecManager.allowed_kernelspecs={kernel.NAME}",
    f"--MultiKernelManager.default_kernel_name={kernel.NAME}",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]


def main(arguments: list[str]) -> int:
    made = setup.ensure()
    try:
        for notebook in NOTEBOOKS.glob("java/*.ipynb"):
            models.ensure_loaded_by(notebook, made.python)
    except Problem as problem:
        say(f"the notebooks on a second model will not run to their end: {problem}")
    command = command_line(NOTEBOOKS) + arguments
    os.execve(command[0], command, {**os.environ, **jupyter.variables()})


def command_line(folder) -> list[str]:
    # Jupyter refuses to start for root, as in a container, unless told that it is meant.
    root = ["--allow-root"] if os.geteuid() == 0 else []
    return [str(PYTHON_ENVIRONMENT / "bin" / "jupyter"), "lab", f"--ServerApp.root_dir={folder}", *OPTIONS, *root]
