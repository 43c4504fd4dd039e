#include "core/emulator/isolation/container_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/programs/program_search.h"
#include "core/platform/rooted_path.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;
namespace fs = std::filesystem;

Status InField(const std::string& field, Status status) {
  status.message = field + ": " + status.message;
  return status;
}

Outcome<struct stat> Look(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) == 0) return found;
  Status status = ErrnoStatus(errno, path);
  if (errno == ENOENT || errno == ENOTDIR) status.code = abi::ERROR_PATH_NOT_FOUND;
  return status;
}

Outcome<std::string> FindRoot(const std::string& path, const Volumes& volumes) {
  Outcome<std::string> folder = volumes.Resolve(path);
  if (!folder.ok() || IsLayer(*folder)) return volumes.FolderOfSandbox(path);
  const Outcome<struct stat> found = Look(*folder);
  if (!found.ok()) return found.failure();
  if (S_ISDIR(found->st_mode)) return folder;
  return Status{abi::ERROR_PATH_NOT_FOUND, *folder + " is no folder"};
}

// nullopt for what names no place below the container's root.
std::optional<std::string> PathInContainer(const std::string& path) {
  const fs::path posix = fs::path(ToPosixPath(path));
  const bool climbs = std::find(posix.begin(), posix.end(), "..") != posix.end();
  if (!posix.is_absolute() || climbs) return std::nullopt;
  std::string normal = posix.lexically_normal().native();
  while (normal.ends_with('/')) normal.pop_back();
  if (normal.empty()) return std::nullopt;
  return normal;
}

Outcome<MappedPath> FindMapped(const MappedDirectory& directory, const Volumes& volumes) {
  const std::string field = directory.field + ".HostPath";
  Outcome<std::string> source = volumes.Resolve(directory.host_path);
  if (!source.ok()) return InField(field, source.failure());
  const Outcome<struct stat> found = Look(*source);
  if (!found.ok()) return InField(field, found.failure());
  std::optional<std::string> destination = PathInContainer(directory.container_path);
  if (!destination) {
    return Status{abi::ERROR_INVALID_PARAMETER, directory.field + ".ContainerPath: \"" +
                                                    directory.container_path +
                                                    "\" is no path below the container's C:\\"};
  }
  return MappedPath{*std::move(source), *std::move(destination), directory.read_only,
                    !S_ISDIR(found->st_mode)};
}

}  // namespace

Outcome<ContainerFiles> FindContainerFiles(const SystemDocument& document, const Volumes& volumes) {
  Outcome<std::string> root = FindRoot(document.root_path, volumes);
  if (!root.ok()) return InField(document.root_field, root.failure());
  ContainerFiles files{.root = *std::move(root), .mapped = {}};
  for (const MappedDirectory& directory : document.mapped_directories) {
    Outcome<MappedPath> mapped = FindMapped(directory, volumes);
    if (!mapped.ok()) return mapped.failure();
    files.mapped.push_back(*std::move(mapped));
  }
  return files;
}

Status MakeMountPoints(const ContainerFiles& files, int folder) {
  const UniqueFd root(open(files.root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root) return ErrnoStatus(errno, files.root);
  std::vector<MappedPath> wanted = {{"", "/proc"}, {"", "/dev"}};
  wanted.insert(wanted.end(), files.mapped.begin(), files.mapped.end());

  MountPoints mount_points{.root = files.root, .parts = {}};
  for (const MappedPath& mount : wanted) {
    for (std::string& part : platform::MissingParts(root, mount.destination)) {
      mount_points.parts.push_back(std::move(part));
    }
  }
  if (int error = WriteMountPoints(folder, mount_points)) {
    return ErrnoStatus(error, "keeping the container's mount points");
  }
  for (const std::string& part : mount_points.parts) {
    const bool is_file = std::any_of(wanted.begin(), wanted.end(), [&part](const auto& mount) {
      return mount.is_file && mount.destination == part;
    });
    const int error =
        is_file ? platform::MakeEmptyFile(root, part) : platform::MakeEmptyFolder(root, part);
    if (error != 0) return ErrnoStatus(error, files.root + part);
  }
  return {};
}

}  // namespace hcs::emulator
