// Linux images' layers as tar. Promises: what is read can be written, and is read as the same
// then; each backup stream is one; how the bytes are cut changes nothing; ends and errors are told
// again (ReadPosixTar asks).

#include <cstring>

#include "core/layer/backup_stream/file_info.h"
#include "tests/fuzz/layer_promises.h"
#include "tests/fuzz/target.h"
#include "tests/unit/layer_posix_tar_archive.h"
#include "tests/unit/layer_tar_archive.h"

namespace hcs::fuzz {
namespace {

using layer::LayerEntry;
using layer::PosixItem;
using layer::ReadPosixLayer;
using Items = std::vector<PosixItem>;

bool SameItem(const PosixItem& a, const PosixItem& b) {
  return a.entry.kind == b.entry.kind && a.entry.name == b.entry.name &&
         a.entry.link_target == b.entry.link_target && a.entry.size == b.entry.size &&
         std::memcmp(&a.entry.basic_info, &b.entry.basic_info, sizeof(a.entry.basic_info)) == 0 &&
         a.stream == b.stream;
}

bool SameItems(const Items& a, const Items& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), SameItem);
}

// The attributes that a tar of Linux does not keep, as PosixTarWriter says.
Items WithoutLostAttributes(Items items) {
  constexpr uint32_t kLost =
      layer::kAttributeArchive | layer::kAttributeNormal | layer::kAttributeSparseFile;
  for (PosixItem& item : items) item.entry.basic_info.FileAttributes &= ~kLost;
  return items;
}

void CheckWrittenAgain(const ReadPosixLayer& layer, size_t piece) {
  const layer::WrittenTar tar = layer::WritePosixTar(layer.items, piece, true);
  RequireOk(tar.error, "what was read can be written");
  const ReadPosixLayer again = layer::ReadPosixTar(tar.bytes, piece);
  RequireOk(again.error, "what is written is a layer");
  Require(SameItems(WithoutLostAttributes(again.items), WithoutLostAttributes(layer.items)),
          "what is written is read as the same");
  Require(layer::WritePosixTar(again.items, tar.bytes.size(), true).bytes == tar.bytes,
          "the same layer is the same bytes");
}

// Of entries alone the writer may refuse some: a hard link's target may be in a parent.
void CheckWrittenAlone(const ReadPosixLayer& layer, size_t piece) {
  const layer::WrittenTar tar = layer::WritePosixTar(layer.items, piece, false);
  if (!tar.error.ok()) return;
  const ReadPosixLayer again = layer::ReadPosixTar(tar.bytes, piece);
  RequireOk(again.error, "what is written is a layer");
  Require(layer::WritePosixTar(again.items, tar.bytes.size(), false).bytes == tar.bytes,
          "the same entries are the same bytes");
}

layer::Member LinuxMember(layer::TarType type, std::string name, std::string target = "",
                          std::string content = "") {
  layer::Member member;
  member.entry.type = type;
  member.entry.name = std::move(name);
  member.entry.link_name = std::move(target);
  member.entry.mode = 0755;
  member.entry.uid = 1000;
  member.entry.modified = {1'700'000'000, 500'000'000};
  member.entry.size = content.size();
  member.content = std::move(content);
  return member;
}

}  // namespace

void RunOne(std::string_view input) {
  const size_t piece = PieceBytes(input);
  const ReadPosixLayer layer = layer::ReadPosixTar(input, input.size() + 1);
  const ReadPosixLayer cut = layer::ReadPosixTar(input, piece);
  if (absl::IsInternal(layer.error)) RequireOk(layer.error, "events come in order");
  Require(layer.error == cut.error, "cutting the bytes changes no error");
  Require(SameItems(layer.items, cut.items), "cutting the bytes changes no entry");
  if (!layer.error.ok()) return;
  for (const PosixItem& item : layer.items) RequireEntry(item.entry, item.stream);
  CheckWrittenAgain(layer, piece);
  CheckWrittenAlone(layer, piece);
}

std::vector<std::string> Seeds() {
  using layer::TarType;
  std::vector<layer::Member> members = {
      LinuxMember(TarType::kDirectory, "."),
      LinuxMember(TarType::kDirectory, "d"),
      LinuxMember(TarType::kFile, "d/.wh..wh..opq"),
      LinuxMember(TarType::kFile, "d/f", "", "content"),
      LinuxMember(TarType::kHardLink, "d/hard", "d/f"),
      LinuxMember(TarType::kSymbolicLink, "d/link", "../../x"),
      LinuxMember(TarType::kFile, ".wh.gone"),
      LinuxMember(TarType::kCharacterDevice, "null"),
      LinuxMember(TarType::kBlockDevice, "disk"),
      LinuxMember(TarType::kFifo, "pipe"),
      LinuxMember(TarType::kFile, "not/mentioned/a:b\xE9", "", "x"),
  };
  members[3].entry.records = {{"SCHILY.xattr.user.a", std::string("\0\xFF", 2)},
                              {"MSWINDOWS.fileattr", "35"}};
  members[4].entry.records = {};
  members[7].entry.device_minor = 3;
  std::vector<std::string> seeds = {layer::WriteTar(members)};
  for (const layer::Member& member : members) seeds.push_back(layer::WriteTar({member}));
  return seeds;
}

}  // namespace hcs::fuzz
