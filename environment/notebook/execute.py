"""execute NOTEBOOK: runs every cell in the Java kernel and keeps the result, also when a cell fails."""

import argparse
import re
import shutil
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from notebook import page
from steps import kernel, shell
from steps.layout import EXECUTED, ROOT
from steps.report import Problem, say

TABLE_TAG = "main-table"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="execute")
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--cell-seconds", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=EXECUTED, help="where the results go")
    parser.add_argument("--publish", action="store_true", help="put the result in the place of its source")
    chosen = parser.parse_args(arguments)
    written, failure = execute(chosen.notebook, chosen.folder, chosen.cell_seconds)
    say(f"\nnotebook  {shown(written)}")
    if failure:
        raise Problem(failure)
    say(f"page      {shown(page.write(written))}")
    if chosen.publish:
        shutil.copyfile(written, chosen.notebook)
        say(f"published {shown(chosen.notebook)}")
    say_table(nbformat.read(written, as_version=4))
    return 0


def execute(source: Path, folder: Path, cell_seconds: int) -> tuple[Path, str | None]:
    """The executed notebook's file and what went wrong, if anything."""
    book = nbformat.read(source, as_version=4)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.name
    client = NotebookClient(
        book,
        kernel_name=kernel.NAME,
        timeout=cell_seconds,
        coalesce_streams=True,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(source.parent)}},
    )
    say(f"executing {shown(source)}")
    try:
        failure = run_cells(client, book)
    finally:
        nbformat.write(book, target)
    return target, failure


def run_cells(client: NotebookClient, book) -> str | None:
    began = time.monotonic()
    codes = [index for index, cell in enumerate(book.cells) if cell.cell_type == "code"]
    for index in codes:
        book.cells[index].outputs = []
        book.cells[index].execution_count = None
    try:
        # What the JVM itself writes (warnings, its last words) is kept beside the other logs.
        with open(shell.log_of("kernel"), "w") as log, client.setup_kernel(stdout=log, stderr=log):
            say(f"  kernel started{time.monotonic() - began:>52.1f} s")
            for number, index in enumerate(codes, start=1):
                failure = run_cell(client, book.cells[index], index, f"[{number}/{len(codes)}]")
                if failure:
                    return failure
    except (DeadKernelError, RuntimeError) as error:
        return f"the Java kernel stopped: {error}\nits own output: {shell.log_of('kernel')}"
    return None


def run_cell(client: NotebookClient, cell, index: int, number: str) -> str | None:
    began = time.monotonic()
    try:
        client.execute_cell(cell, index, execution_count=None)
    except CellTimeoutError:
        return f"cell {number} took longer than {client.timeout} s and was stopped:\n{indented(cell.source)}"
    except CellExecutionError as error:
        return f"cell {number} failed:\n{indented(cell.source)}\n\n{error.ename}: {error.evalue}\n{trace(cell)}"
    finally:
        say(f"  {number:>8} {first_line(cell.source):56.56} {time.monotonic() - began:5.1f} s")
    return None


def trace(cell) -> str:
    """The traceback as plain text, without the colours of a terminal."""
    lines = [line for output in cell.outputs if output.output_type == "error" for line in output.traceback]
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))


def say_table(book) -> None:
    """The value of the cell tagged as the main table; what it displayed on the way, such as progress, is left out."""
    for cell in book.cells:
        if TABLE_TAG in cell.get("metadata", {}).get("tags", []):
            for output in cell.get("outputs", []):
                if output.output_type == "execute_result":
                    say("\n" + output["data"].get("text/plain", ""))


def first_line(source: str) -> str:
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.strip().startswith("//")]
    return lines[0] if lines else "(empty)"


def indented(text: str) -> str:
    return "\n".join("    " + line for line in text.splitlines())


def shown(file: Path) -> Path:
    """The path as a reader in the repository types it."""
    return file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
