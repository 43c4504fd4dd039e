// Layers of Linux: modes, owners, links, devices and attributes, in and out, and as a
// container sees them.

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/emulator/layers/disk_attributes.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_service.h"
#include "core/emulator/layers/linux_metadata.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/platform/unicode.h"
#include "tests/unit/emulator_container_root.h"

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;

struct Entry {
  ExportedEntry told;
  std::string stream;
};
// By names, in UTF-8.
using Entries = std::map<std::string, Entry>;

Entries Export(const LayerService& layers, const std::string& folder,
               const std::vector<std::string>& parents) {
  auto layer = layers.BeginExport(folder, parents);
  REQUIRE(layer.ok());
  Entries entries;
  for (Entry entry;; entry = {}) {
    const auto more = (*layer)->Next(&entry.told);
    if (!more.ok()) FAIL(more.failure().message);
    if (!*more) return entries;
    std::string buffer(100000, '\0');
    for (;;) {
      const auto count = (*layer)->Read(buffer.data(), buffer.size());
      if (!count.ok()) FAIL(count.failure().message);
      if (*count == 0) break;
      entry.stream.append(buffer, 0, *count);
    }
    entries[platform::Utf16ToUtf8(entry.told.name)] = entry;
  }
}

void Import(const LayerService& layers, const std::string& folder,
            const std::vector<std::string>& parents, const Entries& entries) {
  auto layer = layers.BeginImport(folder, parents);
  REQUIRE(layer.ok());
  for (const auto& [name, entry] : entries) {
    INFO(name);
    const Status status = entry.told.deleted ? (*layer)->Remove(entry.told.name)
                                             : (*layer)->Add(entry.told.name, entry.told.info);
    REQUIRE(status.message == "");
    if (!entry.stream.empty()) REQUIRE((*layer)->Write(entry.stream).message == "");
  }
  REQUIRE(layers.EndImport(layer->get()).message == "");
}

LinuxMetadata MetadataOf(const Entry& entry) {
  layer::BackupStreamReader reader;
  reader.Feed(entry.stream);
  std::string data;
  for (;;) {
    switch (reader.Next()) {
      case layer::BackupStreamReader::Event::kData:
        if (reader.header().id == layer::BackupStreamId::kEaData) data += reader.data();
        break;
      case layer::BackupStreamReader::Event::kNeedInput: return ParseLinuxAttributes(data);
      default: break;
    }
  }
}

bool IsRoot() {
  if (geteuid() == 0) return true;
  WARN("not tested: this user may not make devices");
  return false;
}

struct stat StatusOf(const std::string& path) {
  struct stat status {};
  REQUIRE(lstat(path.c_str(), &status) == 0);
  return status;
}

// A layer of files of every kind, made by hand, and a copy of it by export and import.
class LinuxLayers {
 public:
  LinuxLayers() {
    REQUIRE(layers.Create(made, {}).ok());
    const std::string files = FilesOfLayer(made);
    fs::permissions(files, fs::perms(0755));
    fs::create_directory(files + "/dir");
    std::ofstream(files + "/dir/Program") << "#!/bin/sh\n";
    std::ofstream(files + "/dir/program") << "#!/bin/bash\n";
    REQUIRE(chmod((files + "/dir/Program").c_str(), 04711) == 0);
    REQUIRE(chmod((files + "/dir").c_str(), 01777) == 0);
    fs::create_symlink("../dir/Program", files + "/dir/link");
    fs::create_symlink("/nowhere", files + "/broken");
    std::ofstream(files + "/con: \\ \"quoted\" \xFF") << "as Linux names it";
    REQUIRE(mkfifo((files + "/pipe").c_str(), 0600) == 0);
    REQUIRE(mknod((files + "/null").c_str(), S_IFCHR | 0666, makedev(1, 3)) == 0);
    REQUIRE(lchown((files + "/dir/Program").c_str(), 1000, 1001) == 0);
    REQUIRE(chmod((files + "/dir/Program").c_str(), 04711) == 0);
    REQUIRE(lchown((files + "/broken").c_str(), 7, 8) == 0);
    REQUIRE(setxattr((files + "/dir/program").c_str(), "trusted.Test", "value", 5, 0) == 0);
  }

  TemporaryFolder state;
  TemporaryFolder home;
  LayerService layers{state.path()};
  const std::string made = home.path() + "/made";
  const std::string copy = home.path() + "/copy";
};

