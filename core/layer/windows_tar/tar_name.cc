#include "core/layer/windows_tar/tar_name.h"

#include <utility>

#include "core/layer/layer_name.h"

namespace hcs::layer {
namespace {

constexpr std::string_view kRemovedPrefix = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";

absl::Status CheckPlace(std::string_view name) {
  if (absl::Status status = CheckLayerName(name); !status.ok()) return status;
  const std::string_view root = name.substr(0, name.find('\\'));
  if (root == "Files" || root == "Hives" || root == "UtilityVM") return absl::OkStatus();
  return InvalidName(name, "must be in Files, Hives or UtilityVM");
}

size_t LastComponent(std::string_view name, char separator) {
  const size_t last = name.rfind(separator);
  return last == std::string_view::npos ? 0 : last + 1;
}

// Takes ":stream" off the name.
absl::Status SplitStream(TarName* parsed) {
  std::string& name = parsed->name;
  const size_t colon = name.find(':', LastComponent(name, '\\'));
  if (colon == std::string::npos) return absl::OkStatus();
  parsed->stream = name.substr(colon + 1);
  if (parsed->stream.empty() ||
      parsed->stream.find_first_of(std::string_view(":\0", 2)) != std::string::npos) {
    return InvalidName(name, "must have one ':' at most, with an alternate stream's name after it");
  }
  name.resize(colon);
  return absl::OkStatus();
}

// Takes ".wh." off the name.
absl::Status SplitRemoved(TarName* parsed) {
  const size_t last = LastComponent(parsed->name, '\\');
  const std::string_view component = std::string_view(parsed->name).substr(last);
  if (!component.starts_with(kRemovedPrefix)) return absl::OkStatus();
  if (component == kOpaque) {
    return InvalidName(parsed->name, "is an opaque whiteout, which Windows layers do not have");
  }
  if (!parsed->stream.empty()) {
    return InvalidName(parsed->name, "must not remove an alternate stream");
  }
  parsed->name.erase(last, kRemovedPrefix.size());
  parsed->removed = true;
  return absl::OkStatus();
}

std::string Replaced(std::string_view name, char from, char to) {
  std::string result(name);
  for (char& byte : result) byte = byte == from ? to : byte;
  return result;
}

}  // namespace

absl::StatusOr<TarName> ParseTarName(std::string_view tar_name) {
  if (tar_name.find('\\') != std::string_view::npos) {
    return InvalidName(tar_name, "must have '/' and no '\\'");
  }
  TarName parsed;
  parsed.name = Replaced(tar_name, '/', '\\');
  if (absl::Status status = SplitStream(&parsed); !status.ok()) return status;
  if (absl::Status status = SplitRemoved(&parsed); !status.ok()) return status;
  if (absl::Status status = CheckPlace(parsed.name); !status.ok()) return status;
  return parsed;
}

absl::StatusOr<std::string> ParsePlainTarName(std::string_view tar_name) {
  absl::StatusOr<TarName> parsed = ParseTarName(tar_name);
  if (!parsed.ok()) return parsed.status();
  if (parsed->removed || !parsed->stream.empty()) {
    return InvalidName(tar_name, "must be a file's own name");
  }
  return std::move(parsed->name);
}

absl::StatusOr<std::string> TarNameOf(std::string_view layer_name, bool removed) {
  if (absl::Status status = CheckPlace(layer_name); !status.ok()) return status;
  std::string name = Replaced(layer_name, '\\', '/');
  const size_t last = LastComponent(name, '/');
  if (std::string_view(name).substr(last).starts_with(kRemovedPrefix)) {
    return InvalidName(layer_name, "begins with '.wh.', which a tar keeps for removals");
  }
  if (removed) name.insert(last, kRemovedPrefix);
  return name;
}

}  // namespace hcs::layer
