"""hcsctl -it in a real terminal: like a local program."""

import os
import shutil
import signal
import unittest

from daemon import DaemonTestCase, eventually, long_sleep, sleeps
from terminal import Terminal


class InTerminal(DaemonTestCase):
    def setUp(self):
        self.running_container("box")

    def open(self, *words, **size):
        terminal = Terminal(self.daemon.command(*words), self.daemon.environment, **size)
        self.addCleanup(terminal.close)
        return terminal

    def bash(self, **size):
        terminal = self.open("exec", "-it", "box", "--", "bash", "--norc", "--noprofile", **size)
        # What is typed is shown as well: so it differs from what is waited for.
        terminal.type("PS1='pro''mpt> '\n")
        terminal.expect("prompt> ")
        return terminal

    def test_run_it_like_a_local_bash(self):
        terminal = self.open("run", "--rm", "-it", "--name", "tty", "--", "bash", "--norc",
                             rows=31, columns=97)
        terminal.type("tty; stty size\n")
        terminal.expect(r"/dev/pts/\d+\r\n31 97\r\n")
        terminal.type("exit 9\n")
        self.assertEqual(terminal.wait(), 9)
        self.assertTrue(terminal.is_restored())
        self.assertNotIn("tty", self.succeed("ps", "-q"))

    def test_the_size_follows_the_window(self):
        terminal = self.bash(rows=24, columns=80)
        terminal.type("stty size\n")
        terminal.expect("24 80\r\n")
        terminal.resize(50, 132)
        terminal.type("until [ \"$(stty size)\" = '50 132' ]; do sleep 0.05; done; echo gro''wn\n")
        terminal.expect("grown\r\n")

    def test_a_program_is_told_of_a_new_size(self):
        terminal = self.bash()
        terminal.type("trap 'echo winch:$(stty size)' WINCH; echo trap''ped\n")
        terminal.expect("trapped\r\n")
        terminal.resize(10, 20)
        terminal.type("\n")
        terminal.expect("winch:10 20\r\n")

    def test_ctrl_c_interrupts_the_program_and_not_the_shell(self):
        terminal = self.bash()
        terminal.type(" ".join(long_sleep(1000)) + "\n")
        eventually(lambda: sleeps(1000), "sleep runs")
        terminal.type("\x03")
        terminal.expect("prompt> ")
        terminal.type("echo code:$?\n")
        terminal.expect("code:130\r\n")
        eventually(lambda: not sleeps(1000), "sleep has ended")
        terminal.type("exit 5\n")
        self.assertEqual(terminal.wait(), 5)

    def test_ctrl_d_and_ctrl_z_are_the_program_s(self):
        terminal = self.bash()
        terminal.type(" ".join(long_sleep(1001)) + "\n")
        eventually(lambda: sleeps(1001), "sleep runs")
        terminal.type("\x1a")
        terminal.expect("Stopped.*prompt> ")
        # A job that is still stopped would keep the shell from leaving.
        terminal.type("kill %1; fg; echo clea''red\n")
        terminal.expect("cleared\r\n.*prompt> ")
        terminal.type("\x04")
        self.assertEqual(terminal.wait(), 0)
        self.assertTrue(terminal.is_restored())

    def test_colours_and_utf8_pass(self):
        terminal = self.bash()
        terminal.type("printf '\\033[1;31mred\\033[0m \\303\\274\\n'; echo $TERM\n")
        terminal.expect("\x1b\\[1;31mred\x1b\\[0m ü\r\nxterm-256color\r\n")

    @unittest.skipUnless(shutil.which("vi"), "no vi on this machine")
    def test_vi_opens_edits_and_quits(self):
        path = os.path.join(self.daemon.state, "edited.txt")
        terminal = self.open("exec", "-it", "box", "--", "vi", "-u", "NONE", path)
        terminal.expect("edited.txt")
        terminal.type("ihello from vi\x1b")
        terminal.type(":wq\r")
        self.assertEqual(terminal.wait(), 0)
        with open(path, encoding="ascii") as edited:
            self.assertEqual(edited.read(), "hello from vi\n")
        self.assertTrue(terminal.is_restored())

    def test_ctrl_p_ctrl_q_leaves_it_running(self):
        terminal = self.bash()
        terminal.type("echo pid:$$\n")
        pid = terminal.expect(r"pid:(\d+)\r\n").group(1).decode()
        terminal.type("\x10\x11")
        self.assertEqual(terminal.wait(), 0)
        self.assertTrue(terminal.is_restored())
        again = self.open("attach", "box", pid)
        again.type("echo ba''ck\n")
        again.expect("back\r\n")
        again.type("exit 6\n")
        self.assertEqual(again.wait(), 6)

    def test_the_terminal_is_restored_after_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(signal=number):
                terminal = self.open("exec", "-it", "box", "--", *long_sleep(1002))
                eventually(lambda: sleeps(1002), "sleep runs")
                eventually(lambda t=terminal: not t.is_restored(), "the terminal is raw")
                terminal.process.send_signal(number)
                self.assertEqual(terminal.wait(), 128 + number)
                self.assertTrue(terminal.is_restored())
                eventually(lambda: not sleeps(1002), "sleep has ended")

    def test_the_terminal_is_restored_when_the_daemon_dies(self):
        terminal = self.open("exec", "-it", "box", "--", *long_sleep(1003))
        eventually(lambda: not terminal.is_restored(), "the terminal is raw")
        self.daemon.kill()
        self.assertEqual(terminal.wait(), 125)
        self.assertTrue(terminal.is_restored())
        self.daemon.start()

    def test_a_fast_program_loses_nothing_on_a_terminal(self):
        terminal = self.open("exec", "-it", "box", "--", "seq", "1", "100000")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.shown, b"".join(b"%d\r\n" % i for i in range(1, 100_001)))


if __name__ == "__main__":
    unittest.main()