TEST_CASE("what Linux knows of a file comes back by export and import", "[layers]") {
  if (!IsRoot()) return;
  LinuxLayers test;
  const Entries entries = Export(test.layers, test.made, {});
  CHECK(MetadataOf(entries.at(R"(\Files\dir\Program)")).mode == (S_IFREG | 04711));
  CHECK(MetadataOf(entries.at(R"(\Files\dir\Program)")).group == 1001);
  CHECK(MetadataOf(entries.at(R"(\Files\null)")).device == makedev(1, 3));
  Import(test.layers, test.copy, {}, entries);
  const std::string files = FilesOfLayer(test.copy);
  size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(FilesOfLayer(test.made))) {
    const std::string path = entry.path();
    const std::string name = path.substr(FilesOfLayer(test.made).size());
    INFO(name);
    const struct stat one = StatusOf(path);
    const struct stat two = StatusOf(files + name);
    CHECK(one.st_mode == two.st_mode);
    CHECK(one.st_uid == two.st_uid);
    CHECK(one.st_gid == two.st_gid);
    CHECK(one.st_rdev == two.st_rdev);
    CHECK(one.st_size == two.st_size);
    CHECK(one.st_mtim.tv_sec == two.st_mtim.tv_sec);
    CHECK(one.st_mtim.tv_nsec / 100 == two.st_mtim.tv_nsec / 100);
    ++count;
  }
  CHECK(count == 8);
  CHECK(fs::read_symlink(files + "/broken") == "/nowhere");
  char value[16] = {};
  CHECK(getxattr((files + "/dir/program").c_str(), "trusted.Test", value, sizeof(value)) == 5);
  CHECK(std::string(value) == "value");
  const Entries again = Export(test.layers, test.copy, {});
  CHECK(again.size() == entries.size());
  for (const auto& [name, entry] : entries) {
    INFO(name);
    CHECK(again.at(name).stream == entry.stream);
  }
}

TEST_CASE("a mark of overlayfs' own cannot be imported", "[layers]") {
  TemporaryFolder state;
  TemporaryFolder home;
  const LayerService layers(state.path());
  auto layer = layers.BeginImport(home.path() + "/x", {});
  REQUIRE(layer.ok());
  ExportedEntry entry = {.name = uR"(\Files\x)"};
  entry.info.FileAttributes = 0x400;
  std::string stream = std::string("\x08\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0", 20) +
                       LinuxReparse({.type = S_IFCHR, .target = {}});
  REQUIRE((*layer)->Add(entry.name, entry.info).ok());
  REQUIRE((*layer)->Write(stream).ok());
  CHECK(layers.EndImport(layer->get()).code == abi::ERROR_INVALID_DATA);
  CHECK_FALSE(layers.Exists(home.path() + "/x"));
}

TEST_CASE("a folder that only the parents know keeps their rights", "[layers]") {
  if (!IsRoot()) return;
  LinuxLayers test;
  const Entries base = Export(test.layers, test.made, {});
  Import(test.layers, test.copy, {}, base);
  Entries top = {{"1", base.at(R"(\Files\dir)")}, {"2", base.at(R"(\Files\dir\program)")}};
  top["1"].told.info = {.FileAttributes = 0x10};
  const std::string over = test.home.path() + "/over";
  Import(test.layers, over, {test.copy}, top);
  CHECK(StatusOf(FilesOfLayer(over) + "/dir").st_mode == (S_IFDIR | 01777));
  const Entries exported = Export(test.layers, over, {test.copy});
  CHECK(exported.at(R"(\Files\dir)").stream == top["1"].stream);
  CHECK(exported.at(R"(\Files\dir)").told.info.LastWriteTime == 0);
}

TEST_CASE("the difference of a sandbox has new modes, owners and attributes", "[layers]") {
  if (!IsRoot()) return;
  LinuxLayers test;
  Import(test.layers, test.copy, {}, Export(test.layers, test.made, {}));
  const std::string sandbox = test.home.path() + "/sandbox";
  REQUIRE(test.layers.CreateSandbox(sandbox, {test.copy}).ok());
  REQUIRE(test.layers.Activate(sandbox).ok());
  REQUIRE(test.layers.Prepare(sandbox, {test.copy}).ok());
  const std::string root = MountPointOfSandbox(sandbox);
  CHECK(chmod((root + "/dir/Program").c_str(), 0700) == 0);
  CHECK(lchown((root + "/broken").c_str(), 9, 9) == 0);
  CHECK(setxattr((root + "/dir/program").c_str(), "trusted.Test", "other", 5, 0) == 0);
  REQUIRE(test.layers.Unprepare(sandbox).ok());
  const Entries diff = Export(test.layers, sandbox, {test.copy});
  CHECK(diff.size() == 5);  // Files and dir, too.
  CHECK(MetadataOf(diff.at(R"(\Files\dir\Program)")).mode == (S_IFREG | 0700));
  CHECK(MetadataOf(diff.at(R"(\Files\broken)")).user == 9);
  CHECK(MetadataOf(diff.at(R"(\Files\dir\program)")).attributes ==
        LinuxAttributes{{"trusted.Test", "other"}});
  REQUIRE(test.layers.Destroy(sandbox).ok());
}

