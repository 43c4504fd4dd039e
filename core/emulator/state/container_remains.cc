#include "core/emulator/state/container_remains.h"

#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/documents/schema.h"
#include "core/emulator/state/state_files.h"
#include "core/platform/rooted_path.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {
namespace {

constexpr char kFile[] = "mount_points.json";
constexpr char kRoot[] = "Root";
constexpr char kParts[] = "Parts";

}  // namespace

std::string RuntimeScopeNameOf(std::string_view runtime_id) {
  return "hcsd/" + std::string(runtime_id) + ".worker";
}

int WriteMountPoints(int folder, const MountPoints& mount_points) {
  const Json document = {{kRoot, mount_points.root}, {kParts, mount_points.parts}};
  return WriteFileAtomically(folder, kFile, JsonToText(document));
}

void RemoveMountPoints(int folder) {
  const Outcome<Json> document = ParseDocument(ReadStateFile(folder, kFile).value_or(""));
  if (!document.ok() || FindField(*document, kParts) == nullptr) return;
  const std::string path = StringField(*document, kRoot);
  const platform::UniqueFd root(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return;
  const auto parts = document->value(kParts, std::vector<std::string>());
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    platform::RemoveIfEmpty(root, *part);
  }
}

}  // namespace hcs::emulator
