import shutil
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat

from commands import lab
from notebook import browse
from steps.layout import NOTEBOOKS


class JupyterLab(unittest.TestCase):
    def status(self, address: str) -> int:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_listens_on_this_machine_only_and_asks_for_the_token(self):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        file = folder / "empty.ipynb"
        nbformat.write(nbformat.v4.new_notebook(), file)
        with browse.server(file) as address:
            parts = urlsplit(address)
            contents = f"http://{parts.netloc}/api/contents"
            self.assertEqual("127.0.0.1", parts.hostname)
            self.assertEqual(403, self.status(contents))
            self.assertEqual(403, self.status(f"{contents}?token=wrong"))
            self.assertEqual(200, self.status(f"{contents}?token={parse_qs(parts.query)['token'][0]}"))

    def test_its_command_keeps_the_network_out(self):
        command = lab.command_line(NOTEBOOKS)
        for option in ("--ServerApp.ip=127.0.0.1", "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
                       "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"):
            self.assertIn(option, command)
        self.assertFalse([option for option in command if "token=" in option or "disable_check_xsrf" in option])
