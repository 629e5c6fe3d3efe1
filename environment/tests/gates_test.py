import shutil
import tempfile
import unittest
from pathlib import Path

from gate import locks, syntax, text


class TheGates(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def put(self, name: str, content: str):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def test_length_allows_500_lines_and_not_one_more(self):
        self.put("lib/Fits.java", "x\n" * 500)
        self.assertEqual([], text.length(self.root))
        self.put("lib/Long.java", "x\n" * 501)
        self.put("long.md", "x\n" * 501)
        self.assertEqual(["lib/Long.java: 501 lines, at most 500: split it, one idea per file"], text.length(self.root))

    def test_length_sees_scripts_without_an_ending(self):
        self.put("environment/run", "#!/usr/bin/env bash\n" + "true\n" * 500)
        self.assertEqual(1, len(text.length(self.root)))

    def test_width_allows_120_columns_and_not_one_more(self):
        self.put("a.py", "#" * 120 + "\n" + "#" * 121 + "\n")
        self.assertEqual(["a.py:2: 121 columns, at most 120"], text.width(self.root))

    def test_words_forbids_places_and_open_ends(self):
        forbidden = ["/ro" + "ot/.m2", "/wo" + "rk/trees", "/ho" + "me/ann/x", "TO" + "DO later"]
        for number, word in enumerate(forbidden):
            self.put(f"{number}.md", f"see {word}\n")
        self.assertEqual([f"{number}.md:1" for number in range(len(forbidden))],
                         sorted(complaint.rsplit(": ", 2)[0] for complaint in text.words(self.root)))

    def test_words_allows_what_looks_alike(self):
        self.put("fine.md", "framework/x, home/jovyan, /usr/lib/jvm, TO" + "DO(#12), target/work/x, ~/work/x\n")
        self.assertEqual([], text.words(self.root))

    def test_shell_and_python_must_parse(self):
        self.put("good.sh", "if true; then echo; fi\n")
        self.put("good.py", "print(1)\n")
        self.assertEqual([], syntax.shell(self.root) + syntax.python(self.root))
        self.put("bad.sh", "if true; then\n")
        self.put("bad.py", "def f(:\n")
        self.assertTrue(syntax.shell(self.root))
        self.assertEqual(1, len(syntax.python(self.root)))

    def test_locks_must_pin_with_hashes_and_name_no_index(self):
        self.put("environment/requirements.in", "# list\nsample==1.0\nother==2.0\n")
        pinned = "sample==1.0 \\\n    --hash=sha256:00\nother==2.0 ; python_version > '3' \\\n    --hash=sha256:11\n"
        self.put("environment/requirements.lock", pinned)
        self.assertEqual([], locks.locks(self.root))
        self.put("environment/requirements.lock", "--index-url https://example.org\nsample==1.0\n")
        complaints = "\n".join(locks.locks(self.root))
        self.assertIn("does not pin other==2.0", complaints)
        self.assertIn("names an index", complaints)
        self.assertIn("sample==1.0 has no hash", complaints)
