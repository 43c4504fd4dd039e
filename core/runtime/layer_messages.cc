#include "core/runtime/layer_messages.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/document/invalid_field.h"
#include "core/image/digest.h"

namespace hcs::runtime {
namespace {

using Kind = layer::LayerEntry::Kind;

v1::LayerEntryKind ToMessage(Kind kind) {
  switch (kind) {
    case Kind::kFile: return v1::LAYER_ENTRY_KIND_FILE;
    case Kind::kLink: return v1::LAYER_ENTRY_KIND_LINK;
    case Kind::kRemoved: return v1::LAYER_ENTRY_KIND_REMOVED;
  }
  return v1::LAYER_ENTRY_KIND_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<layer::LayerEntry> FromMessage(v1::LayerEntry message) {
  layer::LayerEntry entry;
  switch (message.kind()) {
    case v1::LAYER_ENTRY_KIND_FILE: entry.kind = Kind::kFile; break;
    case v1::LAYER_ENTRY_KIND_LINK: entry.kind = Kind::kLink; break;
    case v1::LAYER_ENTRY_KIND_REMOVED: entry.kind = Kind::kRemoved; break;
    default:
      return document::InvalidField(
          "entry.kind", absl::StrCat("must be FILE, LINK or REMOVED, is ", message.kind()));
  }
  entry.name = std::move(*message.mutable_name());
  entry.link_target = std::move(*message.mutable_link_target());
  entry.basic_info = {.CreationTime = message.creation_time(),
                      .LastAccessTime = message.last_access_time(),
                      .LastWriteTime = message.last_write_time(),
                      .ChangeTime = message.change_time(),
                      .FileAttributes = message.attributes(),
                      .Padding = 0};
  entry.size = message.size();
  return entry;
}

v1::LayerEntry ToMessage(layer::LayerEntry entry) {
  v1::LayerEntry message;
  message.set_kind(ToMessage(entry.kind));
  message.set_name(std::move(entry.name));
  message.set_link_target(std::move(entry.link_target));
  message.set_creation_time(entry.basic_info.CreationTime);
  message.set_last_access_time(entry.basic_info.LastAccessTime);
  message.set_last_write_time(entry.basic_info.LastWriteTime);
  message.set_change_time(entry.basic_info.ChangeTime);
  message.set_attributes(entry.basic_info.FileAttributes);
  message.set_size(entry.size);
  return message;
}

v1::LayerCompression ToMessage(layer::Compression compression) {
  switch (compression) {
    case layer::Compression::kNone: return v1::LAYER_COMPRESSION_NONE;
    case layer::Compression::kGzip: return v1::LAYER_COMPRESSION_GZIP;
    case layer::Compression::kZstd: return v1::LAYER_COMPRESSION_ZSTD;
  }
  return v1::LAYER_COMPRESSION_UNSPECIFIED;
}

absl::StatusOr<layer::Compression> FromMessage(v1::LayerCompression compression) {
  switch (compression) {
    case v1::LAYER_COMPRESSION_UNSPECIFIED:
    case v1::LAYER_COMPRESSION_NONE: return layer::Compression::kNone;
    case v1::LAYER_COMPRESSION_GZIP: return layer::Compression::kGzip;
    case v1::LAYER_COMPRESSION_ZSTD: return layer::Compression::kZstd;
    default:
      return document::InvalidField("compression",
                                    absl::StrCat("must be NONE, GZIP or ZSTD, is ", compression));
  }
}

absl::Status CheckLayerFormat(v1::LayerFormat format) {
  if (format != v1::LAYER_FORMAT_UNSPECIFIED && v1::LayerFormat_IsValid(format)) {
    return absl::OkStatus();
  }
  return document::InvalidField("format",
                                absl::StrCat("must be TAR, LINUX_TAR or ENTRIES, is ", format));
}

layer::LayerTarFormat TarFormatOf(v1::LayerFormat format) {
  return format == v1::LAYER_FORMAT_LINUX_TAR ? layer::LayerTarFormat::kLinux
                                              : layer::LayerTarFormat::kWindows;
}

absl::Status CheckDigest(std::string_view field, std::string_view digest) {
  if (digest.empty() || image::IsDigest(digest)) return absl::OkStatus();
  return document::InvalidField(field,
                                "must be \"sha256:\" and 64 hexadecimal digits in lower case");
}

}  // namespace hcs::runtime
