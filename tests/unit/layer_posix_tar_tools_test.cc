// Tars of other people's tools, of a root file system made of busybox.

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/unit/layer_posix_tar_archive.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;

// What the shell's command printed.
std::string Run(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  std::array<char, 4096> buffer;
  for (size_t size; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    output.append(buffer.data(), size);
  }
  const int status = pclose(pipe);
  INFO(command << "\n" << output);
  REQUIRE(status == 0);
  return output;
}

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

// As far as the rights go: owners and devices are root's to make.
void MakeRootFileSystem(const fs::path& root) {
  fs::create_directory(root);
  Run("cd '" + root.string() + "' && set -e\n" + R"sh(
    mkdir -p bin etc/conf.d tmp var/empty 'odd names'
    chmod 1777 tmp
    cp "$(command -v busybox)" bin/busybox
    chmod 4755 bin/busybox
    ln bin/busybox bin/sh
    ln -s busybox bin/ls
    ln -s /etc/../../outside etc/link
    ln -s "$(printf '%0150d' 0)" etc/long-link
    mkfifo -m 600 var/pipe
    echo upper > etc/Name; echo lower > etc/name; : > etc/empty
    echo x > 'odd names/a:b "c" \d?'; echo x > 'odd names/aux.h'; echo x > 'odd names/...'
    echo x > "odd names/$(printf 'latin\351')"; echo x > "odd names/$(printf '\344\270\226')"
    mkdir -p "$(printf 'deep%0100d/deep%0100d' 1 2)"; echo x > "$(echo deep*/deep*)/file"
    if [ "$(id -u)" = 0 ]; then
      chown 1000:70000 etc/Name; chown -h 5:6 bin/ls; chown 7 tmp
      mkdir dev; mknod -m 666 dev/null c 1 3; mknod -m 660 dev/loop b 7 3
    fi
    # Windows' times have units of 100 ns.
    find . -exec touch -h -d '2001-02-03 04:05:06.123456700Z' {} +
    touch -d '1970-01-01 00:00:01Z' etc/empty)sh");
}

// Everything of a tree that a layer keeps, but for directories' times: tools that unpack write into
// a directory once more after they have set them.
std::string Tree(const fs::path& root, bool with_fractions) {
  const std::string seconds = with_fractions ? "cat" : R"(sed -E 's/(time=[0-9]+)\.[0-9]+/\1/')";
  return Run("cd '" + root.string() + R"sh(' && export LC_ALL=C
    find . -type d -printf '%P %y %#m %U %G\n' | sort
    find . ! -type d -printf '%P %y %#m %U %G %l %n %s time=%T@\n' | sort | )sh" +
             seconds + R"sh(
    find . -type f -print0 | sort -z | xargs -0 sha256sum
    find . \( -type b -o -type c \) -exec stat -c '%n %t %T' {} + | sort)sh");
}

// As our writer names members.
std::vector<Member> Normalised(std::vector<Member> members) {
  for (Member& member : members) {
    for (std::string* name : {&member.entry.name, &member.entry.link_name}) {
      const bool is_path = name == &member.entry.name || member.entry.type == TarType::kHardLink;
      if (is_path && name->starts_with("./")) name->erase(0, 2);
    }
  }
  return members;
}

void CheckSameMembers(const std::vector<Member>& a, const std::vector<Member>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    INFO(a[i].entry.name << " and " << b[i].entry.name);
    CHECK(a[i] == b[i]);
  }
}

TEST_CASE("tars of GNU tar and bsdtar are layers, and ours are tars to them", "[layer]") {
  const TemporaryFolder temporary;
  const fs::path root = temporary.path() / "root";
  MakeRootFileSystem(root);
  const fs::path given = temporary.path() / "given.tar";
  const fs::path ours = temporary.path() / "ours.tar";
  const auto [command, has_fractions] = GENERATE(table<std::string, bool>({
      {"tar --format=pax --xattrs -cf", true},
      {"tar --format=gnu -cf", false},
      {"bsdtar --format=pax -cf", true},
      {"bsdtar --format=gnutar -cf", false},
  }));
  INFO(command);
  const std::string locale = "LC_ALL=C.UTF-8 ";
  Run(locale + command + " '" + given.string() + "' -C '" + root.string() + "' . 2>&1");
  const std::string bytes = Content(given);
  const ReadArchive archive = ReadTar(bytes, 4096);
  INFO(archive.error);
  REQUIRE(archive.error.ok());
  const ReadPosixLayer layer = ReadPosixTar(bytes, 4096);
  INFO(layer.error);
  REQUIRE(layer.error.ok());
  CHECK(layer.items.size() == archive.members.size());

  const WrittenTar again = WritePosixTar(layer.items, 4096, /*with_members=*/true);
  REQUIRE(again.error.ok());
  CheckSameMembers(Normalised(ReadTar(again.bytes, 4096).members), Normalised(archive.members));

  // By the entries alone, which is all that a host keeps.
  const WrittenTar plain = WritePosixTar(layer.items, 4096, /*with_members=*/false);
  REQUIRE(plain.error.ok());
  std::ofstream(ours, std::ios::binary) << plain.bytes;
  const std::string expected = Tree(root, has_fractions);
  for (const std::string tool : {"tar", "bsdtar"}) {
    INFO(tool);
    const fs::path copy = temporary.path() / ("copy by " + tool);
    fs::create_directory(copy);
    Run(locale + tool + " -xpf '" + ours.string() + "' -C '" + copy.string() + "' 2>&1");
    CHECK(Tree(copy, has_fractions) == expected);
  }
}

}  // namespace
}  // namespace hcs::layer
