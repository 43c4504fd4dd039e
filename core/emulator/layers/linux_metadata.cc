#include "core/emulator/layers/linux_metadata.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <utility>

#include "core/layer/backup_stream/linux_file.h"
#include "core/layer/backup_stream/little_endian.h"

namespace hcs::emulator {
namespace {

using layer::AppendLittleEndian;
using layer::LoadLittleEndian;

constexpr std::string_view kMode = layer::kLinuxModeName;
constexpr std::string_view kUser = layer::kLinuxUserName;
constexpr std::string_view kGroup = layer::kLinuxGroupName;
constexpr std::string_view kDevice = layer::kLinuxDeviceName;

// FILE_FULL_EA_INFORMATION: the offset of the next one (0 at the last), flags, the sizes
// of name and value, the name with a NUL, the value; each begins at a multiple of 4.
constexpr size_t kAttributeHeader = 8;
constexpr size_t kAlignment = 4;
constexpr size_t kMaxListBytes = 64 * 1024 - 512;  // Of NTFS, with room for one name.

struct Attribute {
  uint8_t flags = 0;
  std::string_view name;
  std::string_view value;
};

// Calls `take(Attribute)` for each, up to the first that is broken.
template <typename Take>
void ForEachAttribute(std::string_view bytes, Take&& take) {
  while (bytes.size() >= kAttributeHeader) {
    const auto next = LoadLittleEndian<uint32_t>(bytes, 0);
    const size_t name_size = LoadLittleEndian<uint8_t>(bytes, 5);
    const size_t value_size = LoadLittleEndian<uint16_t>(bytes, 6);
    if (bytes.size() < kAttributeHeader + name_size + 1 + value_size) return;
    take(Attribute{LoadLittleEndian<uint8_t>(bytes, 4), bytes.substr(kAttributeHeader, name_size),
                   bytes.substr(kAttributeHeader + name_size + 1, value_size)});
    if (next == 0 || next > bytes.size()) return;
    bytes.remove_prefix(next);
  }
}

class AttributeList {
 public:
  void Add(const Attribute& attribute) {
    if (!bytes_.empty()) {
      bytes_.resize((bytes_.size() + kAlignment - 1) / kAlignment * kAlignment);
      std::string next;
      AppendLittleEndian<uint32_t>(static_cast<uint32_t>(bytes_.size() - last_), &next);
      bytes_.replace(last_, next.size(), next);
    }
    last_ = bytes_.size();
    AppendLittleEndian<uint32_t>(0, &bytes_);
    AppendLittleEndian<uint8_t>(attribute.flags, &bytes_);
    AppendLittleEndian<uint8_t>(static_cast<uint8_t>(attribute.name.size()), &bytes_);
    AppendLittleEndian<uint16_t>(static_cast<uint16_t>(attribute.value.size()), &bytes_);
    bytes_.append(attribute.name).push_back('\0');
    bytes_.append(attribute.value);
  }

