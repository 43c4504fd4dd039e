#include "core/layer/tar/pax_field.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "core/layer/tar/pax_time.h"

namespace hcs::layer {
namespace {

absl::Status Broken(const PaxRecord& record, const char* rule) {
  return absl::InvalidArgumentError(absl::StrCat("PAX record ", record.key, " ", rule));
}

absl::StatusOr<bool> SetText(const PaxRecord& record, std::string* field) {
  if (record.value.find('\0') != std::string::npos) return Broken(record, "must have no NUL");
  *field = record.value;
  return true;
}

absl::StatusOr<bool> SetNumber(const PaxRecord& record, uint64_t* field) {
  const char* end = record.value.data() + record.value.size();
  const auto [last, error] = std::from_chars(record.value.data(), end, *field);
  if (error != std::errc() || last != end || *field > INT64_MAX) {
    return Broken(record, "must be a decimal number that fits 63 bits");
  }
  return true;
}

template <typename Time>
absl::StatusOr<bool> SetTime(const PaxRecord& record, Time* field) {
  const std::optional<UnixTime> time = ParsePaxTime(record.value);
  if (!time) return Broken(record, "must be decimal seconds");
  *field = *time;
  return true;
}

}  // namespace

absl::StatusOr<bool> SetPaxField(const PaxRecord& record, TarEntry* entry) {
  if (record.key == "path") return SetText(record, &entry->name);
  if (record.key == "linkpath") return SetText(record, &entry->link_name);
  if (record.key == "uname") return SetText(record, &entry->user);
  if (record.key == "gname") return SetText(record, &entry->group);
  if (record.key == "size") return SetNumber(record, &entry->size);
  if (record.key == "uid") return SetNumber(record, &entry->uid);
  if (record.key == "gid") return SetNumber(record, &entry->gid);
  if (record.key == "mtime") return SetTime(record, &entry->modified);
  if (record.key == "atime") return SetTime(record, &entry->accessed);
  if (record.key == "ctime") return SetTime(record, &entry->changed);
  // How texts are encoded, which is the system's matter: they are taken as they are.
  if (record.key == kCharsetKey) return true;
  if (record.key.starts_with("GNU.sparse.")) {
    return Broken(record, "is a sparse file's, which are not supported");
  }
  return false;
}

}  // namespace hcs::layer
