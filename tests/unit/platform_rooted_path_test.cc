// Paths below a folder that is another process' root.

#include <fcntl.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/platform/rooted_path.h"

namespace hcs::platform {
namespace {

namespace fs = std::filesystem;
using Parts = std::vector<std::string>;

class Root {
 public:
  Root() {
    std::string name = fs::temp_directory_path() / "hcsd-root-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
    fd.reset(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    REQUIRE(fd);
  }
  ~Root() { fs::remove_all(path); }

  fs::path path;
  UniqueFd fd;
};

TEST_CASE("what is missing of a path is what has to be made, outermost first") {
  Root root;
  fs::create_directories(root.path / "a");
  CHECK(MissingParts(root.fd, "/a").empty());
  CHECK(MissingParts(root.fd, "/a/b/c") == Parts{"/a/b", "/a/b/c"});
  CHECK(MissingParts(root.fd, "/x") == Parts{"/x"});
  CHECK(MakeEmptyFolder(root.fd, "/a/b") == 0);
  CHECK(MakeEmptyFolder(root.fd, "/a/b") == 0);
  CHECK(MakeEmptyFile(root.fd, "/a/b/c") == 0);
  CHECK(MissingParts(root.fd, "/a/b/c").empty());
  CHECK(MakeEmptyFolder(root.fd, "/no/where") == ENOENT);
  std::ofstream(root.path / "file") << "x";
  CHECK(MissingParts(root.fd, "/file/below").empty());
  CHECK(MakeEmptyFolder(root.fd, "/file/below") == ENOTDIR);
}

TEST_CASE("symbolic links are followed as the container would, and lead nowhere else") {
  Root root;
  Root outside;
  fs::create_directory(root.path / "real");
  fs::create_symlink("/real", root.path / "link");
  fs::create_symlink(outside.path, root.path / "escape");
  fs::create_symlink("../../../../../../../../" + outside.path.string(), root.path / "climb");
  CHECK(MakeEmptyFolder(root.fd, "/link/made") == 0);
  CHECK(fs::is_directory(root.path / "real/made"));
  for (const char* path : {"/escape/made", "/climb/made", "/../made"}) {
    static_cast<void>(MakeEmptyFolder(root.fd, path));
    static_cast<void>(MakeEmptyFile(root.fd, path));
  }
  CHECK(fs::is_empty(outside.path));
  CHECK_FALSE(fs::exists(root.path.parent_path() / "made"));
  std::ofstream(outside.path / "file");
  RemoveIfEmpty(root.fd, "/escape/file");
  CHECK(fs::exists(outside.path / "file"));
}

TEST_CASE("only what is empty is removed") {
  Root root;
  fs::create_directories(root.path / "full/inner");
  fs::create_directory(root.path / "empty");
  std::ofstream(root.path / "text") << "x";
  std::ofstream(root.path / "blank");
  fs::create_symlink("blank", root.path / "link");
  for (const char* path : {"/full", "/empty", "/text", "/blank", "/link", "/none"}) {
    RemoveIfEmpty(root.fd, path);
  }
  CHECK(fs::exists(root.path / "full/inner"));
  CHECK(fs::exists(root.path / "text"));
  CHECK(fs::is_symlink(root.path / "link"));
  CHECK_FALSE(fs::exists(root.path / "empty"));
  CHECK_FALSE(fs::exists(root.path / "blank"));
}

}  // namespace
}  // namespace hcs::platform
