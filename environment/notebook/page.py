"""The HTML page of an executed notebook: one file that shows every figure without a network."""

import importlib.util
import re
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from traitlets.config import Config

# Figures draw themselves where Plotly is already there; else they put a function on this queue (see Figure in display).
FLUSH = """
const waiting = window.microtomeFigures || [];
window.microtomeFigures = { push: draw => draw() };
waiting.forEach(draw => draw());
"""


def write(executed: Path) -> Path:
    """Writes the page beside the executed notebook."""
    target = executed.with_suffix(".html")
    target.write_text(html(nbformat.read(executed, as_version=4), executed.stem), encoding="utf-8")
    return target


def html(book, title: str) -> str:
    # Every address that nbconvert would load from elsewhere is emptied; plotly.js comes once, at the end of the page.
    exporter = HTMLExporter(config=Config(HTMLExporter={
        "require_js_url": "", "mathjax_url": "", "jquery_url": "", "mermaid_js_url": "", "jupyter_widgets_base_url": "",
    }))
    body, _ = exporter.from_notebook_node(book, resources={"metadata": {"name": title}})
    # An emptied address leaves an empty tag, with which the page would load itself.
    start, end = re.sub(r'<script src="">\s*</script>\s*', "", body).rsplit("</body>", 1)
    return f"{start}<script>{plotly()}</script>\n<script>{FLUSH}</script>\n</body>{end}"


def plotly() -> str:
    """plotly.js as the installed Python package carries it; found without importing the package."""
    package = Path(importlib.util.find_spec("plotly").origin).parent
    script = (package / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")
