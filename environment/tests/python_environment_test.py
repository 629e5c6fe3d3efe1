import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from steps import python_environment, shell
from steps.layout import python_of
from steps.report import Problem


def make_wheel(folder: Path) -> Path:
    """A wheel with one module, so that pip installs something without any index."""
    files = {"sample.py": b"answer = 42\n",
             "sample-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: sample\nVersion: 1.0\n",
             "sample-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')},"
                     f"{len(data)}\n" for name, data in files.items())
    wheel = folder / "sample-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr("sample-1.0.dist-info/RECORD", record + "sample-1.0.dist-info/RECORD,,\n")
    return wheel


class ThePythonEnvironment(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.lock = self.folder / "requirements.lock"
        self.place = self.folder / "venv"
        wheel = make_wheel(self.folder)
        self.right = hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.write_lock(self.right)
        here = mock.patch.dict(os.environ, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(self.folder))
        here.start()
        self.addCleanup(here.stop)

    def write_lock(self, sha256: str):
        self.lock.write_text(f"sample==1.0 \\\n    --hash=sha256:{sha256}\n")

    def ensure(self):
        return python_environment.ensure(self.lock, self.place, "test environment")

    def answer(self) -> str:
        return subprocess.run([python_of(self.place), "-c", "import sample; print(sample.answer)"], text=True,
                              capture_output=True).stdout.strip()

    def test_is_made_once_and_the_second_time_starts_no_program(self):
        self.ensure()
        self.assertEqual("42", self.answer())
        with mock.patch.object(shell, "attempt", side_effect=AssertionError("started a program")):
            self.ensure()

    def test_a_tampered_lock_installs_nothing_and_says_how_to_restore_it(self):
        self.write_lock("0" * 64)
        with self.assertRaises(Problem) as caught:
            self.ensure()
        self.assertIn("not the one that requirements.lock pins", str(caught.exception))
        self.assertIn("git checkout requirements.lock", str(caught.exception))
        self.assertEqual("", self.answer())

    def test_goes_on_after_a_run_that_was_killed_half_way(self):
        self.place.mkdir()
        (self.place / "pyvenv.cfg").write_text("home = nowhere\n")
        self.ensure()
        self.assertEqual("42", self.answer())

    def test_a_package_without_a_hash_is_refused(self):
        self.lock.write_text("sample==1.0\n")
        with self.assertRaises(Problem):
            self.ensure()
        self.assertEqual("", self.answer())
