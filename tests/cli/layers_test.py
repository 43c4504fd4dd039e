"""hcsctl layer: layers and their tars."""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile
import unittest

from daemon import BIN, DEADLINE, DaemonTestCase
from terminal import Terminal


def windows_tar(files):
    """A Windows layer's tar, made by a tool that is not ours; a name that ends with / is a
    directory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name.rstrip("/"))
            member.mtime = 1_700_000_000
            directory = name.endswith("/")
            member.type = tarfile.DIRTYPE if directory else tarfile.REGTYPE
            member.pax_headers = {"MSWINDOWS.fileattr": "16" if directory else "32"}
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


BASE = {"Files/": b"", "Files/Windows/": b"", "Files/Windows/win.ini": b"[fonts]\r\n",
        "Files/hello.txt": b"hello"}


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def content_of(tar):
    with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
        return {member.name + ("/" if member.isdir() else ""):
                archive.extractfile(member).read() if member.isfile() else b""
                for member in archive}


class Layers(DaemonTestCase):
    def setUp(self):
        self.home = os.path.join(self.daemon.state, self._testMethodName)
        os.mkdir(self.home)
        self.daemon.environment["HCSD_LAYERS"] = self.home

    def write(self, name, content):
        path = os.path.join(self.home, name)
        with open(path, "wb") as file:
            file.write(content)
        return path

    def json(self, *words, **options):
        return json.loads(self.succeed(*words, "--format", "json", **options))

    def test_a_tar_in_and_out(self):
        tar = windows_tar(BASE)
        path = self.write("base.tar", tar)
        told = self.succeed("layer", "import", path, "base")
        self.assertEqual(told, f"base: 4 entries, 10.0 KiB, diff id {digest(tar)}\n")
        with open(os.path.join(self.home, "base/Files/hello.txt"), "rb") as file:
            self.assertEqual(file.read(), b"hello")
        self.assertEqual(content_of(self.hcsctl("layer", "export", "base").stdout), BASE)
        out = os.path.join(self.home, "out.tar.gz")
        summary = self.json("layer", "export", "base", "-o", out, "-c", "gzip", "--level", "1")
        with open(out, "rb") as file:
            packed = file.read()
        self.assertEqual(summary["digest"], digest(packed))
        self.assertEqual(summary["diffId"], digest(gzip.decompress(packed)))
        self.assertEqual(content_of(gzip.decompress(packed)), BASE)
        self.assertEqual(os.listdir(self.home).count("out.tar.gz.new"), 0)

    def test_from_a_pipe_and_there_already(self):
        tar = windows_tar(BASE)
        packed = gzip.compress(tar)
        words = ("layer", "import", "-", "base", "--diff-id", digest(tar), "--digest",
                 digest(packed))
        document = self.json(*words, input=packed)
        self.assertEqual((document["digest"], document["diffId"]), (digest(packed), digest(tar)))
        self.assertEqual(document["layer"]["kind"], "LAYER_KIND_READ_ONLY")
        self.assertEqual(self.succeed(*words, input=b""), "base: there already\n")
        self.assertIn("ALREADY_EXISTS", self.fail_with(1, "layer", "import", "-", "base",
                                                       input=packed))

    def test_what_is_wrong_is_said_and_leaves_nothing(self):
        tar = windows_tar(BASE)
        other = digest(b"other")
        error = self.fail_with(1, "layer", "import", "-", "base", "--digest", other, input=tar)
        self.assertIn(other, error)
        self.assertIn(digest(tar), error)
        self.fail_with(1, "layer", "import", "-", "base", input=tar[:1500])
        escape = windows_tar({"Files/../../etc/passwd": b"x"})
        self.assertIn("etc\\passwd", self.fail_with(1, "layer", "import", "-", "base",
                                                    input=escape))
        self.assertIn("/nowhere", self.fail_with(1, "layer", "import", "/nowhere", "base"))
        self.assertIn("nope", self.fail_with(1, "layer", "export", "nope"))
        self.assertIn("nope", self.fail_with(1, "layer", "inspect", "nope"))
        self.assertIn("a size is", self.fail_with(1, "layer", "expand", "nope", "20X"))
        self.assertEqual(os.listdir(self.home), [])

    def test_the_life_of_a_sandbox(self):
        self.succeed("layer", "import", "-", "base", input=windows_tar(BASE))
        self.assertEqual(self.succeed("layer", "sandbox", "box", "-p", "base"), "box\n")
        table = self.succeed("layer", "ls").splitlines()
        self.assertEqual(table[0].split(), ["LAYER", "KIND", "STATE", "PARENTS", "USED", "BY"])
        self.assertEqual(table[1].split(), ["base", "read-only", "inactive", "0", "box"])
        self.assertEqual(table[2].split(), ["box", "sandbox", "inactive", "1"])
        self.assertEqual(self.succeed("layer", "ls", "-q"), "base\nbox\n")
        self.assertIn("SIZE", self.succeed("layer", "ls", "--size"))
        self.assertEqual([layer["id"] for layer in self.json("layer", "ls")], ["base", "box"])
        self.assertIn("box", self.fail_with(1, "layer", "rm", "base"))
        self.succeed("layer", "activate", "box")
        self.assertRegex(self.succeed("layer", "mount-path", "box"), r"^\\\\\?\\Volume\{")
        self.assertEqual(json.loads(self.succeed("layer", "inspect", "box"))["state"],
                         "LAYER_STATE_ACTIVE")
        self.assertEqual(self.succeed("layer", "expand", "box", "20G"), "box\n")
        prepared = self.hcsctl("layer", "prepare", "box")
        if prepared.returncode == 0:
            self.addCleanup(self.hcsctl, "layer", "unprepare", "box")
            mount = os.path.join(self.home, "box/mount")
            with open(os.path.join(mount, "hello.txt"), "ab") as file:
                file.write(b" world")
            os.remove(os.path.join(mount, "Windows/win.ini"))
            self.succeed("layer", "unprepare", "box")
            changed = content_of(self.hcsctl("layer", "export", "box").stdout)
            self.assertEqual(changed["Files/hello.txt"], b"hello world")
            self.assertIn("Files/Windows/.wh.win.ini", changed)
        else:
            self.assertIn("root's rights", prepared.stderr.decode())
        self.succeed("layer", "deactivate", "box")
        self.assertEqual(self.succeed("layer", "rm", "box", "base"), "box\nbase\n")
        self.assertEqual(self.succeed("layer", "ls", "-q"), "")

    def test_by_full_path_and_empty(self):
        path = os.path.join(self.home, "empty")
        self.succeed("layer", "create", path)
        self.assertTrue(os.path.isdir(os.path.join(path, "Files")))
        self.assertEqual(json.loads(self.succeed("layer", "inspect", path))["path"], path)
        self.assertRegex(self.succeed("layer", "name-to-guid", "empty"), r"^[0-9a-f-]{36}\n$")
        self.succeed("layer", "rm", path)
        self.assertIn("--home", self.fail_with(1, "layer", "ls", "--home", ""))

    def test_progress_on_a_terminal(self):
        path = self.write("large.tar", windows_tar({"Files/": b"", "Files/large": bytes(30 << 20)}))
        terminal = Terminal(self.daemon.command("layer", "import", path, "base"),
                            self.daemon.environment)
        terminal.expect(r"importing base \[[=> ]*\] +\d+%  [\d.]+ \S+ of 30.0 MiB")
        # The line goes before what is told.
        terminal.expect(r"\r\x1b\[Kbase: 2 entries, 30.0 MiB, diff id sha256:")
        self.assertEqual(terminal.wait(), 0)

    def test_completion_knows_the_layers(self):
        self.succeed("layer", "create", "completed")
        script = self.succeed("completion", "bash")
        for words in ("layer ''", "layer rm ''", "layer import --di"):
            script += (f"COMP_WORDS=(hcsctl {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
                       '_hcsctl; echo "${COMPREPLY[@]}"\n')
        environment = dict(self.daemon.environment, PATH=BIN + ":" + os.environ["PATH"])
        shown = subprocess.run(["bash", "-c", script], env=environment, capture_output=True,
                               timeout=DEADLINE, check=True).stdout.decode().splitlines()
        self.assertTrue({"import", "export", "ls", "rm"} <= set(shown[0].split()))
        self.assertIn("completed", shown[1].split())
        self.assertEqual(shown[2].split(), ["--digest", "--diff-id"])


if __name__ == "__main__":
    unittest.main()
