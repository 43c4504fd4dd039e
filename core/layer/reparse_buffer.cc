#include "core/layer/reparse_buffer.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/layer/backup_stream/little_endian.h"

namespace hcs::layer {
namespace {

// uint32 tag, uint16 bytes of data, uint16 reserved, the data. A link's data: uint16
// offset and length of the substitute name and of the print name, a symbolic link's
// uint32 flags, then both names.
constexpr size_t kDataSizeField = 4;
constexpr size_t kHeaderBytes = 8;
constexpr size_t kNameFieldsBytes = 8;
constexpr size_t kFlagsBytes = 4;
constexpr size_t kGuidBytes = 16;
constexpr uint32_t kRelativeFlag = 1;

absl::Status Broken(size_t offset, const std::string& rule) {
  return absl::InvalidArgumentError(absl::StrCat("reparse point, byte ", offset, ": ", rule));
}

bool IsLinkTag(uint32_t tag) { return tag == kSymbolicLinkTag || tag == kMountPointTag; }
bool HasGuid(uint32_t tag) { return (tag & kMicrosoftTagBit) == 0; }

// The name whose offset and length are at `field` of the link's data.
absl::StatusOr<std::u16string> ParseName(std::string_view data, size_t field,
                                         std::string_view names) {
  const size_t offset = LoadLittleEndian<uint16_t>(data, field);
  const size_t length = LoadLittleEndian<uint16_t>(data, field + 2);
  if (offset % 2 != 0 || length % 2 != 0) {
    return Broken(kHeaderBytes + field, "a name's place and length must be even (UTF-16)");
  }
  if (offset > names.size() || length > names.size() - offset) {
    return Broken(kHeaderBytes + field,
                  absl::StrCat("a name must end within the ", names.size(), " bytes of names, is ",
                               length, " bytes at ", offset));
  }
  return LoadUtf16(names.substr(offset, length));
}

absl::StatusOr<ReparsePoint> ParseLink(uint32_t tag, std::string_view data) {
  const bool symbolic = tag == kSymbolicLinkTag;
  const size_t fixed = kNameFieldsBytes + (symbolic ? kFlagsBytes : 0);
  if (data.size() < fixed) return Broken(kHeaderBytes + data.size(), "a link's data is cut off");
  const std::string_view names = data.substr(fixed);
  absl::StatusOr<std::u16string> substitute = ParseName(data, 0, names);
  if (!substitute.ok()) return substitute.status();
  absl::StatusOr<std::u16string> print = ParseName(data, 4, names);
  if (!print.ok()) return print.status();
  ReparseLink link{
      .tag = tag, .substitute_name = *std::move(substitute), .print_name = *std::move(print)};
  if (symbolic) {
    link.relative = LoadLittleEndian<uint32_t>(data, kNameFieldsBytes) & kRelativeFlag;
  }
  return link;
}

absl::StatusOr<std::string> LinkData(const ReparseLink& link) {
  if (!IsLinkTag(link.tag)) return absl::InvalidArgumentError("a link must have a link's tag");
  const bool symbolic = link.tag == kSymbolicLinkTag;
  if (link.relative && !symbolic) {
    return absl::InvalidArgumentError("a mount point must not be relative");
  }
  const size_t units = link.substitute_name.size() + link.print_name.size();
  if (units > kMaxReparseBytes / 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("a link's names must have at most 8192 UTF-16 units, have ", units));
  }
  const size_t terminator = symbolic ? 0 : 1;
  const auto bytes_of = [](size_t count) { return static_cast<uint16_t>(2 * count); };
  std::string data;
  AppendLittleEndian<uint16_t>(0, &data);
  AppendLittleEndian(bytes_of(link.substitute_name.size()), &data);
  AppendLittleEndian(bytes_of(link.substitute_name.size() + terminator), &data);
  AppendLittleEndian(bytes_of(link.print_name.size()), &data);
  if (symbolic) AppendLittleEndian<uint32_t>(link.relative ? kRelativeFlag : 0, &data);
  const std::u16string end(terminator, u'\0');
  AppendUtf16(link.substitute_name + end, &data);
  AppendUtf16(link.print_name + end, &data);
  return data;
}

absl::StatusOr<std::string> RawData(const RawReparse& raw) {
  if (raw.tag == 0) return absl::InvalidArgumentError("a reparse point's tag must not be 0");
  if (IsLinkTag(raw.tag)) {
    return absl::InvalidArgumentError("a raw reparse point must not have a link's tag");
  }
  if (HasGuid(raw.tag) && raw.data.size() < kGuidBytes) {
    return absl::InvalidArgumentError("a tag that is not Microsoft's must have a GUID");
  }
  return raw.data;
}

}  // namespace

absl::StatusOr<ReparsePoint> ParseReparseBuffer(std::string_view bytes) {
  if (bytes.size() > kMaxReparseBytes) {
    return Broken(
        0, absl::StrCat("must have at most ", kMaxReparseBytes, " bytes, has ", bytes.size()));
  }
  if (bytes.size() < kHeaderBytes) return Broken(bytes.size(), "the header is cut off");
  const auto tag = LoadLittleEndian<uint32_t>(bytes, 0);
  if (tag == 0) return Broken(0, "the tag must not be 0");
  // A GUID is not counted in.
  const size_t claimed = LoadLittleEndian<uint16_t>(bytes, kDataSizeField);
  const size_t expected = claimed + (HasGuid(tag) ? kGuidBytes : 0);
  const std::string_view data = bytes.substr(kHeaderBytes);
  if (data.size() != expected) {
    return Broken(kDataSizeField, absl::StrCat("the data must have the ", expected,
                                               " bytes that it claims, has ", data.size()));
  }
  if (IsLinkTag(tag)) return ParseLink(tag, data);
  return RawReparse{tag, std::string(data)};
}

absl::StatusOr<std::string> BuildReparseBuffer(const ReparsePoint& point) {
  const auto* link = std::get_if<ReparseLink>(&point);
  const uint32_t tag = link != nullptr ? link->tag : std::get<RawReparse>(point).tag;
  absl::StatusOr<std::string> data =
      link != nullptr ? LinkData(*link) : RawData(std::get<RawReparse>(point));
  if (!data.ok()) return data.status();
  if (data->size() > kMaxReparseBytes - kHeaderBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a reparse point must have at most ",
                                                   kMaxReparseBytes, " bytes, has ",
                                                   data->size() + kHeaderBytes));
  }
  std::string bytes;
  AppendLittleEndian(tag, &bytes);
  AppendLittleEndian(static_cast<uint16_t>(data->size() - (HasGuid(tag) ? kGuidBytes : 0)), &bytes);
  AppendLittleEndian<uint16_t>(0, &bytes);
  return bytes + *data;
}

}  // namespace hcs::layer
