#include "core/layer/tar/tar_header.h"

#include <optional>

#include "absl/strings/str_cat.h"

namespace hcs::layer {
namespace {

struct Field {
  size_t offset;
  size_t size;
  const char* name;
};

constexpr Field kName{0, kNameField, "name"};
constexpr Field kMode{100, 8, "mode"};
constexpr Field kUid{108, 8, "uid"};
constexpr Field kGid{116, 8, "gid"};
constexpr Field kSize{124, 12, "size"};
constexpr Field kTime{136, 12, "mtime"};
constexpr Field kChecksum{148, 8, "checksum"};
constexpr size_t kType = 156;
constexpr Field kLinkName{157, 100, "linkname"};
constexpr Field kMagic{257, 6, "magic"};
constexpr Field kUser{265, 32, "uname"};
constexpr Field kGroup{297, 32, "gname"};
constexpr Field kMajor{329, 8, "devmajor"};
constexpr Field kMinor{337, 8, "devminor"};
constexpr Field kPrefix{345, 155, "prefix"};

constexpr std::string_view kUstar("ustar\0", 6);
constexpr std::string_view kGnu("ustar ", 6);

std::string_view Raw(std::string_view block, const Field& field) {
  return block.substr(field.offset, field.size);
}

std::string_view Text(std::string_view block, const Field& field) {
  const std::string_view raw = Raw(block, field);
  return raw.substr(0, raw.find('\0'));
}

absl::Status Broken(const Field& field, const char* rule) {
  return absl::InvalidArgumentError(absl::StrCat("its ", field.name, " ", rule));
}

// GNU's: a first byte of 0x80, or 0xFF for a negative number, then big-endian.
absl::StatusOr<int64_t> ParseBase256(std::string_view raw, const Field& field) {
  const auto first = static_cast<uint8_t>(raw[0]);
  const bool negative = (first & 0x40) != 0;
  // The bits of the first byte that count, with the sign extended.
  int64_t value = negative ? static_cast<int64_t>(first | ~int64_t{0x7F}) : first & 0x3F;
  for (const char c : raw.substr(1)) {
    if (value > (INT64_MAX >> 8) || value < (INT64_MIN >> 8)) {
      return Broken(field, "must fit 63 bits");
    }
    value = value * 256 + static_cast<uint8_t>(c);
  }
  return value;
}

// Octal, with spaces or NULs around; an empty field is 0.
absl::StatusOr<int64_t> ParseNumber(std::string_view block, const Field& field) {
  std::string_view raw = Raw(block, field);
  if ((static_cast<uint8_t>(raw[0]) & 0x80) != 0) return ParseBase256(raw, field);
  while (!raw.empty() && (raw.front() == ' ' || raw.front() == '\0')) raw.remove_prefix(1);
  int64_t value = 0;
  while (!raw.empty() && raw.front() >= '0' && raw.front() <= '7') {
    value = value * 8 + (raw.front() - '0');
    raw.remove_prefix(1);
  }
  if (!raw.empty() && raw.front() != ' ' && raw.front() != '\0') {
    return Broken(field, "must be an octal number");
  }
  return value;
}

absl::StatusOr<uint64_t> ParseUnsigned(std::string_view block, const Field& field) {
  absl::StatusOr<int64_t> value = ParseNumber(block, field);
  if (!value.ok()) return value.status();
  if (*value < 0) return Broken(field, "must not be negative");
  return static_cast<uint64_t>(*value);
}

template <typename Byte>
int64_t SumOf(std::string_view bytes) {
  int32_t sum = 0;
  for (const char byte : bytes) sum += static_cast<Byte>(byte);
  return sum;
}

// The sum of all bytes, its own field taken for spaces. Some old tars summed signed ones.
absl::Status CheckSum(std::string_view block) {
  absl::StatusOr<int64_t> claimed = ParseNumber(block, kChecksum);
  if (!claimed.ok()) return claimed.status();
  const std::string_view before = block.substr(0, kChecksum.offset);
  const std::string_view after = block.substr(kChecksum.offset + kChecksum.size);
  constexpr int64_t kSpaces = ' ' * kChecksum.size;
  if (*claimed == kSpaces + SumOf<uint8_t>(before) + SumOf<uint8_t>(after)) {
    return absl::OkStatus();
  }
  const int64_t of_signed = kSpaces + SumOf<signed char>(before) + SumOf<signed char>(after);
  if (*claimed == of_signed) return absl::OkStatus();
  return Broken(kChecksum, "must be that of the header's bytes");
}

absl::Status ParseNumbers(std::string_view block, TarEntry* entry) {
  struct Target {
    const Field& field;
    uint64_t* value;
  };
  uint64_t mode = 0;
  const bool extended = Raw(block, kMagic) == kUstar || Raw(block, kMagic) == kGnu;
  const Target targets[] = {{kMode, &mode},
                            {kUid, &entry->uid},
                            {kGid, &entry->gid},
                            {kSize, &entry->size},
                            {kMajor, &entry->device_major},
                            {kMinor, &entry->device_minor}};
  for (const Target& target : targets) {
    if (!extended && (&target.field == &kMajor || &target.field == &kMinor)) continue;
    absl::StatusOr<uint64_t> value = ParseUnsigned(block, target.field);
    if (!value.ok()) return value.status();
    *target.value = *value;
  }
  if (mode > UINT32_MAX) return Broken(kMode, "must fit 32 bits");
  entry->mode = static_cast<uint32_t>(mode);
  absl::StatusOr<int64_t> seconds = ParseNumber(block, kTime);
  if (!seconds.ok()) return seconds.status();
  entry->modified = {*seconds, 0};
  return absl::OkStatus();
}

void PutText(std::string_view text, const Field& field, std::string* block) {
  text = text.substr(0, field.size);
  block->replace(field.offset, text.size(), text);
}

// Zero-filled, with a NUL at the end.
void PutOctal(uint64_t value, const Field& field, std::string* block) {
  const size_t width = field.size - 1;
  if (value >> (3 * width) != 0) value = 0;  // It does not fit.
  for (size_t i = width; i-- > 0; value >>= 3) {
    (*block)[field.offset + i] = static_cast<char>('0' + (value & 7));
  }
}

}  // namespace

bool IsZeroBlock(std::string_view block) {
  return block.find_first_not_of('\0') == std::string_view::npos;
}

absl::StatusOr<TarHeader> ParseTarHeader(std::string_view block) {
  if (absl::Status status = CheckSum(block); !status.ok()) return status;
  TarHeader header;
  header.type = block[kType];
  TarEntry& entry = header.fields;
  if (absl::Status status = ParseNumbers(block, &entry); !status.ok()) return status;
  entry.name = Text(block, kName);
  entry.link_name = Text(block, kLinkName);
  const bool ustar = Raw(block, kMagic) == kUstar;
  if (ustar || Raw(block, kMagic) == kGnu) {
    entry.user = Text(block, kUser);
    entry.group = Text(block, kGroup);
  }
  // GNU has other things in the prefix's place.
  if (ustar && block[kPrefix.offset] != '\0') {
    entry.name = absl::StrCat(std::string(Text(block, kPrefix)), "/", entry.name);
  }
  return header;
}

void AppendTarHeader(const TarEntry& fields, char type, std::string* bytes) {
  std::string block(kTarBlockBytes, '\0');
  PutText(fields.name, kName, &block);
  PutOctal(fields.mode, kMode, &block);
  PutOctal(fields.uid, kUid, &block);
  PutOctal(fields.gid, kGid, &block);
  PutOctal(fields.size, kSize, &block);
  PutOctal(fields.modified.seconds < 0 ? 0 : static_cast<uint64_t>(fields.modified.seconds), kTime,
           &block);
  block[kType] = type;
  PutText(fields.link_name, kLinkName, &block);
  PutText(kUstar, kMagic, &block);
  block.replace(263, 2, "00");  // The version.
  PutText(std::string_view(fields.user).substr(0, kOwnerField), kUser, &block);
  PutText(std::string_view(fields.group).substr(0, kOwnerField), kGroup, &block);
  PutOctal(fields.device_major, kMajor, &block);
  PutOctal(fields.device_minor, kMinor, &block);

  block.replace(kChecksum.offset, kChecksum.size, kChecksum.size, ' ');
  PutOctal(static_cast<uint64_t>(SumOf<uint8_t>(block)), {kChecksum.offset, 7, kChecksum.name},
           &block);
  bytes->append(block);
}

}  // namespace hcs::layer
