import hashlib
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from steps import maven, stamps
from steps.report import Problem


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class TheMavenLock(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.repository = self.folder / "maven"
        self.lock = self.folder / "maven.lock"
        self.lock.write_text(f"# comment\n{sha256(b'one')}  a/one/1/one-1.jar\n{sha256(b'two')}  a/two/1/two-1.pom\n")
        for patch in (mock.patch.object(maven, "MAVEN_REPOSITORY", self.repository),
                      mock.patch.object(maven, "LOCK", self.lock),
                      mock.patch.object(stamps.is_current, "__defaults__", (self.folder,)),
                      mock.patch.object(stamps.write, "__defaults__", (self.folder,))):
            patch.start()
            self.addCleanup(patch.stop)

    def put(self, path: str, data: bytes, folder: Path | None = None) -> Path:
        file = (folder or self.repository) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def test_accepts_the_pinned_files_and_ignores_maven_s_own_notes(self):
        self.put("a/one/1/one-1.jar", b"one")
        self.put("a/one/1/_remote.repositories", b"notes")
        maven.check()

    def test_names_and_removes_a_file_with_another_content(self):
        changed = self.put("a/one/1/one-1.jar", b"tampered")
        with self.assertRaises(Problem) as caught:
            maven.check()
        self.assertIn(f"expected {sha256(b'one')}", str(caught.exception))
        self.assertIn(f"actual   {sha256(b'tampered')}", str(caught.exception))
        self.assertFalse(changed.exists())

    def test_names_and_removes_a_file_that_nobody_pinned(self):
        stranger = self.put("b/three/1/three-1.jar", b"three")
        with self.assertRaises(Problem) as caught:
            maven.check()
        self.assertIn("b/three/1/three-1.jar", str(caught.exception))
        self.assertIn("environment/lock maven", str(caught.exception))
        self.assertFalse(stranger.exists())

    def test_takes_from_the_reader_s_own_repository_only_what_has_the_right_hash(self):
        own = self.folder / "own"
        self.put("a/one/1/one-1.jar", b"one", own)
        self.put("a/two/1/two-1.pom", b"not two", own)
        maven.seed(own)
        self.assertEqual(["a/one/1/one-1.jar"], list(maven.present()))

    def test_the_lock_written_from_a_repository_is_the_one_that_accepts_it(self):
        self.put("c/four/1/four-1.jar", b"four")
        maven.write_lock()
        maven.check()
        self.assertEqual({"c/four/1/four-1.jar": sha256(b"four")}, maven.locked())


class ReachingForTheNetwork(unittest.TestCase):
    def calls(self, *answers: tuple[int, str]) -> list[bool]:
        """Whether each run of Maven was an offline one, given what the runs answer."""
        runs = []

        def attempt(what, arguments, jdk):
            runs.append("--offline" in arguments)
            status, said = answers[len(runs) - 1]
            return mock.Mock(returncode=status, stdout=said)

        with mock.patch.object(maven, "attempt", attempt), mock.patch.object(maven, "seed"), \
                mock.patch.object(maven, "check") as check:
            maven.run_whatever_comes("build", ["package"], Path("jdk"))
        self.assertEqual(len(runs) - 1, check.call_count)
        return runs

    def test_a_build_that_has_all_it_needs_stays_offline(self):
        self.assertEqual([True], self.calls((0, "")))

    def test_a_build_that_fails_for_its_own_reasons_stays_offline(self):
        self.assertEqual([True], self.calls((1, "[ERROR] COMPILATION ERROR")))

    def test_a_build_that_lacks_a_file_goes_online_once_and_what_came_is_checked(self):
        lacking = "[ERROR] Cannot access central in offline mode and the artifact x has not been downloaded before"
        self.assertEqual([True, False], self.calls((1, lacking), (0, "")))
        self.assertEqual([True, False], self.calls((0, lacking), (0, "")))
