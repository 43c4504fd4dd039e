"""Much data through exec -i cat, with a slow second watcher: nothing lost, nothing grows.

HCSD_CLI_MIB says how much (64 without it; the issue's figure is 1024)."""

import hashlib
import json
import os
import threading
import time
import unittest

from daemon import DaemonTestCase, eventually

MIB = 1 << 20
SIZE = int(os.environ.get("HCSD_CLI_MIB", "64")) * MIB
PIECE = os.urandom(MIB)


class Throughput(DaemonTestCase):
    def test_sha256_with_a_slow_watcher_attached(self):
        self.running_container("box")
        process = self.daemon.popen("exec", "-i", "box", "--", "cat")
        cat = eventually(self.running_cat, "cat runs")
        watcher = self.daemon.popen("attach", "--no-stdin", "box", cat)
        eventually(lambda: '"attachedClients":2' in self.succeed("inspect", "box",
                                                                      "--format", "json"),
                   "the watcher is attached")
        before = self.daemon.resident_kib()
        sums = {}
        peak = [0]
        began = time.monotonic()
        threads = [threading.Thread(target=self.feed, args=(process.stdin, sums)),
                   threading.Thread(target=self.drain, args=("owner", process.stdout, 0, sums)),
                   threading.Thread(target=self.drain, args=("watcher", watcher.stdout, 1, sums))]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            peak[0] = max(peak[0], self.daemon.resident_kib())
            time.sleep(0.05)
        seconds = time.monotonic() - began
        self.assertEqual((process.wait(30), watcher.wait(30)), (0, 0))
        self.assertEqual(sums["owner"], sums["sent"])
        self.assertEqual(sums["watcher"], sums["sent"])
        self.assertLess(peak[0] - before, 64 << 10)
        print(f"{SIZE // MIB} MiB in {seconds:.1f} s with a slow watcher; "
              f"hcsd's memory at most {peak[0] // 1024} MiB")
        for stream in (process.stdout, process.stderr, watcher.stdin, watcher.stdout,
                       watcher.stderr):
            stream.close()

    def test_alone(self):
        self.running_container("fast")
        process = self.daemon.popen("exec", "-i", "fast", "--", "cat")
        sums = {}
        began = time.monotonic()
        feeder = threading.Thread(target=self.feed, args=(process.stdin, sums))
        feeder.start()
        self.drain("owner", process.stdout, 0, sums)
        feeder.join()
        seconds = time.monotonic() - began
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(sums["owner"], sums["sent"])
        print(f"{SIZE // MIB} MiB in {seconds:.2f} s: {SIZE / MIB / seconds:.0f} MiB/s")
        process.stdout.close()
        process.stderr.close()

    def running_cat(self):
        for item in json.loads(self.succeed("inspect", "box"))["processes"]:
            if item["commandLine"] == "cat":
                return str(item["processId"])
        return None

    @staticmethod
    def feed(stream, sums):
        digest = hashlib.sha256()
        for _ in range(SIZE // MIB):
            digest.update(PIECE)
            stream.write(PIECE)
        stream.close()
        sums["sent"] = digest.hexdigest()

    @staticmethod
    def drain(name, stream, pauses, sums):
        """Reads all of it; a slow reader pauses for a millisecond every MiB or so."""
        digest = hashlib.sha256()
        while piece := stream.read1(MIB if pauses else 4 * MIB):
            digest.update(piece)
            if pauses:
                time.sleep(0.001 * pauses)
        sums[name] = digest.hexdigest()


if __name__ == "__main__":
    unittest.main()
