#include "core/runtime/layer_chain.h"

#include <algorithm>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "core/document/document.h"
#include "core/runtime/state_file.h"
#include "google/protobuf/struct.pb.h"

namespace hcs::runtime {
namespace {

// A chain is of 128 paths at most; a file beyond this is none.
constexpr uintmax_t kMostChainBytes = 16 << 20;

bool IsWindowsPath(std::string_view path) {
  return path.starts_with('\\') || (path.size() >= 2 && path[1] == ':');
}

std::filesystem::path ChainPath(const std::string& folder) {
  return std::filesystem::path(folder) / kLayerChainFile;
}

}  // namespace

std::string LayerKey(std::string_view path) {
  std::string key;
  for (const char byte : path) {
    const char separated = byte == '\\' ? '/' : byte;
    if (separated == '/' && key.size() > 1 && key.back() == '/') continue;
    key += separated;
  }
  while (key.size() > 1 && key.back() == '/') key.pop_back();
  return IsWindowsPath(path) ? absl::AsciiStrToLower(key) : key;
}

std::optional<std::vector<std::string>> ReadLayerChain(const std::string& folder) {
  const std::filesystem::path path = ChainPath(folder);
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size > kMostChainBytes) return std::nullopt;
  const auto content = ReadStateFile(path);
  if (!content.ok()) return std::nullopt;
  // An array alone is no document of ours; as a member it is one.
  google::protobuf::Struct document;
  if (!document::FromJson("{\"parents\":" + *content + "}", &document).ok()) return std::nullopt;
  std::vector<std::string> parents;
  for (const auto& parent : document.fields().at("parents").list_value().values()) {
    if (!parent.has_string_value()) return std::nullopt;
    parents.push_back(parent.string_value());
  }
  return parents;
}

absl::Status WriteLayerChain(const std::string& folder, const std::vector<std::string>& parents) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return absl::OkStatus();
  google::protobuf::Struct document;
  auto& values = *(*document.mutable_fields())["parents"].mutable_list_value();
  for (const std::string& parent : parents) values.add_values()->set_string_value(parent);
  const auto json = document::ToJson(document);
  if (!json.ok()) return json.status();
  const size_t begin = json->find('[');
  return ReplaceStateFile(ChainPath(folder), json->substr(begin, json->rfind(']') + 1 - begin));
}

}  // namespace hcs::runtime
