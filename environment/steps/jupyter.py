"""Jupyter's own folders and settings: inside the repository, so that a reader's own neither help nor hinder."""

import json
from pathlib import Path

from steps import stamps
from steps.layout import HOME, PYTHON_ENVIRONMENT

# JupyterLab asks at its first start whether it may fetch news: the answer is no, as for updates.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def ensure() -> None:
    file = PYTHON_ENVIRONMENT / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    if not file.exists():
        stamps.write_text(file, json.dumps(SETTINGS, indent=1) + "\n")
    for folder in variables().values():
        if folder.startswith(str(HOME)):
            Path(folder).mkdir(parents=True, exist_ok=True)


def variables() -> dict[str, str]:
    home = HOME / "jupyter"
    return {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(home / "ipython"),
    }
