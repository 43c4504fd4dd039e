// Sandboxes of a user who may not mount: their tree is a copy.

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/emulator/layers/copied_view.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/layer_service.h"
#include "core/platform/unicode.h"
#include "core/platform/union_mount.h"
#include "tests/unit/emulator_test_host.h"

namespace hcs::emulator::test {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

// What is wrong in a process that cannot use Catch.
struct Problem {
  std::string text;
};

void Require(bool holds, const std::string& what) {
  if (!holds) throw Problem{what};
}

void Require(const Status& status) { Require(status.ok(), status.message); }

std::string Content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const std::string& path, const std::string& content) {
  std::ofstream file(path);
  file << content;
  file.close();
  Require(file.good(), "writing " + path);
}

// In a process of the user nobody; the problem that it had, or nothing.
std::string AsNobody(const std::function<void()>& work) {
  int pipe_ends[2];
  REQUIRE(pipe2(pipe_ends, O_CLOEXEC) == 0);
  const platform::UniqueFd out(pipe_ends[0]);
  platform::UniqueFd in(pipe_ends[1]);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::string problem;
    try {
      if (geteuid() == 0) {
        Require(setgroups(0, nullptr) == 0 && setgid(kNobody) == 0 && setuid(kNobody) == 0,
                "becoming nobody");
      }
      work();
    } catch (const Problem& found) {
      problem = found.text;
    }
    _exit(write(in.get(), problem.data(), problem.size()) == static_cast<ssize_t>(problem.size())
              ? 0
              : 1);
  }
  in.reset();
  const std::string problem = ReadAll(out);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return problem;
}

// The names of an export; a removed one has a minus.
std::string Names(const LayerService& layers, const std::string& folder,
                  const std::vector<std::string>& parents) {
  auto layer = layers.BeginExport(folder, parents);
  Require(layer.ok(), "exporting");
  std::set<std::string> names;
  for (ExportedEntry entry;;) {
    const auto more = (*layer)->Next(&entry);
    Require(more.ok(), "an entry");
    if (!*more) break;
    names.insert(platform::Utf16ToUtf8(entry.name) + (entry.deleted ? "-" : ""));
  }
  std::ostringstream text;
  for (const std::string& name : names) text << name << " ";
  return text.str();
}

// Folders of a user, with a base layer and a second one over it that removes and hides.
class Layers {
 public:
  Layers() {
    for (const TemporaryFolder* folder : {&state_, &home_}) {
      if (geteuid() == 0) REQUIRE(chown(folder->path().c_str(), kNobody, kNobody) == 0);
    }
  }

  void Make() {
    Require(layers.Create(base, {}));
    const std::string files = FilesOfLayer(base);
    for (const char* name : {"/dir", "/dir/below", "/hidden", "/empty"}) {
      fs::create_directory(files + name);
    }
    for (const char* name : {"/kept", "/gone", "/changed", "/touched", "/dir/kept", "/dir/below/x",
                             "/hidden/x", "/removed below"}) {
      Write(files + name, "base");
    }
    fs::create_symlink("kept", files + "/link");
    auto import = layers.BeginImport(top, {base});
    Require(import.ok(), "beginning an import");
    Require((*import)->Remove(uR"(\Files\removed below)"));
    Require((*import)->Remove(uR"(\Files\hidden)"));
    Require((*import)->Add(uR"(\Files\hidden)", {.FileAttributes = 0x10}));
    Require(layers.EndImport(import->get()));
    Require(layers.CreateSandbox(sandbox, parents));
    Require(layers.Activate(sandbox));
  }

 private:
  TemporaryFolder state_;
  TemporaryFolder home_;

 public:
  LayerService layers{state_.path()};
  const std::string base = home_.path() + "/base";
  const std::string top = home_.path() + "/top";
  const std::string sandbox = home_.path() + "/sandbox";
  const std::vector<std::string> parents = {top, base};
  const std::string root = MountPointOfSandbox(sandbox);
};

