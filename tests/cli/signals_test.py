"""Signals to hcsctl without a terminal, and what becomes of its container."""

import signal
import unittest

from daemon import DaemonTestCase, eventually, processes_with

# A signal that comes while hcsctl is on its way out, its handlers gone, ends it by itself: the
# same to a shell.
LEFT = (130, -signal.SIGINT)


class Signals(DaemonTestCase):
    def started(self, *words):
        """hcsctl once its process has said `begun`."""
        process = self.daemon.popen(*words)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.assertEqual(process.stdout.readline(), b"begun\n")
        return process

    def test_ctrl_c_is_passed_on(self):
        process = self.started("run", "--rm", "--", "sh", "-c", "echo begun; exec sleep 2001")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual(self.succeed("ps", "-q"), "")
        self.assertEqual(processes_with("sleep\0" + "2001"), [])

    def test_a_process_may_take_ctrl_c_its_own_way(self):
        process = self.started("run", "--rm", "--", "sh", "-c",
                               "trap 'echo caught; exit 3' INT; echo begun; "
                               "while :; do sleep 0.05; done")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 3)
        self.assertEqual(process.stdout.read(), b"caught\n")

    def test_term_and_hang_up_end_the_process_and_the_container(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number):
                process = self.started("run", "--rm", "--", "sh", "-c",
                                       "trap '' TERM HUP; echo begun; sleep 2002")
                process.send_signal(number)
                self.assertEqual(process.wait(30), 128 + number)
                self.assertEqual(self.succeed("ps", "-q"), "")
                eventually(lambda: not processes_with("sleep\0" + "2002"), "sleep has ended")

    def test_a_second_signal_leaves_the_process(self):
        self.running_container("box")
        process = self.started("exec", "box", "--", "sh", "-c",
                               "trap '' INT; echo begun; sleep 2003")
        process.send_signal(signal.SIGINT)
        # The first one has been passed on once sh, which ignores it, has it no more pending;
        # that cannot be seen, so the second one may come more than once.
        eventually(lambda: process.send_signal(signal.SIGINT) or process.poll() is not None,
                   "hcsctl has left")
        self.assertIn(process.returncode, LEFT)
        self.assertNotEqual(processes_with("sleep\0" + "2003"), [])

    def test_a_second_signal_removes_the_container_all_the_same(self):
        process = self.started("run", "--rm", "--", "sh", "-c",
                               "trap '' INT; echo begun; sleep 2004")
        eventually(lambda: process.send_signal(signal.SIGINT) or process.poll() is not None,
                   "hcsctl has ended")
        self.assertIn(process.returncode, LEFT)
        self.assertEqual(self.succeed("ps", "-q"), "")
        eventually(lambda: not processes_with("sleep\0" + "2004"), "sleep has ended")

    def test_a_stuck_reader_does_not_keep_hcsctl(self):
        self.running_container("stuck")
        process = self.started("exec", "stuck", "--", "sh", "-c",
                               "trap '' INT; echo begun; yes stuck-for-ever")
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        eventually(lambda: process.send_signal(signal.SIGINT) or process.poll() is not None,
                   "hcsctl has left")

    def test_a_watcher_leaves_at_the_first_signal_and_harms_nobody(self):
        self.running_container("seen")
        pid = self.succeed("exec", "-d", "seen", "--", "sh", "-c",
                           "echo begun; sleep 2005").strip()
        watcher = self.started("attach", "--no-stdin", "seen", pid)
        watcher.send_signal(signal.SIGTERM)
        self.assertEqual(watcher.wait(30), 128 + signal.SIGTERM)
        self.assertNotEqual(processes_with("sleep\0" + "2005"), [])


if __name__ == "__main__":
    unittest.main()
