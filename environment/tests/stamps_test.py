import shutil
import tempfile
import unittest
from pathlib import Path

from steps import stamps


class Stamps(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.source = self.folder / "source"
        self.source.mkdir()
        (self.source / "a.cpp").write_text("a")

    def digest(self) -> str:
        return stamps.digest(stamps.files_under(self.source, "build*"), "fact")

    def test_a_digest_follows_content_names_and_facts(self):
        seen = {self.digest(), stamps.digest(stamps.files_under(self.source), "another fact")}
        (self.source / "a.cpp").write_text("b")
        seen.add(self.digest())
        (self.source / "a.cpp").rename(self.source / "b.cpp")
        seen.add(self.digest())
        (self.source / "c.cpp").write_text("")
        seen.add(self.digest())
        self.assertEqual(5, len(seen))

    def test_build_folders_and_times_do_not_count(self):
        before = self.digest()
        (self.source / "build-sanitized").mkdir()
        (self.source / "build-sanitized" / "x.o").write_text("x")
        (self.source / "a.cpp").touch()
        self.assertEqual(before, self.digest())

    def test_a_cleared_stamp_is_not_current(self):
        stamps.write("native", "one", self.folder)
        self.assertTrue(stamps.is_current("native", "one", self.folder))
        self.assertFalse(stamps.is_current("native", "two", self.folder))
        stamps.clear("native", self.folder)
        self.assertFalse(stamps.is_current("native", "one", self.folder))
