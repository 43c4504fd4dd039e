#include "core/layer/tombstones.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "core/layer/layer_name.h"
#include "core/layer/transport_folder.h"

namespace hcs::layer {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kVersionLine = "Version 1.0";

absl::Status BrokenLine(size_t number, const std::string& rule) {
  return absl::InvalidArgumentError(absl::StrCat(kTombstonesName, ", line ", number, ": ", rule));
}

// Takes the first line, without its end, from `text`.
std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string_view TombstonesHeader() { return "\xEF\xBB\xBFVersion 1.0\n"; }

bool IsTombstoneName(std::string_view name) {
  return name.find_first_of("\r\n") == std::string_view::npos;
}

std::string TombstoneLine(std::string_view name) {
  return std::string(name.substr(std::string_view(kFilesFolder).size())) + "\n";
}

absl::StatusOr<std::vector<std::string>> ParseTombstones(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::string_view first = TakeLine(&text);
  if (first != kVersionLine) {
    return BrokenLine(1, "must be 'Version 1.0', is " + QuotedName(first));
  }
  std::vector<std::string> names;
  for (size_t number = 2; !text.empty(); ++number) {
    const std::string_view line = TakeLine(&text);
    if (line.empty()) continue;
    if (!line.starts_with('\\')) {
      return BrokenLine(number, QuotedName(line) + ": must begin with '\\'");
    }
    if (!IsTombstoneName(line)) {
      return BrokenLine(number, QuotedName(line) + ": must have no '\\r' but before its end");
    }
    std::string name = kFilesFolder + std::string(line);
    if (const absl::Status status = CheckLayerName(name); !status.ok()) {
      return BrokenLine(number, std::string(status.message()));
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace hcs::layer
