"""check EXECUTED RESULT: what must hold for an executed notebook and its page; writes a JUnit file."""

import re
from pathlib import Path

import nbformat

from notebook.execute import TABLE_TAG
from steps import kernel
from steps.layout import ROOT
from suites.outcome import write_junit

FIGURE = "application/vnd.plotly.v1+json"
MOST_BYTES = 2_000_000
# Lines on standard error that a notebook may show: none.
ALLOWED_ERRORS: tuple[str, ...] = ()


class Executed:
    """An executed notebook with what the checks ask of it."""

    def __init__(self, file: Path):
        self.file = file
        self.book = nbformat.read(file, as_version=4)
        self.cells = [cell for cell in self.book.cells if cell.cell_type == "code"]
        self.outputs = [output for cell in self.cells for output in cell.outputs]
        self.bundles = [output["data"] for output in self.outputs if "data" in output]
        self.figures = [bundle for bundle in self.bundles if FIGURE in bundle]
        self.page = file.with_suffix(".html").read_text(encoding="utf-8")


def every_cell_ran_without_error(notebook: Executed):
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.execution_count is None and cell.source.strip():
            yield f"code cell {number} did not run"
    for output in notebook.outputs:
        if output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"


def nothing_on_standard_error(notebook: Executed):
    for output in notebook.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            for line in output.text.splitlines():
                if line.strip() and not any(re.search(allowed, line) for allowed in ALLOWED_ERRORS):
                    yield line


def is_small(notebook: Executed):
    size = notebook.file.stat().st_size
    if size >= MOST_BYTES:
        yield f"{size} bytes, must be under {MOST_BYTES}"


def shows_figures(notebook: Executed):
    if not notebook.figures:
        yield "no figure at all"


def every_figure_has_text_and_a_static_picture(notebook: Executed):
    for number, bundle in enumerate(notebook.figures, start=1):
        if not bundle.get("text/plain", "").strip():
            yield f"figure {number}: no text/plain"
        if not re.search(r"<img\b[^>]*\bsrc=[\"']data:image/", bundle.get("text/html", "")):
            yield f"figure {number}: no static picture in text/html"


def every_figure_is_plotly_data(notebook: Executed):
    for number, bundle in enumerate(notebook.figures, start=1):
        figure = bundle[FIGURE]
        if not isinstance(figure, dict) or not figure.get("data") or not isinstance(figure.get("layout"), dict):
            yield f"figure {number}: not an object with data and layout"


def has_its_main_table_as_text(notebook: Executed):
    tagged = [cell for cell in notebook.cells if TABLE_TAG in cell.metadata.get("tags", [])]
    texts = [output["data"].get("text/plain", "") for cell in tagged for output in cell.outputs if "data" in output]
    if not any(len(text.splitlines()) > 2 for text in texts):
        yield f"no cell tagged {TABLE_TAG} shows a table as text/plain"


def names_no_place_of_this_machine(notebook: Executed):
    text = notebook.file.read_text(encoding="utf-8")
    for pattern in (re.escape(str(ROOT)), r"(?<![\w.])/(?:home|root|tmp|Users)/\w[\w./-]*"):
        for found in sorted(set(re.findall(pattern, text))):
            yield found


def loads_nothing_from_elsewhere(notebook: Executed):
    html = "\n".join(bundle.get("text/html", "") for bundle in notebook.bundles)
    loading = r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//[^\"'> ]*"
    for where, text in (("output", html), ("page", without_scripts(notebook.page))):
        for found in re.findall(loading, text):
            yield f"{where}: {found}"
    for found in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", notebook.page):
        yield f"page: {found}"


def carries_plotly_once(notebook: Executed):
    copies = len(re.findall(r"<script>/\*\*\s*\* plotly\.js v", notebook.page))
    if copies != 1:
        yield f"{copies} copies of plotly.js in the page, want 1"


def names_the_kernel(notebook: Executed):
    name = notebook.book.metadata.get("kernelspec", {}).get("name")
    if name != kernel.NAME:
        yield f"kernelspec {name!r}, want {kernel.NAME!r}"


CHECKS = [
    every_cell_ran_without_error, nothing_on_standard_error, is_small, shows_figures,
    every_figure_has_text_and_a_static_picture, every_figure_is_plotly_data, has_its_main_table_as_text,
    names_no_place_of_this_machine, loads_nothing_from_elsewhere, carries_plotly_once, names_the_kernel,
]


def without_scripts(page: str) -> str:
    return re.sub(r"(<script\b[^>]*>).*?</script>", r"\1", page, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    file, result = Path(arguments[0]), Path(arguments[1])
    notebook = Executed(file)
    results = []
    for check in CHECKS:
        complaints = list(check(notebook))
        results.append((check.__name__, "; ".join(complaints[:5]) if complaints else None, None))
    write_junit(result, f"notebook {file.stem}", results)
    return 1 if any(failure for _, failure, _ in results) else 0
