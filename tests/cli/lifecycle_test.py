"""A container's life by hcsctl's commands."""

import json
import os
import time
import unittest

from daemon import DaemonTestCase


class Lifecycle(DaemonTestCase):
    def state(self, container):
        return json.loads(self.succeed("inspect", container))["state"]

    def test_from_create_to_rm(self):
        self.assertEqual(self.succeed("create", "--name", "life"), "life\n")
        self.assertEqual(self.state("life"), "CONTAINER_STATE_CREATED")
        self.assertEqual(self.succeed("start", "life"), "life\n")
        self.assertEqual(self.state("life"), "CONTAINER_STATE_RUNNING")
        self.assertEqual(self.succeed("pause", "life"), "life\n")
        self.assertEqual(self.state("life"), "CONTAINER_STATE_PAUSED")
        self.assertEqual(self.succeed("resume", "life"), "life\n")
        self.assertEqual(self.succeed("stop", "life"), "life\n")
        self.assertEqual(self.state("life"), "CONTAINER_STATE_STOPPED")
        self.assertEqual(self.succeed("rm", "life"), "life\n")
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_rm_of_a_running_one_needs_force(self):
        self.running_container("busy")
        self.assertIn("rm -f", self.fail_with(1, "rm", "busy"))
        self.assertEqual(self.state("busy"), "CONTAINER_STATE_RUNNING")
        self.assertEqual(self.succeed("rm", "-f", "busy"), "busy\n")
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_rm_of_one_that_never_ran(self):
        self.succeed("create", "--name", "idle")
        self.succeed("rm", "idle")
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_rm_goes_on_after_a_failure(self):
        self.succeed("create", "--name", "there")
        result = self.hcsctl("rm", "not-there", "there")
        self.assertEqual((result.returncode, result.stdout), (1, b"there\n"))
        self.assertIn(b"not-there", result.stderr)

    def test_pause_stops_the_output(self):
        self.running_container("beat")
        process = self.daemon.popen("exec", "beat", "--", "sh", "-c",
                                    "while :; do echo beat; sleep 0.01; done")
        process.stdout.readline()
        self.succeed("pause", "beat")
        os.set_blocking(process.stdout.fileno(), False)
        while process.stdout.read(65536):
            time.sleep(0.05)
        time.sleep(0.2)
        self.assertIsNone(process.stdout.read(1))
        os.set_blocking(process.stdout.fileno(), True)
        self.succeed("resume", "beat")
        self.assertIn(b"beat", process.stdout.readline())
        process.kill()
        process.communicate()

    def test_stop_terminates_what_does_not_listen(self):
        self.running_container("deaf")
        self.succeed("exec", "-d", "deaf", "--", "sh", "-c", "trap '' TERM HUP INT; sleep 3001")
        begin = time.monotonic()
        self.succeed("stop", "--timeout", "0.2", "deaf")
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(self.state("deaf"), "CONTAINER_STATE_STOPPED")

    def test_stop_of_a_stopped_one_and_of_one_that_never_ran(self):
        self.running_container("done")
        self.succeed("stop", "done")
        self.succeed("stop", "done")
        self.succeed("create", "--name", "never")
        self.addCleanup(self.hcsctl, "rm", "-f", "never")
        self.succeed("stop", "never")
        self.assertEqual(self.state("never"), "CONTAINER_STATE_STOPPED")

    def test_kill_of_a_container_and_wait_for_it(self):
        self.running_container("victim")
        waiter = self.daemon.popen("wait", "victim")
        self.assertIn("--timeout", self.daemon.hcsctl("wait", "--help").stdout.decode())
        self.assertIn("has not exited", self.fail_with(1, "wait", "--timeout", "0.1", "victim"))
        self.succeed("kill", "victim")
        out, err = waiter.communicate(timeout=30)
        self.assertEqual((waiter.returncode, err), (0, b""))
        self.assertEqual(out.decode().strip(), "ForcedExit")

    def test_kill_and_wait_for_a_process(self):
        self.running_container("box")
        pid = self.succeed("exec", "-d", "box", "--", "sleep", "3002").strip()
        self.succeed("kill", "box", "-p", pid)
        self.assertEqual(self.succeed("wait", "box", "-p", pid), "1067\n")
        pid = self.succeed("exec", "-d", "box", "--", "sleep", "3003").strip()
        self.succeed("kill", "box", "-p", pid, "--signal", "USR1")
        self.assertEqual(self.succeed("wait", "box", "-p", pid), f"{128 + 10}\n")
        pid = self.succeed("exec", "-d", "box", "--", "sleep", "3004").strip()
        self.succeed("kill", "box", "-p", pid, "-s", "CtrlC")
        self.assertEqual(self.succeed("wait", "box", "-p", pid), f"{0xC000013A}\n")
        self.assertIn("name it with -p", self.fail_with(1, "kill", "box", "-s", "TERM"))
        self.assertEqual(self.state("box"), "CONTAINER_STATE_RUNNING")

    def test_create_from_a_document(self):
        document = {"Owner": "me", "SchemaVersion": {"Major": 2, "Minor": 1},
                    "Container": {"Memory": {"SizeInMB": 64}}}
        self.succeed("create", "--name", "doc2", "--document", "-",
                     input=json.dumps(document).encode())
        self.addCleanup(self.hcsctl, "rm", "-f", "doc2")
        self.assertEqual(json.loads(self.succeed("inspect", "doc2"))["owner"], "me")
        path = os.path.join(self.daemon.state, "one.json")
        with open(path, "w", encoding="ascii") as file:
            json.dump({"SystemType": "Container", "Owner": "you"}, file)
        self.succeed("create", "--name", "doc1", "--document", path)
        self.addCleanup(self.hcsctl, "rm", "-f", "doc1")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "owner=you"), "doc1\n")

    def test_ids_are_made_up_and_unique(self):
        ids = {self.succeed("create").strip() for _ in range(5)}
        self.assertEqual(len(ids), 5)
        self.assertEqual(set(self.succeed("ps", "-q").split()), ids)
        self.succeed("rm", *ids)

    def test_containers_outlive_the_daemon(self):
        self.running_container("tough")
        pid = self.succeed("exec", "-d", "-i", "--output", "block", "tough", "--", "sh",
                           "-c", "echo before; read line; echo $line; exit 8").strip()
        self.daemon.kill()
        self.daemon.start()
        self.assertEqual(self.state("tough"), "CONTAINER_STATE_RUNNING")
        result = self.hcsctl("attach", "tough", pid, input=b"after\n")
        self.assertEqual((result.stdout, result.returncode), (b"before\nafter\n", 8))


if __name__ == "__main__":
    unittest.main()
