#include "core/layer/tar/tar_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "core/layer/tar/pax_field.h"
#include "core/layer/tar/pax_records.h"
#include "core/layer/tar/pax_time.h"
#include "core/layer/tar/tar_header.h"
#include "core/platform/unicode.h"

namespace hcs::layer {
namespace {

absl::Status Invalid(std::string_view name, const char* rule) {
  return absl::InvalidArgumentError(absl::StrCat(
      "tar entry '", absl::CHexEscape(absl::string_view(name.data(), name.size())), "' ", rule));
}

bool HasNul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool IsLink(const TarEntry& entry) {
  return entry.type == TarType::kHardLink || entry.type == TarType::kSymbolicLink;
}

absl::Status CheckRecords(const TarEntry& entry) {
  for (size_t i = 0; i < entry.records.size(); ++i) {
    const PaxRecord& record = entry.records[i];
    if (record.key.empty() || record.key.find('=') != std::string::npos || HasNul(record.key)) {
      return Invalid(entry.name, "has a PAX key that is empty, or has '=' or a NUL");
    }
    if (record.value.empty() && record.key.find('.') == std::string::npos) {
      return Invalid(entry.name, "has a PAX record without a value");
    }
    TarEntry ignored;
    const absl::StatusOr<bool> is_field = SetPaxField(record, &ignored);
    if (!is_field.ok() || *is_field) return Invalid(entry.name, "has a field as a PAX record");
    for (size_t j = 0; j < i; ++j) {
      if (entry.records[j].key == record.key) return Invalid(entry.name, "has a PAX key twice");
    }
  }
  return absl::OkStatus();
}

absl::Status Check(const TarEntry& entry) {
  if (entry.name.empty()) return Invalid(entry.name, "must have a name");
  if (IsLink(entry) == entry.link_name.empty()) {
    return Invalid(entry.name, "must have a target if it is a link, and only then");
  }
  if (entry.type != TarType::kFile && entry.size != 0) {
    return Invalid(entry.name, "must have no content, since it is no file");
  }
  if (entry.type == TarType::kFile && entry.name.back() == '/') {
    return Invalid(entry.name, "must not end with '/', since it is no directory");
  }
  if (HasNul(entry.name) || HasNul(entry.link_name) || HasNul(entry.user) || HasNul(entry.group)) {
    return Invalid(entry.name, "has a NUL in a name");
  }
  if (std::max({uint64_t{entry.mode}, entry.device_major, entry.device_minor}) > kMaxOctal7) {
    return Invalid(entry.name, "has a mode or a device's number of more than 21 bits");
  }
  return CheckRecords(entry);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void AppendTextRecord(const char* key, std::string_view text, size_t field, std::string* body) {
  if (text.size() > field || !IsAscii(text)) AppendPaxRecord(key, text, body);
}

void AppendNumberRecord(const char* key, uint64_t number, uint64_t field, std::string* body) {
  if (number > field) AppendPaxRecord(key, std::to_string(number), body);
}

bool IsBinary(const TarEntry& entry) {
  const std::string_view texts[] = {entry.name, entry.link_name, entry.user, entry.group};
  return !std::all_of(std::begin(texts), std::end(texts), platform::IsValidUtf8);
}

// All that the header's own fields cannot hold.
std::string PaxBody(const TarEntry& entry) {
  std::string body;
  if (IsBinary(entry)) AppendPaxRecord(kCharsetKey, kBinaryCharset, &body);
  AppendTextRecord("path", entry.name, kNameField, &body);
  AppendTextRecord("linkpath", entry.link_name, kNameField, &body);
  AppendTextRecord("uname", entry.user, kOwnerField, &body);
  AppendTextRecord("gname", entry.group, kOwnerField, &body);
  AppendNumberRecord("size", entry.size, kMaxOctal11, &body);
  AppendNumberRecord("uid", entry.uid, kMaxOctal7, &body);
  AppendNumberRecord("gid", entry.gid, kMaxOctal7, &body);
  const UnixTime& time = entry.modified;
  if (time.nanoseconds != 0 || time.seconds < 0 ||
      time.seconds > static_cast<int64_t>(kMaxOctal11)) {
    AppendPaxRecord("mtime", FormatPaxTime(time), &body);
  }
  if (entry.accessed) AppendPaxRecord("atime", FormatPaxTime(*entry.accessed), &body);
  if (entry.changed) AppendPaxRecord("ctime", FormatPaxTime(*entry.changed), &body);
  for (const PaxRecord& record : entry.records) AppendPaxRecord(record.key, record.value, &body);
  return body;
}

// A header of its own, which a reader that knows no PAX takes for a small file.
void AppendPaxHeader(std::string_view name, const std::string& body, std::string* bytes) {
  constexpr std::string_view kFolder = "PaxHeaders/";
  const size_t slash = name.find_last_of('/', name.size() - 2);
  if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
  TarEntry header;
  header.name =
      absl::StrCat(std::string(kFolder), std::string(name.substr(0, kNameField - kFolder.size())));
  header.mode = 0644;
  header.size = body.size();
  AppendTarHeader(header, 'x', bytes);
  bytes->append(body);
  bytes->append(PaddingOf(body.size()), '\0');
}

}  // namespace

absl::Status TarWriter::Begin(const TarEntry& entry, std::string* bytes) {
  if (absl::Status status = CheckComplete(); !status.ok()) return status;
  if (absl::Status status = Check(entry); !status.ok()) return status;
  TarEntry fields = entry;
  if (fields.type == TarType::kDirectory && fields.name.back() != '/') fields.name += '/';
  const std::string body = PaxBody(fields);
  if (!body.empty()) AppendPaxHeader(fields.name, body, bytes);
  AppendTarHeader(fields, static_cast<char>(fields.type), bytes);
  name_ = std::move(fields.name);
  content_left_ = entry.size;
  padding_ = PaddingOf(entry.size);
  return absl::OkStatus();
}

absl::Status TarWriter::Write(std::string_view content, std::string* bytes) {
  if (content.size() > content_left_) {
    return absl::OutOfRangeError(
        absl::StrCat("tar entry '", name_, "' gets more content than its size"));
  }
  bytes->append(content);
  content_left_ -= content.size();
  if (content_left_ == 0) bytes->append(std::exchange(padding_, 0), '\0');
  return absl::OkStatus();
}

absl::Status TarWriter::Finish(std::string* bytes) {
  if (absl::Status status = CheckComplete(); !status.ok()) return status;
  bytes->append(2 * kTarBlockBytes, '\0');
  return absl::OkStatus();
}

absl::Status TarWriter::CheckComplete() const {
  if (content_left_ == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("tar entry '", name_, "' lacks ", content_left_, " bytes of content"));
}

}  // namespace hcs::layer
