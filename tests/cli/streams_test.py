"""Exit codes and streams of run and exec."""

import hashlib
import json
import os
import threading
import unittest

from daemon import DaemonTestCase, eventually, processes_with


class Run(DaemonTestCase):
    def test_both_streams_and_the_exit_code_are_the_process_own(self):
        result = self.hcsctl("run", "--rm", "--", "cmd", "/c",
                             "echo out & echo err 1>&2 & exit 7")
        self.assertEqual(result.stdout, b"out\n")
        self.assertEqual(result.stderr, b"err\n")
        self.assertEqual(result.returncode, 7)
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_words_arrive_as_they_were_given(self):
        words = ["", "a b", 'q"uote', "back\\slash\\", "*", "$HOME", "ü", "--help", "tab\tline\nend"]
        out = self.succeed("run", "--rm", "--", "printf", "%s\\0", *words)
        self.assertEqual(out.split("\0")[:-1], words)

    def test_environment_and_working_directory(self):
        self.daemon.environment["FROM_HERE"] = "taken"
        out = self.succeed("run", "--rm", "-e", "A=1=2", "-e", "FROM_HERE", "-e", "NOT_SET_HERE",
                           "-w", "/tmp", "--", "sh", "-c",
                           'echo "$A $FROM_HERE ${NOT_SET_HERE-unset}"; pwd')
        self.assertEqual(out, "1=2 taken unset\n/tmp\n")

    def test_without_rm_the_container_stays(self):
        self.succeed("run", "--name", "stays", "--label", "k=v", "--", "true")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "label=k=v"), "stays\n")
        self.succeed("rm", "-f", "stays")

    def test_rm_removes_after_a_failure_to_start(self):
        error = self.fail_with(127, "run", "--rm", "--", "no-such-program-here")
        self.assertIn("ERROR_FILE_NOT_FOUND", error)
        self.assertEqual(self.succeed("ps", "-q"), "")

    def test_what_is_not_executable_is_126(self):
        self.fail_with(126, "run", "--rm", "--", "/etc/passwd")

    def test_exit_codes_above_255_are_255(self):
        self.assertEqual(self.hcsctl("run", "--rm", "--", "sh", "-c", "kill -9 $$").returncode,
                         128 + 9)
        self.assertEqual(self.hcsctl("run", "--rm", "--", "sh", "-c", "exit 255").returncode, 255)

    def test_detached_it_runs_on(self):
        self.assertEqual(self.succeed("run", "-d", "--name", "det", "--", "sh", "-c",
                                      "echo hello; read x; echo $x; exit 3"), "det\n")
        self.addCleanup(self.hcsctl, "rm", "-f", "det")
        result = self.hcsctl("attach", "det", self.pid_of("det"))
        self.assertEqual(result.stdout, b"hello\n\n")
        self.assertEqual(result.returncode, 3)

    def pid_of(self, container):
        return str(json.loads(self.succeed("inspect", container))["processes"][0]["processId"])


class Exec(DaemonTestCase):
    def setUp(self):
        self.running_container("box")

    def test_input_ends_where_it_ends(self):
        self.assertEqual(self.succeed("exec", "-i", "box", "--", "tr", "a-z", "A-Z",
                                      input=b"hello\n"), "HELLO\n")
        self.assertEqual(self.succeed("exec", "-i", "box", "--", "cat", input=b""), "")

    def test_without_i_there_is_no_input(self):
        self.assertEqual(self.succeed("exec", "box", "--", "cat"), "")

    def test_bytes_are_bytes(self):
        data = bytes(range(256)) * 4096 + os.urandom(100_001)
        result = self.hcsctl("exec", "-i", "box", "--", "cat", input=data)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(hashlib.sha256(result.stdout).hexdigest(),
                         hashlib.sha256(data).hexdigest())

    def test_a_process_that_ends_first_does_not_wait_for_input(self):
        process = self.daemon.popen("exec", "-i", "box", "--", "sh", "-c", "exit 4")
        self.assertEqual(process.wait(30), 4)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_a_process_that_never_reads_does_not_hold_hcsctl_up(self):
        process = self.daemon.popen("exec", "-i", "box", "--", "sleep", "0.5")
        feeder = threading.Thread(target=self.feed, args=(process.stdin, 32 << 20))
        feeder.start()
        self.assertEqual(process.wait(30), 0)
        feeder.join()
        process.stdout.close()
        process.stderr.close()

    @staticmethod
    def feed(stream, size):
        try:
            stream.write(b"x" * size)
            stream.close()
        except BrokenPipeError:
            pass

    def test_a_closed_stdout_ends_cleanly(self):
        marker = f"yes-for-nobody-{os.getpid()}"
        process = self.daemon.popen("exec", "box", "--", "yes", marker)
        self.assertEqual(process.stdout.readline(), marker.encode() + b"\n")
        process.stdout.close()
        self.assertEqual(process.wait(30), 141)
        self.assertEqual(process.stderr.read(), b"")
        process.stdin.close()
        process.stderr.close()
        # Nobody can read its output any more, so it does not linger.
        eventually(lambda: not processes_with(marker), "yes has ended")

    def test_a_slow_reader_slows_the_process_and_nothing_grows(self):
        before = self.daemon.resident_kib()
        process = self.daemon.popen("exec", "box", "--", "sh", "-c",
                                    "head -c 200000000 /dev/zero; echo done >&2")
        self.assertEqual(len(process.stdout.read(1 << 20)), 1 << 20)
        # Of 200 MB, beside which a sanitizer's own 70 are few.
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            anonymous = next(int(line.split()[1]) for line in status if "RssAnon" in line)
        self.assertLess(anonymous, 128 << 10)
        self.assertLess(self.daemon.resident_kib() - before, 64 << 10)
        rest = 0
        while piece := process.stdout.read(1 << 20):
            rest += len(piece)
        self.assertEqual(rest, 200_000_000 - (1 << 20))
        self.assertEqual(process.stderr.read(), b"done\n")
        self.assertEqual(process.wait(30), 0)
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()

    def test_detached_it_prints_the_pid(self):
        pid = self.succeed("exec", "-d", "-i", "box", "--", "cat").strip()
        process = self.daemon.popen("attach", "box", pid)
        out, err = process.communicate(b"late\n", 30)
        self.assertEqual((out, err, process.returncode), (b"late\n", b"", 0))

    def test_one_owns_stdin_and_the_others_watch(self):
        pid = self.succeed("exec", "-d", "-i", "box", "--", "cat").strip()
        owner = self.daemon.popen("attach", "box", pid)
        watcher = self.daemon.popen("attach", "--no-stdin", "box", pid)
        eventually(lambda: '"attachedClients":2' in self.succeed("inspect", "box", "--format", "json"),
                   "both are attached")
        error = self.fail_with(125, "attach", "box", pid)
        self.assertIn("stdin", error)
        out, _ = owner.communicate(b"for both\n", 30)
        watched, _ = watcher.communicate(timeout=30)
        self.assertEqual((out, watched), (b"for both\n", b"for both\n"))
        self.assertEqual((owner.returncode, watcher.returncode), (0, 0))


if __name__ == "__main__":
    unittest.main()
