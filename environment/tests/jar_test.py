import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from suites import jar


@unittest.skipUnless(shutil.which("g++") and shutil.which("readelf"), "no compiler here")
class LookingIntoLibraries(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def library(self, name: str, *options: str, source: str = 'extern "C" int mt_one() { return 1; }') -> Path:
        code = self.folder / "code.cpp"
        code.write_text(source)
        made = self.folder / name
        subprocess.run(["g++", "-shared", "-fPIC", "-o", made, code, *options], check=True)
        return made

    def failures(self, functions: set[str], **libraries: Path) -> list[str]:
        return jar.check({jar.OURS: self.library(jar.OURS), **libraries}, functions).failures

    def test_a_sound_library_passes_and_missing_ones_are_named(self):
        failures = self.failures({"mt_one"})
        self.assertEqual(["jar: holds the three libraries: lacks libdnnl.so.3, libgomp.so.1"], failures)

    def test_exports_are_those_of_the_header(self):
        self.assertIn("jar: exports the functions of the header: lacks mt_two; has mt_one", self.failures({"mt_two"}))

    def test_strange_dependencies_are_named(self):
        other = self.library("libother.so")
        needy = self.library("libneedy.so", str(other), "-Wl,--no-as-needed", source='extern "C" int mt_one();'
                             ' int two() { return mt_one(); }')
        found = self.failures({"mt_one"}, **{"libneedy.so": needy})
        self.assertTrue([failure for failure in found if "libneedy.so needs the system" in failure], found)

    def test_a_search_path_of_the_build_machine_is_refused(self):
        placed = self.library("libplaced.so", "-Wl,-rpath,/opt/somewhere")
        found = self.failures({"mt_one"}, **{"libplaced.so": placed})
        self.assertIn("jar: libplaced.so looks for the others beside itself only: looks in /opt/somewhere", found)

    def test_an_executable_stack_is_refused(self):
        risky = self.library("librisky.so", "-Wl,-z,execstack")
        self.assertIn("jar: librisky.so has no executable stack: its stack may be executed",
                      self.failures({"mt_one"}, **{"librisky.so": risky}))

    def test_the_header_is_read(self):
        functions = jar.header_functions()
        self.assertIn("mt_matmul", functions)
        self.assertGreater(len(functions), 30)
