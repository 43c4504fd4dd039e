#include "core/layer/ea_data.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/little_endian.h"

namespace hcs::layer {
namespace {

// uint32 offset of the next entry (0: last), uint8 flags, uint8 bytes of the name,
// uint16 bytes of the value, the name, a NUL, the value.
constexpr size_t kFlagsField = 4;
constexpr size_t kNameSizeField = 5;
constexpr size_t kValueSizeField = 6;
constexpr size_t kFixedBytes = 8;
constexpr size_t kAlignment = 4;
constexpr size_t kMaxNameBytes = 255;
constexpr size_t kMaxValueBytes = 65535;

absl::Status Broken(size_t offset, const std::string& rule) {
  return absl::InvalidArgumentError(absl::StrCat("extended attributes, byte ", offset, ": ", rule));
}

// The entry that `bytes`, which begin at `offset` of the whole, consist of.
absl::StatusOr<ExtendedAttribute> ParseEntry(std::string_view bytes, size_t offset) {
  const auto name_bytes = LoadLittleEndian<uint8_t>(bytes, kNameSizeField);
  const auto value_bytes = LoadLittleEndian<uint16_t>(bytes, kValueSizeField);
  if (name_bytes == 0) return Broken(offset + kNameSizeField, "a name must not be empty");
  if (kFixedBytes + name_bytes + 1 + value_bytes > bytes.size()) {
    return Broken(offset, absl::StrCat("an entry of ", kFixedBytes + name_bytes + 1 + value_bytes,
                                       " bytes must fit into the ", bytes.size(), " it has"));
  }
  ExtendedAttribute attribute;
  attribute.flags = LoadLittleEndian<uint8_t>(bytes, kFlagsField);
  attribute.name = bytes.substr(kFixedBytes, name_bytes);
  attribute.value = bytes.substr(kFixedBytes + name_bytes + 1, value_bytes);
  if (attribute.name.find('\0') != std::string::npos || bytes[kFixedBytes + name_bytes] != '\0') {
    return Broken(offset + kFixedBytes, "a name must end with its only NUL");
  }
  return attribute;
}

}  // namespace

absl::StatusOr<std::vector<ExtendedAttribute>> ParseEaData(std::string_view bytes) {
  std::vector<ExtendedAttribute> attributes;
  size_t offset = 0;
  while (offset < bytes.size()) {
    const size_t rest = bytes.size() - offset;
    if (rest < kFixedBytes) return Broken(offset, "an entry is cut off");
    const size_t next = LoadLittleEndian<uint32_t>(bytes, offset);
    if (next != 0 && (next < kFixedBytes || next >= rest)) {
      return Broken(offset, absl::StrCat("the next entry must begin within the list, not ", next,
                                         " bytes on"));
    }
    const size_t length = next == 0 ? rest : next;
    absl::StatusOr<ExtendedAttribute> attribute = ParseEntry(bytes.substr(offset, length), offset);
    if (!attribute.ok()) return attribute.status();
    attributes.push_back(*std::move(attribute));
    offset += length;
  }
  return attributes;
}

absl::StatusOr<std::string> BuildEaData(const std::vector<ExtendedAttribute>& attributes) {
  std::string bytes;
  for (const ExtendedAttribute& attribute : attributes) {
    const std::string& name = attribute.name;
    if (name.empty() || name.size() > kMaxNameBytes || name.find('\0') != std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("extended attribute '", name.substr(0, name.find('\0')),
                       "': its name must have 1 to 255 bytes and no NUL"));
    }
    if (attribute.value.size() > kMaxValueBytes) {
      return absl::InvalidArgumentError(
          absl::StrCat("extended attribute '", name, "': its value must have at most 65535 bytes"));
    }
    const size_t length = kFixedBytes + name.size() + 1 + attribute.value.size();
    const bool last = &attribute == &attributes.back();
    const size_t padding = last ? 0 : (kAlignment - length % kAlignment) % kAlignment;
    AppendLittleEndian(static_cast<uint32_t>(last ? 0 : length + padding), &bytes);
    AppendLittleEndian(attribute.flags, &bytes);
    AppendLittleEndian(static_cast<uint8_t>(name.size()), &bytes);
    AppendLittleEndian(static_cast<uint16_t>(attribute.value.size()), &bytes);
    bytes.append(name).append(1, '\0').append(attribute.value).append(padding, '\0');
  }
  return bytes;
}

}  // namespace hcs::layer