TEST_CASE("who may not mount prepares a sandbox by a copy, and has its difference", "[layers]") {
  Layers test;
  const std::string problem = AsNobody([&] {
    test.Make();
    LayerService& layers = test.layers;
    Require(layers.Prepare(test.sandbox, test.parents));
    Require(layers.Prepare(test.sandbox, test.parents));  // Again is fine.
    Require(HasCopiedView(test.sandbox) && !platform::IsMountPoint(test.root), "a copy");
    const std::string& root = test.root;
    Require(Content(root + "/kept") == "base" && Content(root + "/dir/below/x") == "base", "files");
    Require(fs::read_symlink(root + "/link") == "kept", "a link");
    Require(!fs::exists(root + "/removed below"), "what is removed");
    Require(fs::is_empty(root + "/hidden"), "what is hidden");
    Require(layers.volumes().FolderOfSandbox(test.sandbox).ok(), "the folder of the sandbox");

    // Prepared, it and its parents are in use.
    Require(layers.Destroy(test.sandbox).code == abi::ERROR_SHARING_VIOLATION, "in use");
    Require(layers.Destroy(test.base).code == abi::ERROR_SHARING_VIOLATION, "a parent in use");
    Require(layers.Deactivate(test.sandbox).code == abi::VMCOMPUTE_INVALID_STATE, "prepared");

    Require(Names(layers, test.sandbox, test.parents) == "\\Files ", "nothing changed");
    Write(root + "/changed", "BASE");  // Of the same size.
    const auto written = fs::last_write_time(root + "/dir/kept");
    Write(root + "/dir/kept", "BAsE");  // Its time says nothing, either.
    fs::last_write_time(root + "/dir/kept", written);
    Write(root + "/dir/new", "new");
    fs::remove(root + "/gone");
    fs::remove_all(root + "/dir/below");
    fs::last_write_time(root + "/touched", fs::file_time_type::clock::now());
    const std::string changes =
        "\\Files \\Files\\changed \\Files\\dir \\Files\\dir\\below- \\Files\\dir\\kept "
        "\\Files\\dir\\new "
        "\\Files\\gone- \\Files\\touched ";
    const std::string told = Names(layers, test.sandbox, test.parents);
    Require(told == changes, "while it is prepared: " + told);
    Require(layers.Unprepare(test.sandbox));
    Require(fs::is_empty(root) && !HasCopiedView(test.sandbox), "the copy has gone");
    Require(Names(layers, test.sandbox, test.parents) == changes, "after that");

    // Once more, with the changes in it.
    Require(layers.Prepare(test.sandbox, test.parents));
    Require(Content(root + "/changed") == "BASE" && Content(root + "/dir/new") == "new", "kept");
    Require(Content(root + "/dir/kept") == "BAsE", "kept, whatever its time");
    Require(!fs::exists(root + "/gone") && !fs::exists(root + "/dir/below"), "still removed");
    Require(layers.Unprepare(test.sandbox));
    Require(Names(layers, test.sandbox, test.parents) == changes, "the same");
    Require(layers.Deactivate(test.sandbox));
    Require(layers.Destroy(test.sandbox));
    Require(layers.Destroy(test.top));
    Require(layers.Destroy(test.base));
  });
  CHECK(problem == "");
}

TEST_CASE("the copy of a process that died while it made it is made again", "[layers]") {
  Layers test;
  const std::string problem = AsNobody([&] {
    test.Make();
    Require(test.layers.Prepare(test.sandbox, test.parents));
    // As it is before the last step, and with a half-made one beside it.
    Require(unlink((test.sandbox + "/copied").c_str()) == 0, "the mark");
    fs::create_directory(test.sandbox + "/tree.new");
    Write(test.sandbox + "/tree.new/half", "half");
    Write(test.root + "/lost", "of no prepared sandbox");
    Require(test.layers.VolumeOf(test.sandbox).ok(), "the sandbox");
    Require(test.layers.Prepare(test.sandbox, test.parents));
    Require(!fs::exists(test.root + "/lost") && Content(test.root + "/kept") == "base", "anew");
    Require(!fs::exists(test.sandbox + "/tree.new"), "nothing left");
    Require(test.layers.Unprepare(test.sandbox));
    Require(test.layers.Destroy(test.sandbox));
  });
  CHECK(problem == "");
}

}  // namespace
}  // namespace hcs::emulator::test