  size_t size() const { return bytes_.size(); }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  size_t last_ = 0;  // Where the last one begins.
};

std::optional<uint32_t> Number(std::string_view value) {
  if (value.size() != sizeof(uint32_t)) return std::nullopt;
  return LoadLittleEndian<uint32_t>(value, 0);
}

std::optional<dev_t> Device(std::string_view value) {
  if (value.size() != 2 * sizeof(uint32_t)) return std::nullopt;
  return makedev(LoadLittleEndian<uint32_t>(value, 0), LoadLittleEndian<uint32_t>(value, 4));
}

std::string Bytes(const std::optional<uint32_t>& number) {
  std::string bytes;
  if (number) AppendLittleEndian<uint32_t>(*number, &bytes);
  return bytes;
}

std::string DeviceBytes(const std::optional<dev_t>& device) {
  std::string bytes;
  if (!device) return bytes;
  AppendLittleEndian<uint32_t>(major(*device), &bytes);
  AppendLittleEndian<uint32_t>(minor(*device), &bytes);
  return bytes;
}

// Reparse points: tag, size of what follows the header, 2 reserved bytes.
constexpr size_t kReparseHeader = 8;
constexpr std::array<std::pair<uint32_t, mode_t>, 4> kTags = {
    {{layer::kLinuxSocketTag, S_IFSOCK},
     {layer::kLinuxFifoTag, S_IFIFO},
     {layer::kLinuxCharacterDeviceTag, S_IFCHR},
     {layer::kLinuxBlockDeviceTag, S_IFBLK}}};

}  // namespace

LinuxMetadata ParseLinuxAttributes(std::string_view attributes) {
  LinuxMetadata metadata;
  ForEachAttribute(attributes, [&](const Attribute& attribute) {
    if (attribute.name == kMode) metadata.mode = Number(attribute.value);
    if (attribute.name == kUser) metadata.user = Number(attribute.value);
    if (attribute.name == kGroup) metadata.group = Number(attribute.value);
    if (attribute.name == kDevice) metadata.device = Device(attribute.value);
    const auto name = layer::LinuxAttributeOf(attribute.name);
    if (name && attribute.value.starts_with(layer::kLinuxAttributeMagic)) {
      metadata.attributes.emplace_back(*name,
                                       attribute.value.substr(layer::kLinuxAttributeMagic.size()));
    }
  });
  return metadata;
}

std::string WithLinuxAttributes(std::string_view attributes, const LinuxMetadata& metadata) {
  std::array<std::pair<std::string_view, std::string>, 4> ours = {
      {{kUser, Bytes(metadata.user)},
       {kGroup, Bytes(metadata.group)},
       {kMode, Bytes(metadata.mode)},
       {kDevice, DeviceBytes(metadata.device)}}};
  AttributeList list;
  ForEachAttribute(attributes, [&](Attribute attribute) {
    if (layer::LinuxAttributeOf(attribute.name)) return;
    for (auto& [name, value] : ours) {
      if (name != attribute.name || value.empty()) continue;
      attribute.value = value;
      list.Add(attribute);
      value.clear();
      return;
    }
    list.Add(attribute);
  });
  for (const auto& [name, value] : ours) {
    if (!value.empty()) list.Add({0, name, value});
  }
  for (const auto& [linux_name, linux_value] : metadata.attributes) {
    const std::string name = layer::LinuxAttributeName(linux_name);
    const std::string value = std::string(layer::kLinuxAttributeMagic) + linux_value;
    if (name.size() <= UINT8_MAX && value.size() + list.size() < kMaxListBytes) {
      list.Add({0, name, value});
    }
  }
  return list.Take();
}

std::optional<SpecialFile> ParseLinuxReparse(std::string_view reparse) {
  if (reparse.size() < kReparseHeader) return std::nullopt;
  const auto tag = LoadLittleEndian<uint32_t>(reparse, 0);
  for (const auto& [known, type] : kTags) {
    if (tag == known) return SpecialFile{type, {}};
  }
  const std::string_view data = reparse.substr(kReparseHeader);
  if (tag != layer::kLinuxSymbolicLinkTag || data.size() <= sizeof(uint32_t)) return std::nullopt;
  if (LoadLittleEndian<uint32_t>(data, 0) != layer::kLinuxSymbolicLinkVersion) return std::nullopt;
  std::string target(data.substr(sizeof(uint32_t)));
  if (target.find('\0') != std::string::npos) return std::nullopt;
  return SpecialFile{S_IFLNK, std::move(target)};
}

std::string LinuxReparse(const SpecialFile& special) {
  uint32_t tag = layer::kLinuxSymbolicLinkTag;
  for (const auto& [known, type] : kTags) {
    if (type == special.type) tag = known;
  }
  std::string data;
  if (special.type == S_IFLNK) {
    AppendLittleEndian<uint32_t>(layer::kLinuxSymbolicLinkVersion, &data);
    data += special.target;
  }
  std::string reparse;
  AppendLittleEndian<uint32_t>(tag, &reparse);
  AppendLittleEndian<uint32_t>(static_cast<uint32_t>(data.size()), &reparse);
  return reparse + data;
}

}  // namespace hcs::emulator
