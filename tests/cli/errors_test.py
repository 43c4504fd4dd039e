"""What goes wrong is one line that says which rule was broken, and an exit code."""

import unittest

from daemon import DaemonTestCase


class Errors(DaemonTestCase):
    def test_no_daemon(self):
        error = self.fail_with(1, "ps", "--address", "unix:///nowhere/hcsd.sock")
        self.assertIn("is hcsd running at unix:///nowhere/hcsd.sock?", error)
        self.fail_with(125, "run", "--rm", "--address", "tcp://127.0.0.1:1", "--", "true")

    def test_an_address_that_is_none(self):
        error = self.fail_with(1, "ps", "--address", "npipe:////./pipe/hcsd")
        self.assertIn("allowed are unix:///path and tcp://host:port", error)

    def test_unknown_containers_and_processes(self):
        for words in (("start", "nope"), ("pause", "nope"), ("stop", "nope"), ("rm", "nope"),
                      ("kill", "nope"), ("wait", "nope"), ("inspect", "nope"), ("top", "nope"),
                      ("stats", "nope"), ("stats", "--no-stream", "nope")):
            with self.subTest(words=words):
                self.assertIn("nope", self.fail_with(1, *words))
        self.assertIn("nope", self.fail_with(125, "exec", "nope", "--", "true"))
        self.assertIn("nope", self.fail_with(125, "attach", "nope"))
        self.running_container("box")
        self.assertIn("no process runs in box", self.fail_with(125, "attach", "box"))
        self.fail_with(125, "attach", "box", "999999")

    def test_wrong_states(self):
        self.succeed("create", "--name", "made")
        self.addCleanup(self.hcsctl, "rm", "-f", "made")
        self.fail_with(1, "pause", "made")
        self.fail_with(1, "resume", "made")
        self.fail_with(125, "exec", "made", "--", "true")
        self.succeed("start", "made")
        self.fail_with(1, "start", "made")

    def test_an_id_in_use(self):
        self.running_container("twice")
        self.assertIn("twice", self.fail_with(1, "create", "--name", "twice"))
        # And run, which did not make it, does not remove it.
        self.fail_with(125, "run", "--rm", "--name", "twice", "--", "true")
        self.assertEqual(self.succeed("ps", "-q"), "twice\n")

    def test_ids_that_are_none(self):
        for name in ("a/b", "..", "a" * 300, "a\nb"):
            with self.subTest(name=name):
                self.assertIn("id", self.fail_with(1, "create", "--name", name))

    def test_documents_that_are_none(self):
        self.fail_with(1, "create", "--document", "-", input=b"{")
        self.fail_with(1, "create", "--document", "/nowhere.json")
        self.assertIn("--memory is a field of the document",
                      self.fail_with(1, "create", "--document", "-", "--memory", "5", input=b"{}"))
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_command_lines_that_are_none(self):
        self.fail_with(1)
        self.fail_with(1, "frobnicate")
        self.fail_with(1, "ps", "--format", "xml")
        self.fail_with(1, "create", "--memory", "-5")
        self.fail_with(1, "create", "--cpus", "1.5")
        self.fail_with(1, "create", "--label", "no-value")
        self.fail_with(1, "ps", "--filter", "colour=red")
        self.fail_with(1, "ps", "--filter", "state=sleepy")
        self.fail_with(1, "events", "--since", "yesterday")
        self.fail_with(1, "completion", "tcsh")
        self.fail_with(125, "run", "--rm")
        self.fail_with(125, "run", "--rm", "--")
        self.fail_with(125, "run", "--rm", "-d", "--", "true")
        self.fail_with(125, "run", "-e", "=x", "--", "true")
        self.fail_with(125, "exec", "box")
        self.assertIn("no image 'debian'", self.fail_with(125, "run", "--rm", "debian"))
        self.assertIn("-t", self.fail_with(125, "run", "--rm", "-it", "--", "true"))

    def test_a_directory_that_is_not_there(self):
        self.fail_with(125, "run", "--rm", "-w", "/nowhere", "--", "true")
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_help_is_no_error(self):
        for words in (("--help",), ("run", "--help"), ("host", "info", "--help")):
            self.assertIn("Usage", self.succeed(*words))


if __name__ == "__main__":
    unittest.main()
