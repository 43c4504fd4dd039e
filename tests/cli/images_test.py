"""hcsctl image, and containers of images. The images are made by umoci, and go in and out of
other forms by skopeo: tools that are not ours."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import time
import unittest

from daemon import DaemonTestCase, eventually
from terminal import Terminal

BUSYBOX = "/bin/busybox"
APPLETS = ("cat", "echo", "env", "id", "ln", "ls", "mkdir", "mv", "pwd", "rm", "sh", "sleep",
           "stat", "touch")


def tool(*words):
    """A tool's stdout; its failure is the test's."""
    result = subprocess.run(words, capture_output=True, check=False)
    assert result.returncode == 0, f"{words}: {result.stderr.decode()}"
    return result.stdout.decode()


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def tar_of(members):
    """A tar of (name, content) and TarInfos."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            name, content = member
            info = tarfile.TarInfo(name.rstrip("/"))
            info.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            info.mode = 0o755 if name.endswith("/") else 0o644
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def windows_layer(files):
    members = []
    for name, content in files.items():
        info = tarfile.TarInfo(name.rstrip("/"))
        directory = name.endswith("/")
        info.type = tarfile.DIRTYPE if directory else tarfile.REGTYPE
        info.pax_headers = {"MSWINDOWS.fileattr": "16" if directory else "32"}
        info.size = len(content)
        members.append((info, content))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def oci_archive(layers, configuration, name):
    """An OCI layout as one tar, its index first."""
    configuration = dict(configuration, architecture="amd64",
                         rootfs={"type": "layers", "diff_ids": [digest(x) for x in layers]})
    blobs = []

    def descriptor(kind, content):
        blobs.append((f"blobs/sha256/{digest(content)[7:]}", content))
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": digest(content),
                "size": len(content)}

    manifest = {"schemaVersion": 2,
                "config": descriptor("config.v1+json", json.dumps(configuration).encode()),
                "layers": [descriptor("layer.v1.tar", layer) for layer in layers]}
    listed = descriptor("manifest.v1+json", json.dumps(manifest).encode())
    listed["annotations"] = {"org.opencontainers.image.ref.name": name}
    index = {"schemaVersion": 2, "manifests": [listed]}
    return tar_of([("index.json", json.dumps(index).encode()),
                   ("oci-layout", b'{"imageLayoutVersion":"1.0.0"}'), *blobs])


class ImageTestCase(DaemonTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = os.path.join(cls.daemon.state, "made")
        os.mkdir(cls.folder)

    def tearDown(self):
        for container in self.succeed("ps", "-q").split():
            self.hcsctl("rm", "-f", container)
        for image in self.succeed("image", "ls", "-q").split():
            self.succeed("image", "rm", "-f", image)
        self.assertEqual(os.listdir(self.store("layers")), [], "layers of removed images")
        self.assertEqual(os.listdir(self.store("blobs")), [], "blobs of removed images")
        self.assertEqual(os.listdir(self.store("sandboxes")), [], "sandboxes")
        scratch = os.path.join(self.daemon.state, "daemon", "layer-scratch")
        eventually(lambda: not os.listdir(scratch), "the archives' folders are gone")

    def store(self, name):
        return os.path.join(self.daemon.state, "daemon", "images", name)

    def path(self, name):
        return os.path.join(self.folder, name)

    def images(self):
        return json.loads(self.succeed("image", "ls", "--format", "json"))

    def names(self):
        return sorted(name for image in self.images() for name in image["references"])

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)


