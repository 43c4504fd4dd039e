#include "core/layer/utility_vm_clone.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/layer/layer_name.h"
#include "core/layer/transport_folder.h"

namespace hcs::layer {
namespace {

constexpr size_t kCopyBytes = 64 * 1024;

bool IsBootConfiguration(std::string_view name) {
  const std::string boot = std::string(kUtilityVmFilesFolder) + "\\EFI\\Microsoft\\Boot\\";
  constexpr std::array kFiles = {"BCD", "BCD.LOG", "BCD.LOG1", "BCD.LOG2"};
  return std::any_of(kFiles.begin(), kFiles.end(), [&](const char* file) {
    return UpperCaseName(name) == UpperCaseName(boot + file);
  });
}

absl::Status CopyContent(const RootedFile& source, RootedFile* copy) {
  std::vector<char> buffer(kCopyBytes);
  for (uint64_t offset = 0;;) {
    const absl::StatusOr<size_t> count = source.ReadAt(offset, buffer.data(), buffer.size());
    if (!count.ok()) return count.status();
    if (*count == 0) return absl::OkStatus();
    if (absl::Status status = copy->WriteAt(offset, {buffer.data(), *count}); !status.ok()) {
      return status;
    }
    offset += *count;
  }
}

absl::Status CopyFile(RootedFolder& parent, RootedFolder& to, const std::string& name) {
  const absl::StatusOr<RootedFile> source = parent.OpenItem(name);
  if (!source.ok()) return source.status();
  const absl::StatusOr<abi::FILE_BASIC_INFO> info = source->BasicInfo();
  if (!info.ok()) return info.status();
  absl::StatusOr<RootedFile> copy = to.CreateFile(name);
  if (!copy.ok()) return copy.status();
  if (absl::Status status = CopyContent(*source, &*copy); !status.ok()) return status;
  return copy->SetTimes(*info);
}

absl::Status CloneFile(RootedFolder& parent, RootedFolder& to, const std::string& name) {
  if (!IsBootConfiguration(name) && to.LinkFile(parent, name, name).ok()) return absl::OkStatus();
  return CopyFile(parent, to, name);
}

absl::Status CloneDirectory(RootedFolder& parent, RootedFolder& to, const std::string& name,
                            std::vector<DirectoryTimes>* directories) {
  const absl::StatusOr<RootedFile> source = parent.OpenItem(name);
  if (!source.ok()) return source.status();
  const absl::StatusOr<abi::FILE_BASIC_INFO> info = source->BasicInfo();
  if (!info.ok()) return info.status();
  directories->push_back({name, *info});
  return to.CreateDirectory(name);
}

}  // namespace

absl::Status CloneUtilityVm(RootedFolder& parent, RootedFolder& to,
                            std::vector<DirectoryTimes>* directories) {
  const absl::StatusOr<ItemKind> kind = parent.KindOf(kUtilityVmFilesFolder);
  if (absl::IsNotFound(kind.status())) return absl::OkStatus();
  if (!kind.ok()) return kind.status();
  std::vector<std::string> waiting = {kUtilityVmFilesFolder};
  while (!waiting.empty()) {
    const std::string folder = std::move(waiting.back());
    waiting.pop_back();
    absl::Status status = CloneDirectory(parent, to, folder, directories);
    if (!status.ok()) return status;
    const absl::StatusOr<std::vector<FolderItem>> items = parent.List(folder);
    if (!items.ok()) return items.status();
    for (const FolderItem& item : *items) {
      std::string name = folder + "\\" + item.name;
      if (status = CheckLayerName(name); !status.ok()) return status;
      if (item.kind == ItemKind::kDirectory) {
        waiting.push_back(std::move(name));
        continue;
      }
      if (item.kind == ItemKind::kOther) {
        return InvalidName(name, "must be a file or a directory");
      }
      if (status = CloneFile(parent, to, name); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace hcs::layer
