// Archives, and what is read from them, for the tests of the tar reader and writer.

#ifndef HCS_TESTS_UNIT_LAYER_TAR_ARCHIVE_H_
#define HCS_TESTS_UNIT_LAYER_TAR_ARCHIVE_H_

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/tar/tar_header.h"
#include "core/layer/tar/tar_reader.h"
#include "core/layer/tar/tar_writer.h"

namespace hcs::layer {

struct Member {
  TarEntry entry;
  std::string content;

  friend bool operator==(const Member&, const Member&) = default;
};

struct ReadArchive {
  std::vector<Member> members;
  absl::Status error;
};

// In pieces of `piece` bytes.
inline ReadArchive ReadTar(std::string_view bytes, size_t piece, const TarLimits& limits = {}) {
  TarReader reader(limits);
  ReadArchive archive;
  bool in_entry = false;
  for (;;) {
    const TarReader::Event event = reader.Next();
    switch (event) {
      case TarReader::Event::kNeedInput:
        if (bytes.empty()) {
          reader.Finish();
        } else {
          reader.Feed(bytes.substr(0, piece));
          bytes.remove_prefix(std::min(piece, bytes.size()));
        }
        break;
      case TarReader::Event::kEntry:
        in_entry = true;
        archive.members.push_back({reader.entry(), ""});
        break;
      case TarReader::Event::kData: archive.members.back().content += reader.data(); break;
      case TarReader::Event::kEntryEnd:
        if (!in_entry || archive.members.back().content.size() != reader.entry().size) {
          archive.error = absl::InternalError("an entry's end without its entry or content");
          return archive;
        }
        in_entry = false;
        break;
      case TarReader::Event::kEnd:
      case TarReader::Event::kError:
        archive.error = reader.error();
        if (reader.Next() != event || reader.error() != archive.error) {
          archive.error = absl::InternalError("the end or error is not told again");
        }
        return archive;
    }
  }
}

// The members must be such that the writer takes them.
inline std::string WriteTar(const std::vector<Member>& members) {
  TarWriter writer;
  std::string bytes;
  absl::Status status;
  for (const Member& member : members) {
    status.Update(writer.Begin(member.entry, &bytes));
    status.Update(writer.Write(member.content, &bytes));
  }
  status.Update(writer.Finish(&bytes));
  return status.ok() ? bytes : status.ToString();
}

// A header block and what follows it, padded, as any writer of `type` might make them.
inline std::string RawMember(char type, std::string name, const std::string& body) {
  TarEntry entry;
  entry.name = std::move(name);
  entry.size = body.size();
  std::string bytes;
  AppendTarHeader(entry, type, &bytes);
  return bytes + body + std::string(PaddingOf(body.size()), '\0');
}

inline std::string TarEnd() { return std::string(2 * kTarBlockBytes, '\0'); }

// With the checksum that it then has.
inline std::string WithField(std::string block, size_t offset, std::string_view bytes) {
  block.replace(offset, bytes.size(), bytes);
  block.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (size_t i = 0; i < kTarBlockBytes; ++i) sum += static_cast<unsigned char>(block[i]);
  std::string digits(6, '0');
  for (size_t i = 6; i-- > 0; sum /= 8) digits[i] = static_cast<char>('0' + sum % 8);
  block.replace(148, 7, digits + '\0');
  return block;
}

// Members of every kind, as the reader gives them.
inline std::vector<Member> EveryMember() {
  std::vector<Member> members(8);
  members[0].entry = {.type = TarType::kDirectory, .name = "d", .mode = 0755};
  members[1].entry = {.name = "d/file", .size = 5, .mode = 0644, .uid = 1, .user = "me"};
  members[1].content = "12345";
  members[2].entry = {.type = TarType::kHardLink, .name = "d/link", .link_name = "d/file"};
  members[3].entry = {.type = TarType::kSymbolicLink,
                      .name = std::string(300, 's'),
                      .link_name = std::string(400, 't')};
  members[4].entry = {
      .type = TarType::kCharacterDevice, .name = "c", .device_major = 1, .device_minor = 3};
  members[5].entry = {.type = TarType::kFifo, .name = "\xC3\xA4"};
  members[6].entry = {.name = "times",
                      .size = 512,
                      .uid = 1'000'000'000'000,
                      .modified = {-5, 123'456'700},
                      .accessed = UnixTime{1'700'000'000, 1},
                      .changed = UnixTime{0, 0}};
  members[6].content = std::string(512, 'x');
  members[7].entry = {.name = "attributes",
                      .records = {{"SCHILY.xattr.user.a", std::string("\0=\n\xFF", 4)},
                                  {"SCHILY.xattr.user.empty", ""},
                                  {"SOMEBODY.unknown", "kept"}}};
  return members;
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_TAR_ARCHIVE_H_
