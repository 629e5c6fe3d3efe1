import os
import unittest
from pathlib import Path
from unittest import mock

from steps import java, jdk
from steps.report import Problem


class TheModulesThatAreBuilt(unittest.TestCase):
    def asked(self, names: str) -> list[str]:
        with mock.patch.dict(os.environ, {java.ASKED_FOR: names}):
            return java.modules()

    def test_are_those_of_a_notebook_and_no_optional_one(self):
        self.assertEqual(["notebook"], self.asked(""))

    def test_are_more_where_more_were_asked_for(self):
        self.assertEqual(["notebook", "tensor-nd4j"], self.asked("tensor-nd4j"))

    def test_a_name_that_is_none_is_answered_with_those_that_are(self):
        with self.assertRaises(Problem) as caught:
            self.asked("tensor-nd5j")
        self.assertIn("tensor-nd5j; there are tensor-nd4j", str(caught.exception))

    def test_maven_is_told_about_no_others(self):
        with mock.patch.dict(os.environ, {java.ASKED_FOR: "tensor-nd4j"}), mock.patch.object(java.maven, "run") as run:
            java._package(Path("jdk"))
        self.assertIn("--projects=lib/notebook,lib/tensor-nd4j", run.call_args.args[1])

    def test_asking_for_another_set_builds_again(self):
        with mock.patch.dict(os.environ, {java.ASKED_FOR: ""}):
            few = java.digest(jdk.find())
        with mock.patch.dict(os.environ, {java.ASKED_FOR: "tensor-nd4j"}):
            self.assertNotEqual(few, java.digest(jdk.find()))
