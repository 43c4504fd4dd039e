// Transport folders. Promises: links and pipes are refused, and nothing outside the folder is
// read; a folder is read as the same twice; what is read can be written, cut into pieces, and is
// read as the same then; ends and errors are told again; a writer that fails leaves nothing.

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/layer/layer_name.h"
#include "core/layer/tombstones.h"
#include "core/layer/transport_folder_reader.h"
#include "core/layer/transport_folder_writer.h"
#include "tests/fuzz/folder_of_bytes.h"
#include "tests/fuzz/target.h"
#include "tests/unit/layer_test_entries.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::fuzz {
namespace {

namespace fs = std::filesystem;
using layer::BackupStreamId;
using layer::Stream;
using layer::WholeEntry;
using Entries = std::vector<WholeEntry>;

constexpr std::string_view kSecret = "what is outside";

absl::StatusOr<Entries> Read(const fs::path& folder) {
  auto reader = layer::TransportFolderReader::Open(folder);
  if (!reader.ok()) return reader.status();
  absl::StatusOr<Entries> entries = layer::ReadAll(reader->get());
  layer::LayerEntry entry;
  const absl::StatusOr<bool> again = (*reader)->Next(&entry);
  Require(again.status() == entries.status(), "an error is told again");
  Require(!again.ok() || !*again, "the end is told again");
  return entries;
}

// Says which entry is not the same.
void RequireSame(const Entries& now, const Entries& before, std::string_view promise) {
  for (size_t i = 0; i < std::min(now.size(), before.size()); ++i) {
    if (now[i] == before[i]) continue;
    std::ostringstream text;
    text << promise << ": it was " << before[i] << " and is " << now[i];
    Require(false, text.str());
  }
  Require(now.size() == before.size(), promise);
}

void CheckEntries(const Entries& entries, std::string_view input) {
  for (const WholeEntry& whole : entries) {
    Require(layer::CheckLayerName(whole.entry.name).ok(), "names are a layer's");
    Require(whole.entry.size >= 0, "sizes are not negative");
    // libFuzzer learns to write the secret into its inputs.
    const bool read = whole.stream.find(kSecret) != std::string::npos;
    Require(!read || input.find(kSecret) != std::string_view::npos, "nothing outside is read");
  }
}

void CheckWrittenAgain(const Entries& entries, const fs::path& folder, size_t piece) {
  auto writer = layer::TransportFolderWriter::Create(folder);
  Require(writer.ok(), "a folder can be made");
  absl::Status status = layer::WriteAll(entries, writer->get(), [piece] { return piece; });
  if (status.ok()) status = (*writer)->Commit();
  RequireOk(status, "what was read can be written");
  const absl::StatusOr<Entries> again = Read(folder);
  RequireOk(again.status(), "what is written is a layer");
  RequireSame(*again, entries, "what is written is read as the same");
}

// Without Commit, as after an error.
void CheckNothingLeft(const Entries& entries, const fs::path& folder) {
  {
    auto writer = layer::TransportFolderWriter::Create(folder);
    Require(writer.ok(), "a folder can be made");
    layer::WriteAll(entries, writer->get()).IgnoreError();
  }
  Require(!fs::exists(folder), "without Commit nothing is left");
}

}  // namespace

void RunOne(std::string_view input) {
  const layer::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "layer";
  const fs::path outside = temporary.path() / "outside";
  fs::create_directory(folder);
  fs::create_directory(outside);
  std::ofstream(outside / "secret") << kSecret;
  const MadeFolder made = MakeFolder(input, folder, outside);
  const absl::StatusOr<Entries> entries = Read(folder);
  const absl::StatusOr<Entries> twice = Read(folder);
  Require(entries.status() == twice.status(), "the same folder gives the same error");
  if (!entries.ok()) return;
  Require(!made.has_strange_items, "links and pipes are refused");
  RequireSame(*twice, *entries, "the same folder gives the same entries");
  CheckEntries(*entries, input);
  CheckWrittenAgain(*entries, temporary.path() / "again", PieceBytes(input));
  CheckNothingLeft(*entries, temporary.path() / "not committed");
}

std::vector<std::string> Seeds() {
  const std::string word("\x20\0\0\0", 4);
  const std::string directory_word("\x10\0\0\0", 4);
  const std::string tombstones(layer::TombstonesHeader());
  std::string files;
  AppendItem(Item::kFile, Place::kTop, "tombstones.txt", tombstones + "\\gone\n\\a\\b\r\n", &files);
  AppendItem(Item::kFile, Place::kFiles, "empty", word, &files);
  AppendItem(Item::kDirectoryWithMetadata, Place::kFiles, "d", directory_word, &files);
  AppendItem(Item::kFile, Place::kFiles, "d/f",
             word + Stream(BackupStreamId::kSecurityData, "sd") +
                 Stream(BackupStreamId::kData, "content") +
                 Stream(BackupStreamId::kAlternateData, "z", u":zone:$DATA"),
             &files);
  AppendItem(Item::kFile, Place::kFiles, "junction.$wcidirs$",
             std::string("\x10\x04\0\0", 4) + Stream(BackupStreamId::kReparseData, "r"), &files);
  std::string plain;
  AppendItem(Item::kFile, Place::kHives, "System_Delta", "regf", &plain);
  AppendItem(Item::kFile, Place::kUtilityVm, "EFI/boot", "MZ", &plain);
  AppendItem(Item::kDirectory, Place::kFiles, "$Recycle.Bin", "", &plain);
  std::string link;
  AppendItem(Item::kDirectoryWithMetadata, Place::kFiles, "d", directory_word, &link);
  AppendItem(Item::kSymbolicLink, Place::kFiles, "d/link", "", &link);
  std::string pipe;
  AppendItem(Item::kPipe, Place::kHives, "pipe", "", &pipe);
  std::string cases;
  AppendItem(Item::kFile, Place::kFiles, "a", word, &cases);
  AppendItem(Item::kFile, Place::kFiles, "A", word, &cases);
  return {"", files, plain, link, pipe, cases};
}

}  // namespace hcs::fuzz
