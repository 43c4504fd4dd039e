// Entries that make no layer, given to the writer of transport folders.

#include <catch2/catch.hpp>
#include <fstream>

#include "core/layer/backup_stream/file_info.h"
#include "core/layer/transport_folder_writer.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::layer {
namespace {

namespace fs = std::filesystem;
using Entries = std::vector<WholeEntry>;

// Writes the entries, of which the last must be refused, with `message`; the writer must
// say so again, and leave nothing of the layer.
void IsRefused(const Entries& entries, const std::string& message) {
  const TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  {
    auto writer = TransportFolderWriter::Create(folder);
    REQUIRE(writer.ok());
    const Entries before(entries.begin(), entries.end() - 1);
    REQUIRE(WriteAll(before, writer->get()).ok());
    // A file's end is seen when something follows it.
    absl::Status status = WriteAll({entries.back()}, writer->get());
    if (status.ok()) status = (*writer)->Commit();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(std::string(status.message()) == message);
    CHECK((*writer)->Add(MakeFile("Files\\other", "x").entry) == status);
    CHECK((*writer)->Write("x") == status);
    CHECK((*writer)->Commit() == status);
  }
  CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("Names that lead out of a transport folder are not written", "[layer]") {
  const std::string dots = "must have no component of dots and spaces alone";
  IsRefused({MakeFile("Files\\..\\..\\x", "x")}, "'Files\\..\\..\\x': " + dots);
  IsRefused({MakeFile("..\\Files\\x", "x")}, "'..\\Files\\x': " + dots);
  IsRefused({MakeFile("\\Files\\x", "x")},
            "'\\Files\\x': must be relative, with no empty component");
  IsRefused({MakeFile("C:\\x", "x")},
            "'C:\\x': must have no ':' (a drive, or an alternate stream)");
  IsRefused({MakeFile("Files\\a/b", "x")}, "'Files\\a/b': must have no '/'");
  IsRefused({MakeFile("x", "x")}, "'x': has no place in a transport folder");
  IsRefused({MakeFile("UtilityVM\\x", "x")}, "'UtilityVM\\x': has no place in a transport folder");
  IsRefused({MakeRemoved("Files\\..\\x")}, "'Files\\..\\x': " + dots);
}

TEST_CASE("A name is not written twice", "[layer]") {
  const std::string twice = "must not be there twice, in whatever case";
  const WholeEntry file = MakeFile("Files\\f", "x");
  IsRefused({file, file}, "'Files\\f': " + twice);
  IsRefused({file, MakeFile("Files\\F", "x")}, "'Files\\F': " + twice);
  IsRefused({file, MakeDirectory("Files\\F")}, "'Files\\F': " + twice);
  const std::string removal = "must not be removed twice, or after it was added";
  IsRefused({file, MakeRemoved("Files\\f")}, "'Files\\f': " + removal);
  IsRefused({MakeRemoved("Files\\f"), MakeRemoved("Files\\F")}, "'Files\\F': " + removal);
  IsRefused({MakeRemoved("Files\\f"), file, MakeRemoved("Files\\f")}, "'Files\\f': " + removal);
  IsRefused({MakeRemoved("Files\\f"), file, file}, "'Files\\f': " + twice);
  IsRefused({file, MakeLink("Files\\f", "Files\\f")}, "'Files\\f': " + twice);
}

TEST_CASE("An entry comes after its folder", "[layer]") {
  const std::string after = "must come after its folder, which must be no reparse point";
  IsRefused({MakeFile("Files\\d\\x", "x")}, "'Files\\d\\x': " + after);
  IsRefused({MakeFile("Files\\f", "x"), MakeFile("Files\\f\\x", "x")}, "'Files\\f\\x': " + after);
  IsRefused({MakeRemoved("Files\\d"), MakeFile("Files\\d\\x", "x")}, "'Files\\d\\x': " + after);
  IsRefused({MakeDirectory("UtilityVM\\Files")}, "'UtilityVM\\Files': " + after);
  IsRefused({MakeDirectory("UtilityVM"), MakeFile("UtilityVM\\Files\\x", "x")},
            "'UtilityVM\\Files\\x': " + after);
  IsRefused({MakeDirectory("Files\\Dir"), MakeFile("Files\\DIR\\x", "x")},
            "'Files\\DIR\\x': must have its folder's name in the folder's own case");
}

TEST_CASE("A hard link leads to a file that the layer or a parent has", "[layer]") {
  const std::string invalid = "'Files\\l': invalid hard link in layer: ";
  IsRefused({MakeLink("Files\\l", "Files\\x")},
            invalid + "'Files\\x' is neither in the layer so far nor in a parent");
  IsRefused({MakeDirectory("Files\\d"), MakeLink("Files\\l", "Files\\d")},
            invalid + "'Files\\d' must be a file, not removed");
  IsRefused({MakeRemoved("Files\\r"), MakeLink("Files\\l", "Files\\r")},
            invalid + "'Files\\r' must be a file, not removed");
  IsRefused({MakeFile("Hives\\h", "x"), MakeLink("Files\\l", "Hives\\h")},
            invalid + "both ends must be below Files or below UtilityVM\\Files");
  IsRefused({MakeLink("Files\\l", "Files\\..\\..\\x")},
            "'Files\\..\\..\\x': must have no component of dots and spaces alone");
  IsRefused({MakeLink("Files\\l", "\\etc\\passwd")},
            "'\\etc\\passwd': must be relative, with no empty component");
}

TEST_CASE("What a transport folder cannot say is not written", "[layer]") {
  IsRefused({MakeFile("Files\\x.$WCIDIRS$", "x")},
            "'Files\\x.$WCIDIRS$': must not end with '.$wcidirs$'");
  const std::string line = "must have no line break, since tombstones.txt has a line for it";
  IsRefused({MakeRemoved("Files\\a\n\\b")}, "'Files\\\\a\\n\\\\b': " + line);
  IsRefused({MakeRemoved("Files\\a\r")}, "'Files\\\\a\\r': " + line);
  IsRefused({MakeFile("Hives\\h", "x"), MakeRemoved("Hives\\g")},
            "'Hives\\g': must be below Files or UtilityVM\\Files to be removed");
  IsRefused({MakeFile("Files", "x")}, "'Files': must be a directory");
}

TEST_CASE("A broken backup stream is not written, wherever it would be", "[layer]") {
  for (const std::string name : {"Files\\f", "Hives\\h"}) {
    const std::string stream = DataStream("content");
    IsRefused(
        {MakeFile(name, stream.substr(0, 25), 7)},
        "'" + name + "': backup stream, byte 25: the stream's data is cut off after 5 of 7 bytes");
    IsRefused({MakeFile(name, std::string(20, '\0'), 0)},
              "'" + name + "': backup stream, byte 0: a stream's id must not be 0");
  }
  IsRefused({MakeFile("UtilityVM", "x", 0, kAttributeDirectory)},
            "'UtilityVM': backup stream, byte 1: a stream's header is cut off after 1 of at least "
            "20 bytes");
}

}  // namespace
}  // namespace hcs::layer
