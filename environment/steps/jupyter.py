"""Jupyter's own folders: kept inside the repository, so that a reader's settings neither help nor hinder."""

from steps.layout import HOME


def variables() -> dict[str, str]:
    home = HOME / "jupyter"
    return {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(home / "ipython"),
    }
