"""A pseudo terminal with a program in it, as a person at the keyboard has it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

from daemon import DEADLINE


class Terminal:
    def __init__(self, command, environment, rows=24, columns=80):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""
        self.process = subprocess.Popen(
            command, env=dict(environment, TERM="xterm-256color"), stdin=self.slave,
            stdout=self.slave, stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def expect(self, pattern):
        """Waits until what was shown since the last match holds `pattern`; the match."""
        compiled = re.compile(pattern.encode() if isinstance(pattern, str) else pattern, re.DOTALL)
        end = time.monotonic() + DEADLINE
        while True:
            match = compiled.search(self.shown)
            if match:
                self.shown = self.shown[match.end():]
                return match
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"{pattern!r} was not shown, but {self.shown!r}")
            try:
                self.shown += os.read(self.master, 65536)
            except OSError as gone:
                raise AssertionError(f"the terminal ended with {self.shown!r}") from gone

    def wait(self):
        """The program's exit code, however much it still shows."""
        end = time.monotonic() + DEADLINE
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError(f"it did not end; shown: {self.shown!r}")
            self._read(0.01)
        while self._read(0):
            pass
        return self.process.returncode

    def _read(self, seconds):
        ready = select.select([self.master], [], [], seconds)[0]
        if ready:
            self.shown += os.read(self.master, 65536)
        return bool(ready)

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.slave)
        os.close(self.master)
