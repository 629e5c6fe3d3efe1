import stat
import tempfile
import unittest
from pathlib import Path

from steps import aot

MAKES = '#!/bin/sh\nfor word; do case $word in -XX:AOTCacheOutput=*) echo made >> "${word#*=}";; esac; done\n'
FAILS = "#!/bin/sh\nexit 1\n"


class AheadOfTimeCache(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.jdk, self.jars = self.folder / "jdk", self.folder / "lib"
        (self.jdk / "bin").mkdir(parents=True)
        (self.jdk / "release").write_text("25")
        self.jars.mkdir()
        (self.jars / "one.jar").write_text("one")
        self.cache = self.folder / "cache.aot"

    def java(self, script):
        java = self.jdk / "bin" / "java"
        java.write_text(script)
        java.chmod(java.stat().st_mode | stat.S_IXUSR)

    def options(self):
        return aot.options(self.jdk, self.jars, self.cache, self.folder / "stamps")

    def test_it_is_made_once(self):
        self.java(MAKES)
        self.assertEqual([f"-XX:AOTCache={self.cache}"], self.options())
        made = self.cache.stat().st_mtime_ns
        self.assertEqual([f"-XX:AOTCache={self.cache}"], self.options())
        self.assertEqual(made, self.cache.stat().st_mtime_ns)

    def test_a_changed_jar_makes_it_anew(self):
        self.java(MAKES)
        self.options()
        self.cache.write_text("old")
        (self.jars / "one.jar").write_text("another")
        self.options()
        self.assertEqual("made\n", self.cache.read_text())

    def test_a_failure_leaves_no_option_and_is_not_repeated(self):
        self.java(FAILS)
        self.assertEqual([], self.options())
        self.java(MAKES)
        self.assertEqual([], self.options())

    def test_a_failure_removes_the_cache_of_older_jars(self):
        self.java(MAKES)
        self.options()
        self.java(FAILS)
        (self.jars / "one.jar").write_text("another")
        self.assertEqual([], self.options())
        self.assertFalse(self.cache.exists())


if __name__ == "__main__":
    unittest.main()
