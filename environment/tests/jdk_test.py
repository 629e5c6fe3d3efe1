import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from steps import jdk, tools
from steps.layout import ENVIRONMENT
from steps.report import Problem


def make_jdk(folder: Path, version: str, compiler: bool = True) -> Path:
    (folder / "bin").mkdir(parents=True)
    for name in ["java", "javac"] if compiler else ["java"]:
        (folder / "bin" / name).touch()
    (folder / "release").write_text(f'IMPLEMENTOR="Nobody"\nJAVA_VERSION="{version}"\n')
    return folder


class FindingTheJdk(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.environ = {"MICROTOME_JDK_FOLDERS": str(self.folder / "jvm"), "PATH": ""}
        (self.folder / "jvm").mkdir()

    def test_takes_java_home_before_the_usual_places(self):
        home = make_jdk(self.folder / "mine", "25.0.3")
        make_jdk(self.folder / "jvm" / "temurin-25", "25.0.1")
        self.assertEqual(home, jdk.find({**self.environ, "JAVA_HOME": str(home)}))

    def test_passes_over_a_java_home_of_another_version(self):
        old = make_jdk(self.folder / "mine", "17.0.15")
        new = make_jdk(self.folder / "jvm" / "temurin-25", "25.0.1")
        self.assertEqual(new, jdk.find({**self.environ, "JAVA_HOME": str(old)}))

    def test_passes_over_a_runtime_without_a_compiler(self):
        make_jdk(self.folder / "jvm" / "a-25-jre", "25.0.3", compiler=False)
        with self.assertRaises(Problem):
            jdk.find(self.environ)

    def test_finds_the_jdk_of_the_compiler_on_the_path(self):
        home = make_jdk(self.folder / "elsewhere", "25")
        (home / "bin" / "javac").chmod(0o755)
        self.assertEqual(home.resolve(), jdk.find({**self.environ, "PATH": str(home / "bin")}))

    def test_finds_the_home_inside_a_macos_bundle(self):
        home = make_jdk(self.folder / "jvm" / "temurin-25.jdk" / "Contents" / "Home", "25.0.3")
        self.assertEqual(home, jdk.find(self.environ))

    def test_names_what_it_saw_when_only_other_versions_are_there(self):
        old = make_jdk(self.folder / "jvm" / "java-21", "21.0.4")
        with self.assertRaises(Problem) as caught:
            jdk.find(self.environ)
        self.assertIn(f"{old}: version 21.0.4", str(caught.exception))

    def test_run_without_a_jdk_says_what_to_install_on_each_system_and_exits_with_3(self):
        programs = self.folder / "bin"
        programs.mkdir()
        for name in ("bash", "env", "dirname"):
            (programs / name).symlink_to(shutil.which(name))
        (programs / "python3").symlink_to(Path(sys.executable).resolve())
        (self.folder / "any.ipynb").touch()
        environment = {"PATH": str(programs), "HOME": str(self.folder), "MICROTOME_JDK_FOLDERS": str(self.folder)}
        done = subprocess.run([ENVIRONMENT / "run", self.folder / "any.ipynb"], env=environment, capture_output=True,
                              text=True)
        self.assertEqual(3, done.returncode, done.stderr)
        for line in ("no JDK 25 was found", "Debian 13", "apt-get install openjdk-25-jdk-headless", "macOS",
                     "Windows", "winget install EclipseAdoptium.Temurin.25.JDK"):
            self.assertIn(line, done.stderr)
        self.assertNotIn("Traceback", done.stderr)


class FindingTheTools(unittest.TestCase):
    def test_names_every_missing_program_with_its_package(self):
        with self.assertRaises(Problem) as caught:
            tools.require({"PATH": ""})
        self.assertEqual(3, caught.exception.status)
        self.assertIn("sudo apt-get install maven cmake make g++", str(caught.exception))
