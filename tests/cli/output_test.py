"""Tables for people, JSON for scripts."""

import json
import subprocess
import unittest

from daemon import BIN, DaemonTestCase


class Output(DaemonTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.hcsctl("create", "--name", "a", "--label", "tier=web", "--owner", "me")
        cls.daemon.hcsctl("create", "--name", "b", "--label", "tier=db")
        cls.daemon.hcsctl("start", "a")
        cls.pid = cls.daemon.hcsctl("exec", "-d", "a", "--", "sleep", "4001").stdout.decode().strip()

    def json(self, *words):
        return json.loads(self.succeed(*words, "--format", "json"))

    def test_ps(self):
        table = self.succeed("ps").splitlines()
        self.assertEqual(table[0].split(), ["ID", "STATE", "OWNER", "CREATED", "PROCESSES",
                                            "LABELS"])
        self.assertEqual(table[1].split()[:3], ["a", "running", "me"])
        self.assertEqual(table[2].split()[:3], ["b", "created", "hcsctl"])
        document = self.json("ps")
        self.assertEqual([c["id"] for c in document], ["a", "b"])
        self.assertEqual(document[0]["labels"], {"tier": "web"})
        self.assertEqual(document[0]["state"], "CONTAINER_STATE_RUNNING")

    def test_ps_of_nothing_is_an_empty_array(self):
        self.assertEqual(self.json("ps", "--filter", "state=paused"), [])

    def test_ps_filters(self):
        self.assertEqual(self.succeed("ps", "-q", "--filter", "state=running"), "a\n")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "state=running", "--filter",
                                      "state=created"), "a\nb\n")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "label=tier"), "a\nb\n")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "label=tier=db"), "b\n")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "owner=me"), "a\n")
        self.assertEqual(self.succeed("ps", "-q", "--filter", "id=b"), "b\n")

    def test_processes_of_a_container(self):
        for words in (("ps", "a"), ("top", "a")):
            self.assertRegex(self.succeed(*words), rf"(?m)^{self.pid} +sleep .* sleep 4001$")
            self.assertIn(int(self.pid), [p["ProcessId"] for p in self.json(*words)])
        self.assertEqual(self.succeed("ps", "-q", "a"), f"{self.pid}\n")

    def test_inspect(self):
        document = json.loads(self.succeed("inspect", "a"))
        self.assertEqual(document["id"], "a")
        self.assertEqual(document["processes"][0]["commandLine"], "sleep 4001")
        self.assertEqual(document["properties"]["State"], "Running")

    def test_stats(self):
        table = self.succeed("stats", "--no-stream").splitlines()
        self.assertEqual(table[0].split()[:3], ["ID", "CPU", "MEMORY"])
        self.assertRegex(table[1], r"^a +\d+\.\d%")
        document = self.json("stats", "--no-stream", "a")
        self.assertEqual(document[0]["id"], "a")
        self.assertIsInstance(document[0]["statistics"]["Memory"]["MemoryUsageCommitBytes"], int)

    def test_stats_stream_one_a_line_until_nobody_reads(self):
        process = self.daemon.popen("stats", "--format", "json", "--interval", "0.1", "a")
        uptimes = [json.loads(process.stdout.readline())["statistics"]["Uptime100ns"]
                   for _ in range(3)]
        self.assertEqual(uptimes, sorted(set(uptimes)))
        process.stdout.close()
        self.assertEqual(process.wait(30), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stdin.close()
        process.stderr.close()

    def test_stats_end_with_the_container(self):
        self.running_container("short")
        process = self.daemon.popen("stats", "--interval", "0.1", "short")
        process.stdout.readline()
        self.succeed("kill", "short")
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)

    def test_events(self):
        ran = self.hcsctl("run", "--rm", "--name", "told", "--", "sh", "-c", "exit 3")
        self.assertEqual(ran.returncode, 3)
        lines = self.succeed("events", "--no-follow", "--filter", "container=told").splitlines()
        self.assertEqual([line.split()[2] for line in lines],
                         ["container-created", "container-started", "process-started",
                          "process-exited", "container-exited", "container-closed"])
        self.assertIn("exit code 3", lines[3])
        documents = [json.loads(line) for line in
                     self.succeed("events", "--no-follow", "--format", "json", "--filter",
                                  "type=process-exited", "--filter",
                                  "container=told").splitlines()]
        self.assertEqual([d["event"]["processExit"]["exitCode"] for d in documents], [3])
        after = documents[0]["event"]["sequence"]
        rest = self.succeed("events", "--no-follow", "--since", str(after), "--filter",
                            "container=told").splitlines()
        self.assertEqual([line.split()[2] for line in rest],
                         ["container-exited", "container-closed"])

    def test_events_follow(self):
        process = self.daemon.popen("events", "--since", "all", "--filter", "owner=follower")
        self.succeed("create", "--name", "followed", "--owner", "follower")
        self.assertIn(b"container-created  followed", process.stdout.readline())
        self.succeed("rm", "-f", "followed")
        self.assertIn(b"container-exited  followed", process.stdout.readline())
        process.kill()
        process.communicate()

    def test_host(self):
        self.assertRegex(self.succeed("host", "info"), r"(?m)^host +emulated$")
        self.assertEqual(self.json("host", "info")["hostKind"], "emulated")
        self.assertRegex(self.succeed("host", "diagnose"), r"(?m)^containers +\d+$")
        self.assertGreater(self.json("host", "diagnose")["residentBytes"], 0)

    def test_version(self):
        self.assertRegex(self.succeed("version"), r"^hcsctl \d+\.\d+\.\d+\nhcsd \S+\n$")
        self.assertEqual(set(self.json("version")), {"client", "daemon"})

    def test_completion_knows_the_commands_and_ids(self):
        script = self.succeed("completion", "bash")
        for words in ("st", "rm ''", "rm --f", "network r", "network create --gat", "host i"):
            script += (f"COMP_WORDS=(hcsctl {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
                       '_hcsctl; echo "${COMPREPLY[@]}"\n')
        environment = dict(self.daemon.environment, PATH=BIN + ":" + self.daemon.environment["PATH"])
        shown = subprocess.run(["bash", "-c", script], env=environment, capture_output=True,
                               timeout=30, check=True).stdout.decode().splitlines()
        self.assertEqual(shown[0].split(), ["start", "stop", "stats"])
        self.assertTrue({"a", "b"} <= set(shown[1].split()))
        self.assertEqual(shown[2].split(), ["--force"])
        self.assertEqual([line.split() for line in shown[3:6]], [["rm"], ["--gateway"], ["info"]])
        for shell in ("zsh", "fish"):
            self.assertIn("hcsctl", self.succeed("completion", shell))


if __name__ == "__main__":
    unittest.main()
