"""A daemon of the test's own, and hcsctl speaking to it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BIN = os.environ.get("HCSD_BIN") or os.path.abspath(
    os.path.join(os.path.dirname(__file__), "../../build/linux/bin"))
HCSCTL = os.path.join(BIN, "hcsctl")

# Far more than anything here takes: it ends what hangs.
DEADLINE = 60.0


def eventually(condition, what):
    """Polls until `condition` holds, and returns what it gave."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"it did not come to this within {DEADLINE} s: {what}")


def workers_of(state):
    """Processes of the emulated host that have a file of the state folder open."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/comm", encoding="ascii") as comm:
                if comm.read() != "hcs-worker\n":
                    continue
            folder = f"/proc/{entry}/fd"
            if any(os.readlink(f"{folder}/{fd}").startswith(state) for fd in os.listdir(folder)):
                found.append(int(entry))
        except (OSError, UnicodeDecodeError):
            continue
    return found


def long_sleep(seconds):
    """The words of a sleep that no other program of this machine has: see sleeps."""
    return ["sleep", f"{seconds}.{os.getpid()}"]


def sleeps(seconds):
    """The processes that execute it."""
    return processes_with("\0".join(long_sleep(seconds)))


def processes_with(text):
    """Those whose command line holds `text`, this one left out."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/cmdline", "rb") as cmdline:
                if text.encode() in cmdline.read():
                    found.append(int(entry))
        except OSError:
            continue
    return found


class Daemon:
    def __init__(self):
        # Short: a Unix socket's path has a limit.
        self.state = tempfile.mkdtemp(prefix="hcs-cli-", dir="/tmp")
        self.socket = os.path.join(self.state, "hcsd.sock")
        self.address = f"unix://{self.socket}"
        self.environment = dict(os.environ, HCSD_ADDRESS=self.address)
        self.process = None
        self.start()

    def start(self):
        with open(os.path.join(self.state, "hcsd.log"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(BIN, "hcsd"), "--listen", self.address, "--state", self.state,
                 "--host", "emulated"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(self._listens, "hcsd listens")

    def _listens(self):
        if self.process.poll() is not None:
            with open(os.path.join(self.state, "hcsd.log"), encoding="utf-8") as log:
                raise AssertionError(f"hcsd ended at once:\n{log.read()}")
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def command(self, *words):
        return [HCSCTL, *words]

    def hcsctl(self, *words, **options):
        """Runs hcsctl to its end, with captured streams as bytes."""
        if "input" not in options:
            options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(self.command(*words), env=self.environment, capture_output=True,
                              timeout=DEADLINE, check=False, **options)

    def popen(self, *words, **options):
        for stream in ("stdin", "stdout", "stderr"):
            options.setdefault(stream, subprocess.PIPE)
        return subprocess.Popen(self.command(*words), env=self.environment, **options)

    def resident_kib(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
        return 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Ends everything; returns the workers that outlived their containers' removal."""
        ids = self.hcsctl("ps", "-q").stdout.decode().split("\n")
        for container in filter(None, ids):
            self.hcsctl("rm", "-f", container)
        self.process.terminate()
        try:
            self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self.kill()
        # A worker that has told its end may still be on its way out.
        end = time.monotonic() + 5
        while workers_of(self.state) and time.monotonic() < end:
            time.sleep(0.01)
        left = workers_of(self.state)
        for worker in left:
            os.kill(worker, signal.SIGKILL)
        shutil.rmtree(self.state, ignore_errors=True)
        return left


class DaemonTestCase(unittest.TestCase):
    """One daemon for the cases of a class; each makes containers of its own."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()

    @classmethod
    def tearDownClass(cls):
        left = cls.daemon.stop()
        assert not left, f"workers were left: {left}"

    def hcsctl(self, *words, **options):
        return self.daemon.hcsctl(*words, **options)

    def succeed(self, *words, **options):
        """hcsctl's stdout, as text."""
        result = self.hcsctl(*words, **options)
        self.assertEqual(result.returncode, 0, result.stderr.decode())
        return result.stdout.decode()

    def fail_with(self, code, *words, **options):
        """hcsctl's only line on stderr."""
        result = self.hcsctl(*words, **options)
        error = result.stderr.decode()
        self.assertEqual(result.returncode, code, error)
        self.assertTrue(error.startswith("hcsctl: ") and error.count("\n") == 1, error)
        return error

    def running_container(self, name):
        self.succeed("create", "--name", name)
        self.succeed("start", name)
        self.addCleanup(self.hcsctl, "rm", "-f", name)
        return name
