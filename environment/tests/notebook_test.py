import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from notebook import check, page
from steps import kernel
from steps.layout import ENVIRONMENT, SCRATCH

PICTURE = '<div id="f"><img alt="a" src="data:image/png;base64,AAAA"></div><script>draw()</script>'
FIGURE = {check.FIGURE: {"data": [{"type": "heatmap"}], "layout": {}},
          "text/plain": "Figure[1x1]", "text/html": PICTURE}


def cell(source: str, *outputs, tags=()):
    made = new_code_cell(source, outputs=list(outputs), execution_count=1)
    made.metadata["tags"] = list(tags)
    return made


def shown(data: dict):
    return new_output("execute_result", data, execution_count=1)


class Notebooks(unittest.TestCase):
    def setUp(self):
        SCRATCH.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(dir=SCRATCH))
        self.addCleanup(shutil.rmtree, self.folder)

    def book(self, *cells):
        made = new_notebook(cells=list(cells))
        made.metadata["kernelspec"] = {"name": kernel.NAME, "display_name": "Java 25", "language": "java"}
        return made

    def executed(self, *cells) -> check.Executed:
        file = self.folder / "book.ipynb"
        table = cell("table", shown({"text/plain": "a  b\n1  2\n3  4"}), tags=[check.TABLE_TAG])
        nbformat.write(self.book(new_markdown_cell("# Title"), table, cell("figure", shown(FIGURE)), *cells), file)
        page.write(file)
        return check.Executed(file)

    def complaints(self, *cells) -> dict:
        notebook = self.executed(*cells)
        return {name: found for one in check.CHECKS if (found := list(one(notebook))) for name in [one.__name__]}


class TheChecks(Notebooks):
    def test_have_nothing_to_say_about_a_good_notebook(self):
        self.assertEqual({}, self.complaints())

    def test_each_sees_its_own_fault(self):
        lone = {check.FIGURE: {"data": [{}], "layout": {}}}
        faults = {
            "every_cell_ran_without_error": new_output("error", ename="X", evalue="boom", traceback=[]),
            "nothing_on_standard_error": new_output("stream", name="stderr", text="WARNING\n"),
            "is_small": shown({"text/plain": "x" * check.MOST_BYTES}),
            "every_figure_has_text_and_a_static_picture": shown(lone),
            "every_figure_is_plotly_data": shown({**FIGURE, check.FIGURE: "a string"}),
            "names_no_place_of_this_machine": shown({"text/plain": "/ho" + "me/ann/model.gguf"}),
            "loads_nothing_from_elsewhere": shown({"text/html": '<script src="https://cdn.example/x.js"></script>'}),
        }
        for name, output in faults.items():
            with self.subTest(name):
                self.assertEqual([name], list(self.complaints(cell("fault", output))))

    def test_see_a_cell_that_did_not_run(self):
        self.assertIn("every_cell_ran_without_error", self.complaints(new_code_cell("late")))


class ThePage(Notebooks):
    def test_carries_plotly_once_and_draws_the_waiting_figures_after_it(self):
        html = self.executed().page
        self.assertEqual(1, html.count("<script>/**\n* plotly.js v"))
        self.assertLess(html.index("plotly.js v"), html.index("waiting.forEach"))
        self.assertTrue("data:image/png;base64,AAAA" in html)

    def test_asks_for_no_script_from_anywhere(self):
        self.assertFalse("<script src" in self.executed().page)


class Executing(Notebooks):
    def setUp(self):
        super().setUp()
        self.source = self.folder / "source.ipynb"

    def execute(self, *cells, seconds: int = 60, options=()):
        nbformat.write(self.book(*cells), self.source)
        command = [sys.executable, ENVIRONMENT, "execute", self.source, "--folder", self.folder / "out",
                   "--cell-seconds", str(seconds), *options]
        return subprocess.run([str(word) for word in command], capture_output=True, text=True)

    def kept(self):
        return nbformat.read(self.folder / "out" / "source.ipynb", as_version=4)

    def test_shows_each_cell_with_its_seconds_and_the_main_table_at_the_end(self):
        table = new_code_cell('// a comment\n"one\\ntwo"', metadata={"tags": [check.TABLE_TAG]})
        done = self.execute(table, options=["--publish"])
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r'\[1/1\] "one\\ntwo" +\d+\.\d s')
        self.assertTrue(done.stdout.endswith("\none\ntwo\n"), done.stdout)
        self.assertTrue((self.folder / "out" / "source.html").exists())
        published = nbformat.read(self.source, as_version=4)
        self.assertEqual("one\ntwo", published.cells[0].outputs[0]["data"]["text/plain"])

    def test_a_failing_cell_is_shown_with_its_exception_and_the_notebook_is_kept(self):
        done = self.execute(new_code_cell("1 + 1"), new_code_cell("int[] three = new int[3];\nthree[7] = 1;"),
                            new_code_cell("2 + 2"))
        self.assertEqual(1, done.returncode)
        for part in ("cell [2/3] failed", "three[7] = 1;", "ArrayIndexOutOfBoundsException", "Index 7 out of bounds"):
            self.assertIn(part, done.stderr)
        self.assertNotIn("\x1b[", done.stderr)
        first, second, third = self.kept().cells
        self.assertEqual("2", first.outputs[0]["data"]["text/plain"])
        self.assertEqual("error", second.outputs[0].output_type)
        self.assertEqual([], third.outputs)
        self.assertEqual([], nbformat.read(self.source, as_version=4).cells[0].outputs)

    def test_a_cell_that_takes_too_long_is_stopped_and_named(self):
        done = self.execute(new_code_cell("Thread.sleep(60_000);"), seconds=2)
        self.assertEqual(1, done.returncode)
        self.assertIn("cell [1/1] took longer than 2 s", done.stderr)

    def test_a_kernel_that_dies_is_told_plainly(self):
        done = self.execute(new_code_cell("Runtime.getRuntime().halt(9);"))
        self.assertEqual(1, done.returncode)
        self.assertIn("the Java kernel stopped", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
