// Layers in memory, to and from a Linux layer's tar.

#ifndef HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_
#define HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/backup_stream/linux_file.h"
#include "core/layer/ea_data.h"
#include "core/layer/posix_tar/posix_tar_reader.h"
#include "core/layer/posix_tar/posix_tar_writer.h"
#include "core/layer/reparse_buffer.h"
#include "tests/unit/layer_tar_archive.h"
#include "tests/unit/layer_tar_items.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::layer {

struct PosixItem {
  LayerEntry entry;
  TarEntry member;
  std::string stream;
};

struct ReadPosixLayer {
  std::vector<PosixItem> items;
  absl::Status error;
};

// In pieces of `piece` bytes.
inline ReadPosixLayer ReadPosixTar(std::string_view bytes, size_t piece,
                                   const LayerTarOptions& options = {}) {
  PosixTarReader reader(options);
  return ReadItems<ReadPosixLayer>(reader, bytes, piece, [&] {
    return PosixItem{reader.entry(), reader.member(), ""};
  });
}

inline WrittenTar WritePosixTar(const std::vector<PosixItem>& items, size_t piece,
                                bool with_members) {
  return WriteItems<PosixTarWriter>(
      items, piece, [&](PosixTarWriter& writer, const PosixItem& item) {
        return with_members ? writer.Add(item.entry, item.member) : writer.Add(item.entry);
      });
}

// Members, all of one time.
inline Member Of(TarType type, std::string name, uint32_t mode = 0644, std::string content = "") {
  Member member;
  member.entry.type = type;
  member.entry.name = std::move(name);
  member.entry.mode = mode;
  member.entry.size = content.size();
  member.entry.modified = {1'700'000'000, 0};
  member.content = std::move(content);
  return member;
}

inline Member File(std::string name, std::string content = "") {
  return Of(TarType::kFile, std::move(name), 0644, std::move(content));
}

inline Member Folder(std::string name, uint32_t mode = 0755) {
  return Of(TarType::kDirectory, std::move(name), mode);
}

inline Member Link(TarType type, std::string name, std::string target) {
  Member member = Of(type, std::move(name), 0777);
  member.entry.link_name = std::move(target);
  return member;
}

inline Member Device(TarType type, std::string name, uint64_t major, uint64_t minor) {
  Member member = Of(type, std::move(name), 0600);
  member.entry.device_major = major;
  member.entry.device_minor = minor;
  return member;
}

// Parts of backup streams.
inline std::string Number(uint32_t number) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return bytes;
}

inline std::string Attributes(uint32_t user, uint32_t group, uint32_t mode,
                              std::vector<ExtendedAttribute> more = {}) {
  std::vector<ExtendedAttribute> attributes = {
      {0, "$LXUID", Number(user)}, {0, "$LXGID", Number(group)}, {0, "$LXMOD", Number(mode)}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return Stream(BackupStreamId::kEaData, BuildEaData(attributes).value());
}

inline std::string Reparse(uint32_t tag, const std::string& data = "") {
  return Stream(BackupStreamId::kReparseData, BuildReparseBuffer(RawReparse{tag, data}).value());
}

inline bool Contains(const std::string& text, const std::string& part) {
  INFO(text << " should contain " << part);
  return text.find(part) != std::string::npos;
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_POSIX_TAR_ARCHIVE_H_
