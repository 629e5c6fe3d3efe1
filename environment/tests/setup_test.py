import json
import os
import subprocess
import time
import unittest
from unittest import mock

from steps import java, jdk, kernel, setup, shell
from steps.layout import JARS, MODELS, PYTHON_ENVIRONMENT


class TheSecondTime(unittest.TestCase):
    """These run inside verify, whose own set-up has just come to its end."""

    def test_everything_is_found_without_starting_a_program_so_without_a_network(self):
        with mock.patch.object(subprocess, "run", side_effect=AssertionError("started a program")):
            began = time.monotonic()
            setup.ensure()
        self.assertLess(time.monotonic() - began, 5)

    def test_the_kernel_starts_the_jdk_that_was_found_on_our_jars_in_one_virtual_machine(self):
        file = PYTHON_ENVIRONMENT / "share" / "jupyter" / "kernels" / kernel.NAME / "kernel.json"
        specification = json.loads(file.read_text())
        self.assertEqual(str(jdk.find() / "bin" / "java"), specification["argv"][0])
        self.assertIn("--enable-native-access=ALL-UNNAMED", specification["argv"])
        self.assertEqual(f"{JARS}/*.jar", specification["env"]["JJAVA_CLASSPATH"])
        self.assertEqual(str(MODELS), specification["env"]["MICROTOME_MODELS"])

    def test_the_jars_of_tests_are_not_on_the_class_path_of_notebooks(self):
        names = [jar.name for jar in JARS.glob("*.jar")]
        self.assertTrue(any(name.startswith("microtome-notebook-") for name in names), names)
        self.assertEqual([], [name for name in names if "junit" in name or "conformance" in name])

    @unittest.skipIf(os.environ.get(java.ASKED_FOR), "optional modules were asked for")
    def test_nobody_gets_the_large_optional_jars_unasked(self):
        self.assertEqual([], [jar.name for jar in JARS.glob("*.jar") if "nd4j" in jar.name or "openblas" in jar.name])

    def test_a_failing_program_shows_the_end_of_what_it_said(self):
        with self.assertRaises(Exception) as caught:
            shell.run("a test of failing", ["bash", "-c", "echo the cause; exit 7"])
        self.assertIn("exit 7", str(caught.exception))
        self.assertIn("the cause", str(caught.exception))
