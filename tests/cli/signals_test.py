"""Signals to hcsctl without a terminal, and what becomes of its container."""

import fcntl
import os
import signal
import struct
import termios
import unittest

from daemon import DaemonTestCase, eventually, long_sleep, processes_with, sleeps


def sleeping(seconds):
    return " ".join(long_sleep(seconds))


def notices_ctrl_c(name):
    """A script that says so and goes on; `name` is on its command line."""
    return f"trap 'echo caught' INT; echo begun; while :; do sleep 0.05; done # {name}"


def unread(pipe):
    """Bytes that wait in the pipe."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


class Signals(DaemonTestCase):
    def started(self, *words):
        """hcsctl once its process has said `begun`."""
        process = self.daemon.popen(*words)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.assertEqual(process.stdout.readline(), b"begun\n")
        return process

    def interrupt_twice(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.stdout.readline(), b"caught\n")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)

    def test_ctrl_c_is_passed_on(self):
        process = self.started("run", "--rm", "--", "sh", "-c", f"echo begun; exec {sleeping(2001)}")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)
        self.assertEqual(self.succeed("ps", "-q"), "")
        self.assertEqual(sleeps(2001), [])

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
                                       f"trap '' TERM HUP; echo begun; {sleeping(2002)}")
                process.send_signal(number)
                self.assertEqual(process.wait(30), 128 + number)
                self.assertEqual(self.succeed("ps", "-q"), "")
                eventually(lambda: not sleeps(2002), "sleep has ended")

    def test_a_second_signal_leaves_the_process(self):
        self.running_container("box")
        name = f"left-by-{os.getpid()}"
        self.interrupt_twice(self.started("exec", "box", "--", "sh", "-c", notices_ctrl_c(name)))
        self.assertNotEqual(processes_with(name), [])

    def test_a_second_signal_removes_the_container_all_the_same(self):
        name = f"removed-with-{os.getpid()}"
        self.interrupt_twice(self.started("run", "--rm", "--", "sh", "-c", notices_ctrl_c(name)))
        self.assertEqual(self.succeed("ps", "-q"), "")
        eventually(lambda: not processes_with(name), "the process has ended")

    def test_a_stuck_reader_does_not_keep_hcsctl(self):
        self.running_container("stuck")
        name = f"stuck-for-ever-{os.getpid()}"
        process = self.started("exec", "stuck", "--", "sh", "-c", f"echo begun; exec yes {name}")
        eventually(lambda: unread(process.stdout) > 60000, "hcsctl's stdout is full")
        process.send_signal(signal.SIGTERM)
        # What it has written already still waits for the reader of hcsctl's stdout.
        eventually(lambda: not processes_with("yes\0" + name), "yes has ended")
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 130)

    def test_a_watcher_leaves_at_the_first_signal_and_harms_nobody(self):
        self.running_container("seen")
        pid = self.succeed("exec", "-d", "seen", "--", "sh", "-c",
                           f"echo begun; {sleeping(2005)}").strip()
        watcher = self.started("attach", "--no-stdin", "seen", pid)
        watcher.send_signal(signal.SIGTERM)
        self.assertEqual(watcher.wait(30), 128 + signal.SIGTERM)
        self.assertNotEqual(sleeps(2005), [])


if __name__ == "__main__":
    unittest.main()