class Archives(ImageTestCase):
    """What needs neither other tools nor rights: images of Windows, made here."""

    LAYERS = (windows_layer({"Files/": b"", "Files/Windows/": b"", "Files/a.txt": b"base",
                             "Hives/": b"", "Hives/Sam_Delta": b"hive"}),
              windows_layer({"Files/": b"", "Files/b.txt": b"second"}))
    CONFIGURATION = {"os": "windows", "os.version": "10.0.20348.1",
                     "config": {"Cmd": ["cmd", "/c", "echo hi"], "Env": ["A=1"]}}

    def image(self, name="localhost/win:1", layers=2):
        return oci_archive(self.LAYERS[:layers], self.CONFIGURATION, name)

    def test_a_windows_image_comes_in_and_goes_out_as_it_was(self):
        archive = self.write("win.tar", self.image())
        self.assertEqual(self.succeed("image", "import", archive), "localhost/win:1\n")
        image = json.loads(self.succeed("image", "inspect", "localhost/win:1"))
        self.assertEqual(image["platform"]["os.version"], "10.0.20348.1")
        self.assertEqual([layer["diffId"] for layer in image["layers"]],
                         [digest(layer) for layer in self.LAYERS])
        self.assertEqual(image["configuration"]["config"]["Env"], ["A=1"])
        base = image["layers"][0]["path"]
        with open(os.path.join(base, "Files", "a.txt"), "rb") as file:
            self.assertEqual(file.read(), b"base")
        self.succeed("image", "export", "localhost/win:1", "-o", self.path("out.tar"))
        tool("bsdtar", "-tf", self.path("out.tar"))
        self.succeed("image", "rm", "localhost/win:1")
        self.assertFalse(os.path.exists(base))
        self.succeed("image", "import", self.path("out.tar"))
        again = json.loads(self.succeed("image", "inspect", "localhost/win:1"))
        self.assertEqual((again["id"], again["digest"]), (image["id"], image["digest"]))

    def test_an_image_comes_by_a_pipe_and_leaves_by_one(self):
        self.succeed("image", "import", "-", "--tag", "x", input=self.image())
        self.assertEqual(self.names(), ["docker.io/library/x:latest"])
        exported = self.hcsctl("image", "export", "x").stdout
        self.succeed("image", "import", "-", "--tag", "y", input=exported)
        self.assertEqual(len(self.images()), 1)
        self.assertEqual(len(self.names()), 2)

    def test_layers_are_shared_and_go_with_the_last_image(self):
        self.succeed("image", "import", "-", input=self.image("one", 1))
        result = json.loads(self.succeed("image", "import", "-", "--format", "json",
                                         input=self.image("two", 2)))
        self.assertEqual((result["importedLayers"], result["presentLayers"]), (1, 1))
        self.assertEqual(len(os.listdir(self.store("layers"))), 2)
        self.succeed("image", "rm", "two")
        self.assertEqual(len(os.listdir(self.store("layers"))), 1)
        self.assertIn("no image 'two'", self.fail_with(1, "image", "rm", "two"))
        self.succeed("image", "rm", "one")
        self.assertEqual(os.listdir(self.store("layers")), [])

    def test_names_move_and_an_image_without_one_stays(self):
        self.succeed("image", "import", "-", input=self.image("x", 1))
        first = self.images()[0]["id"]
        self.succeed("image", "tag", "x", "localhost/y")
        self.succeed("image", "import", "-", input=self.image("x", 2))
        by_id = {image["id"]: image["references"] for image in self.images()}
        self.assertEqual(by_id[first], ["localhost/y:latest"])
        self.assertIn("untagged: localhost/y:latest", self.succeed("image", "rm", "y"))
        self.assertNotIn(first, [image["id"] for image in self.images()])
        second = self.images()[0]["id"]
        self.succeed("image", "tag", second[7:19], "z")
        self.assertIn("has several names", self.fail_with(1, "image", "rm", second))
        self.assertIn("untagged", self.succeed("image", "rm", "z"))
        self.assertEqual(self.names(), ["docker.io/library/x:latest"])

    def test_a_layer_that_has_a_sandbox_keeps_its_image(self):
        self.succeed("image", "import", "-", input=self.image())
        layers = json.loads(self.succeed("image", "inspect", "localhost/win:1"))["layers"]
        sandbox = os.path.join(self.store("sandboxes"), "box")
        parents = [word for layer in reversed(layers) for word in ("-p", layer["path"])]
        self.succeed("layer", "sandbox", sandbox, *parents)
        self.assertIn(f"is in use by layer {sandbox}",
                      self.fail_with(1, "image", "rm", "localhost/win:1"))
        self.assertIn("image", self.fail_with(1, "layer", "rm", layers[1]["path"]))
        self.succeed("layer", "rm", sandbox)

    def test_what_is_wrong_is_said_and_leaves_nothing(self):
        good = self.image()
        base = self.LAYERS[0]
        cases = {
            b"": "the archive is empty",
            b"x" * 2000: "tar entry 1",
            good[:len(good) // 2]: "",
            tar_of([("a", b"b")]): "neither an index.json",
            good.replace(b"10.0.20348.1", b"10.0.20348.2"): "another content than its name says",
            oci_archive([base[:700]], self.CONFIGURATION, "x"): "layer sha256:",
            oci_archive([windows_layer({"Files/": b"", "../x": b""})], self.CONFIGURATION,
                        "x"): "'..\\x'",
        }
        for archive, wanted in cases.items():
            error = self.fail_with(1, "image", "import", "-", input=archive)
            self.assertIn(wanted, error)
            self.assertEqual(self.images(), [])
        self.assertIn("cannot read", self.fail_with(1, "image", "import", "/nowhere"))
        self.assertIn("start.references[0]",
                      self.fail_with(1, "image", "import", "-", "--tag", "A", input=good))
        self.assertIn("no image is for linux/any",
                      self.fail_with(1, "image", "import", "-", "--platform", "linux", input=good))

    def test_images_outlive_the_daemon_and_an_import_that_was_killed_does_not(self):
        self.succeed("image", "import", "-", input=self.image("kept", 1))
        sending = self.daemon.popen("image", "import", "-")
        sending.stdin.write(self.image("lost", 2)[:20000])
        sending.stdin.flush()
        scratch = os.path.join(self.daemon.state, "daemon", "layer-scratch")
        eventually(lambda: os.listdir(scratch), "the archive is being written")
        self.daemon.kill()
        sending.communicate()
        self.assertNotEqual(sending.returncode, 0)
        for stray in ("layers", "blobs"):
            os.mkdir(os.path.join(self.store(stray), "f" * 64))
        self.daemon.start()
        self.assertEqual(self.names(), ["docker.io/library/kept:latest"])
        self.assertEqual(os.listdir(scratch), [])
        self.assertEqual(len(os.listdir(self.store("layers"))), 1)
        self.assertEqual(len(os.listdir(self.store("blobs"))), 3)

    def test_a_daemon_that_is_killed_at_any_moment_has_all_of_an_image_or_nothing(self):
        layers = [windows_layer({"Files/": b"", **{f"Files/{layer}-{i}": os.urandom(20_000)
                                                   for i in range(150)}}) for layer in range(3)]
        archive = self.write("killed.tar", oci_archive(layers, self.CONFIGURATION, "killed"))
        whole = {"layers": 3, "blobs": 5, "sandboxes": 0}
        seen = set()
        for attempt in range(12):
            importing = self.daemon.popen("image", "import", archive)
            # Not to wait for something, but to hit another moment each time.
            time.sleep(attempt * 0.05)
            self.daemon.kill()
            importing.communicate()
            self.daemon.start()
            there = self.names() != []
            seen.add(there)
            for name, count in whole.items():
                self.assertEqual(len(os.listdir(self.store(name))), count if there else 0, name)
            scratch = os.path.join(self.daemon.state, "daemon", "layer-scratch")
            self.assertEqual(os.listdir(scratch), [])
            if there:
                self.succeed("image", "export", "killed", "-o", self.path("whole.tar"))
                self.succeed("image", "rm", "killed")
        self.assertIn(False, seen)

    def test_a_client_that_goes_leaves_nothing(self):
        sending = self.daemon.popen("image", "import", "-")
        sending.stdin.write(self.image()[:20000])
        sending.stdin.flush()
        scratch = os.path.join(self.daemon.state, "daemon", "layer-scratch")
        eventually(lambda: os.listdir(scratch), "the archive is being written")
        sending.kill()
        sending.communicate()
        eventually(lambda: not os.listdir(scratch), "the daemon has given it up")
        self.assertEqual(self.images(), [])

    def test_a_terminal_sees_how_far_it_has_come(self):
        archive = self.write("big.tar", oci_archive(
            [windows_layer({"Files/": b"", "Files/big": os.urandom(30_000_000)})],
            self.CONFIGURATION, "big"))
        terminal = Terminal(self.daemon.command("image", "import", archive),
                            self.daemon.environment)
        terminal.expect(r"reading big.tar \[[=> ]*\] +\d+%  [\d.]+ \S+ of 28.6 MiB")
        # The line goes before what is told.
        terminal.expect(r"\r\x1b\[Kbig:latest")
        self.assertEqual(terminal.wait(), 0)


@unittest.skipUnless(shutil.which("umoci") and shutil.which("skopeo"), "needs umoci and skopeo")
class OtherTools(ImageTestCase):
    """Linux images of busybox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = os.path.join(cls.folder, "root")
        for name in ("bin", "etc", "home", "tmp", "old"):
            os.makedirs(os.path.join(root, name))
        shutil.copy(BUSYBOX, os.path.join(root, "bin"))
        for applet in APPLETS:
            os.symlink("busybox", os.path.join(root, "bin", applet))
        for name, content in {"etc/passwd": "root:x:0:0::/root:/bin/sh\nweb:x:1000:1000::/home:\n",
                              "etc/group": "root:x:0:\nweb:x:1000:\nwww:x:33:\nmore:x:40:web\n",
                              "etc/Case": "upper", "etc/case": "lower",
                              "old/file": "old"}.items():
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(content)
        layout = os.path.join(cls.folder, "layout")
        tool("umoci", "init", "--layout", layout)
        tool("umoci", "new", "--image", f"{layout}:base")
        tool("umoci", "insert", "--image", f"{layout}:base", root, "/")
        tool("umoci", "config", "--image", f"{layout}:base", "--config.cmd", "/bin/sh",
             "--config.env", "GREETING=hello", "--config.workingdir", "/etc")
        addition = os.path.join(cls.folder, "addition")
        with open(addition, "w", encoding="utf-8") as file:
            file.write("added")
        tool("umoci", "insert", "--image", f"{layout}:base", "--tag", "app", addition, "/addition")
        tool("umoci", "config", "--image", f"{layout}:app", "--config.entrypoint", "/bin/echo",
             "--config.entrypoint", "from", "--config.cmd", "the entrypoint", "--config.user",
             "web")
        cls.layout = layout
        cls.archives = {}
        for name in ("base", "app"):
            cls.archives[name] = os.path.join(cls.folder, f"{name}.tar")
            tool("skopeo", "copy", f"oci:{layout}:{name}",
                 f"oci-archive:{cls.archives[name]}:localhost/{name}:1")

    def setUp(self):
        for name in ("base", "app"):
            self.succeed("image", "import", self.archives[name])

    def test_images_share_layers(self):
        self.assertEqual(self.names(), ["localhost/app:1", "localhost/base:1"])
        self.assertEqual(len(os.listdir(self.store("layers"))), 2)
        base = json.loads(self.succeed("image", "inspect", "base:1"))["layers"]
        app = json.loads(self.succeed("image", "inspect", "app:1"))["layers"]
        self.assertEqual(app[0]["path"], base[0]["path"])

    def test_other_tools_read_an_export_with_equal_digests(self):
        exported = self.path("exported.tar")
        self.succeed("image", "export", "app:1", "base:1", "-o", exported)
        for name in ("base", "app"):
            ours = json.loads(self.succeed("image", "inspect", f"{name}:1"))
            theirs = json.loads(tool("skopeo", "inspect",
                                     f"oci-archive:{exported}:localhost/{name}:1"))
            self.assertEqual(theirs["Digest"], ours["digest"])
            self.assertEqual(theirs["Layers"], [layer["digest"] for layer in ours["layers"]])
            docker = json.loads(tool("skopeo", "inspect", "--config",
                                     f"docker-archive:{exported}:localhost/{name}:1"))
            self.assertEqual(docker["rootfs"]["diff_ids"],
                             [layer["diffId"] for layer in ours["layers"]])
        before = {image["id"]: image["digest"] for image in self.images()}
        self.succeed("image", "rm", "app:1", "base:1")
        self.succeed("image", "import", exported)
        self.assertEqual({image["id"]: image["digest"] for image in self.images()}, before)

    def test_a_docker_archive_is_the_same_image(self):
        archive = self.path("docker.tar")
        tool("skopeo", "copy", f"oci:{self.layout}:app", f"docker-archive:{archive}:app:docker")
        tool("gzip", "-f", archive)
        self.succeed("image", "import", archive + ".gz")
        docker = json.loads(self.succeed("image", "inspect", "app:docker"))
        ours = json.loads(self.succeed("image", "inspect", "localhost/app:1"))
        self.assertEqual([layer["chainId"] for layer in docker["layers"]],
                         [layer["chainId"] for layer in ours["layers"]])
        self.assertEqual(len(os.listdir(self.store("layers"))), 2)

    def needs_namespaces(self):
        host = json.loads(self.succeed("host", "info", "--format", "json"))
        if host["isolation"] != "namespaces":
            self.skipTest(host["isolationReason"])

    def test_an_image_runs(self):
        self.needs_namespaces()
        self.assertEqual(self.succeed("run", "--rm", "base:1", "sh", "-c",
                                      "echo $GREETING; pwd; id -u; cat Case case"),
                         "hello\n/etc\n0\nupperlower")
        self.assertEqual(self.succeed("run", "--rm", "-e", "GREETING=bye", "-w", "/tmp", "-u",
                                      "web:www", "base:1", "--", "sh", "-c",
                                      "echo $GREETING; pwd; id"),
                         "bye\n/tmp\nuid=1000(web) gid=33(www)\n")
        self.assertEqual(self.hcsctl("run", "--rm", "base:1", "sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(self.succeed("run", "--rm", "-i", "base:1", input=b"echo from sh"),
                         "from sh\n")

    def test_entrypoint_and_command_are_docker_s(self):
        self.needs_namespaces()
        self.assertEqual(self.succeed("run", "--rm", "app:1"), "from the entrypoint\n")
        self.assertEqual(self.succeed("run", "--rm", "app:1", "-n", "me"), "from -n me\n")
        self.assertEqual(self.succeed("run", "--rm", "--entrypoint", "id", "app:1", "-un"),
                         "web\n")
        self.assertIn("does not say what to run",
                      self.fail_with(125, "run", "--rm", "--entrypoint", "", "app:1"))
        self.assertIn("no image 'nowhere'", self.fail_with(125, "run", "--rm", "nowhere"))
        self.assertIn("no account", self.fail_with(125, "run", "--rm", "-u", "nobody1", "base:1"))

    def test_a_sandbox_s_export_has_what_was_changed(self):
        self.needs_namespaces()
        self.succeed("run", "--name", "box", "base:1", "sh", "-c",
                     "echo new > /etc/new; echo more >> case; rm /old/file; mkdir /made")
        sandbox = json.loads(self.succeed("inspect", "box"))["labels"]["hcsctl.sandbox"]
        exported = self.path("diff.tar")
        self.succeed("stop", "box")
        self.succeed("layer", "export", sandbox, "--linux", "-o", exported)
        listed = {name.rstrip("/") for name in tool("bsdtar", "-tf", exported).split("\n") if name}
        self.assertEqual(listed - {".", "etc", "old"},
                         {"etc/new", "etc/case", "old/.wh.file", "made"})
        self.assertEqual(tool("bsdtar", "-xOf", exported, "etc/case"), "lowermore\n")
        self.succeed("rm", "box")

    def test_containers_keep_their_images(self):
        self.needs_namespaces()
        self.succeed("run", "-d", "--name", "busy", "app:1", "x")
        self.assertIn("is in use by", self.fail_with(1, "image", "rm", "app:1"))
        # Of another image with some of its layers.
        self.succeed("image", "rm", "base:1")
        self.succeed("rm", "-f", "busy")
        self.succeed("image", "rm", "app:1")

    def test_create_start_and_exec_know_the_image(self):
        self.needs_namespaces()
        self.succeed("create", "--name", "later", "base:1", "sh", "-c",
                     "echo $GREETING > /tmp/said; exec sleep 1000")
        self.succeed("start", "later")
        eventually(lambda: self.hcsctl("exec", "later", "--", "cat", "/tmp/said").stdout ==
                   b"hello\n", "the image's process runs")
        self.assertEqual(self.succeed("exec", "later", "--", "sh", "-c", "pwd; echo $GREETING"),
                         "/etc\nhello\n")
        self.succeed("rm", "-f", "later")


if __name__ == "__main__":
    unittest.main()