TEST_CASE("a hard link that was made in a layer's folder has its file's metadata", "[layers]") {
  TemporaryFolder state;
  TemporaryFolder home;
  const LayerService layers(state.path());
  const std::string base = home.path() + "/base";
  const std::string top = home.path() + "/top";
  // As a layer of Windows has it: a security descriptor, no Linux metadata.
  const std::string stream = std::string("\x03\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0sec", 23) +
                             std::string("\x01\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\0\0\0\0data", 24);
  Entry file = {{.name = uR"(\Files\file)", .info = {.FileAttributes = 0x22}}, stream};
  file.told.info.LastWriteTime = 132223968000000000;
  Import(layers, base, {}, {{"file", file}});
  Import(layers, top, {base}, {});
  fs::create_hard_link(FilesOfLayer(base) + "/file", FilesOfLayer(top) + "/linked");
  const Entries entries = Export(layers, top, {base});
  REQUIRE(entries.size() == 1);
  CHECK(entries.at(R"(\Files\linked)").stream == stream);
  CHECK(entries.at(R"(\Files\linked)").told.info.FileAttributes == 0x22);
}

// Not run by itself: "[.speed]" asks for it. As many small files as a large base layer has.
TEST_CASE("a hundred thousand files are imported and exported", "[.speed]") {
  TemporaryFolder state;
  TemporaryFolder home;
  const LayerService layers(state.path());
  const std::string stream = std::string("\x03\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0sec", 23) +
                             std::string("\x01\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0", 20) +
                             std::string(4096, 'x');
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&begin] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  auto layer = layers.BeginImport(home.path() + "/x", {});
  REQUIRE(layer.ok());
  for (int folder = 0; folder < 1000; ++folder) {
    const std::u16string name = platform::Utf8ToUtf16("\\Files\\folder" + std::to_string(folder));
    REQUIRE((*layer)->Add(name, {.FileAttributes = 0x10}).ok());
    for (int file = 0; file < 99; ++file) {
      const std::string own = "\\file" + std::to_string(file);
      REQUIRE((*layer)->Add(name + platform::Utf8ToUtf16(own), {.FileAttributes = 0x20}).ok());
      REQUIRE((*layer)->Write(stream).ok());
    }
  }
  const double written = seconds();
  REQUIRE(layers.EndImport(layer->get()).ok());
  const double imported = seconds();
  CHECK(Export(layers, home.path() + "/x", {}).size() == 100000);
  WARN("100,000 entries: written in " << written << " s, on the disk in " << imported
                                      << " s, exported in " << seconds() - imported << " s");
}

TEST_CASE("a container on imported layers sees their modes, owners and links", "[layers]") {
  TestHost host;
  if (!CanIsolate(host)) return;
  TemporaryFolder home;
  LayerService layers(host.state_folder());
  const std::string made = home.path() + "/made";
  const std::string base = home.path() + "/base";
  const std::string sandbox = home.path() + "/sandbox";
  REQUIRE(layers.Create(made, {}).ok());
  FillWithBusybox(FilesOfLayer(made));
  std::ofstream(FilesOfLayer(made) + "/tool") << "#!/bin/sh\necho it runs\n";
  REQUIRE(chmod((FilesOfLayer(made) + "/tool").c_str(), 0751) == 0);
  REQUIRE(chown((FilesOfLayer(made) + "/tool").c_str(), 1000, 1001) == 0);
  Import(layers, base, {}, Export(layers, made, {}));
  REQUIRE(layers.CreateSandbox(sandbox, {base}).ok());
  REQUIRE(layers.Activate(sandbox).ok());
  REQUIRE(layers.Prepare(sandbox, {base}).ok());
  {
    TestSystem system("on-layers", {{"SystemType", "Container"},
                                    {"VolumePath", sandbox},
                                    {"LayerFolderPath", sandbox},
                                    {"Layers", Json::array()}});
    CHECK(RunShell(system.handle(), "/tool").output == "it runs\n");
    const std::string listing = RunShell(system.handle(), "ls -ln /tool; ls -ld /tmp").output;
    CAPTURE(listing);
    CHECK(listing.find("-rwxr-x--x") == 0);
    CHECK(listing.find("1000     1001") != std::string::npos);
    CHECK(listing.find("drwxrwxrwt") != std::string::npos);
    CHECK(RunShell(system.handle(), "ls -l /bin/cat").output.find("/bin/cat -> busybox") !=
          std::string::npos);
    CHECK(RunShell(system.handle(), "echo new >/tmp/new; rm /tool").exit_code == 0);
    system.Terminate();
  }
  REQUIRE(layers.Unprepare(sandbox).ok());
  const Entries diff = Export(layers, sandbox, {base});
  std::string names;
  for (const auto& [name, entry] : diff) names += name + (entry.told.deleted ? "-" : "") + " ";
  CHECK(names == R"(\Files \Files\tmp \Files\tmp\new \Files\tool- )");
  REQUIRE(layers.Destroy(sandbox).ok());
}

}  // namespace
}  // namespace hcs::emulator::test
