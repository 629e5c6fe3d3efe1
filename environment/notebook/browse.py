"""browse EXECUTED RESULT: looks at the page and at the notebook in JupyterLab with a headless browser."""

import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

from commands import lab
from notebook.check import FIGURE
from notebook.chromium import Browser, program
from steps import shell
from steps.layout import SCRATCH, TARGET
from suites.outcome import write_junit

SCREENSHOTS = TARGET / "screenshots"
DRAWN = "document.querySelectorAll('.js-plotly-plot .main-svg, .js-plotly-plot .gl-container').length > 0 && " \
        "document.querySelectorAll('.js-plotly-plot').length"
# The first drawn figure with a plotting area, brought into view; answers the middle of that area.
MIDDLE = """(() => {
    const figure = [...document.querySelectorAll('.js-plotly-plot')].find(f => f.querySelector('.nsewdrag'));
    if (!figure) return null;
    figure.scrollIntoView({block: 'center'});
    const box = figure.querySelector('.nsewdrag').getBoundingClientRect();
    return [box.x + box.width * 0.45, box.y + box.height * 0.45];
})()"""
HOVERED = "document.querySelectorAll('.hoverlayer .hovertext, .hoverlayer .axistext').length > 0"
MISSING = "no Chromium on PATH; to look at the pages too: sudo apt-get install chromium"


def main(arguments: list[str]) -> int:
    file, result = Path(arguments[0]), Path(arguments[1])
    looks = {"page_shows_interactive_figures": look_at_page, "lab_shows_interactive_figures": look_at_lab}
    if program() is None:
        write_junit(result, f"browser {file.stem}", [(name, None, MISSING) for name in looks])
        return 0
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    results = [(name, "; ".join(look(file)) or None, None) for name, look in looks.items()]
    write_junit(result, f"browser {file.stem}", results)
    return 1 if any(failure for _, failure, _ in results) else 0


def figures_in(file: Path) -> int:
    book = nbformat.read(file, as_version=4)
    return sum(FIGURE in output.get("data", {}) for cell in book.cells for output in cell.get("outputs", []))


def look_at_page(file: Path) -> list[str]:
    with Browser() as browser:
        browser.open(file.with_suffix(".html").resolve().as_uri())
        complaints = look(browser, figures_in(file))
        browser.screenshot(SCREENSHOTS / f"{file.stem}-page.png")
        return complaints


def look_at_lab(file: Path) -> list[str]:
    with server(file) as address, Browser() as browser:
        browser.open(address)
        complaints = look(browser, figures_in(file), 120)
        browser.screenshot(SCREENSHOTS / f"{file.stem}-lab.png")
        return complaints


def look(browser: Browser, figures: int, seconds: float = 60) -> list[str]:
    """Every figure is drawn by Plotly, answers the mouse, and nobody asked the network for anything."""
    complaints = []
    if not browser.wait(f"{DRAWN} >= {figures}", seconds):
        complaints.append(f"{browser.evaluate(DRAWN) or 0} of {figures} figures drawn")
    middle = browser.evaluate(MIDDLE)
    if middle:
        time.sleep(0.5)
        browser.move_to(*browser.evaluate(MIDDLE))
        if not browser.wait(HOVERED, 10):
            complaints.append("a figure does not answer the mouse")
    else:
        complaints.append("no figure with a plotting area")
    complaints += [f"error in the page: {error.splitlines()[0]}" for error in browser.errors[:3]]
    return complaints + [f"asked for {url}" for url in browser.strangers()[:3]]


@contextmanager
def server(file: Path):
    """JupyterLab as environment/lab starts it, on a copy of the executed notebook; yields the notebook's address."""
    folder = SCRATCH / "lab"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(file, folder / file.name)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [*lab.command_line(folder), f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    with open(shell.log_of("lab"), "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env={**os.environ, "JUPYTER_TOKEN": token})
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/status?token={token}", process)
        yield f"http://127.0.0.1:{port}/lab/tree/{file.name}?token={token}&reset"
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start; its log: {shell.log_of('lab')}")
