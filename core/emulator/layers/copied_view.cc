#include "core/emulator/layers/copied_view.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/layer_folder.h"
#include "core/emulator/layers/merged_folder.h"
#include "core/emulator/layers/staged_folder.h"
#include "core/emulator/layers/tree_copy.h"
#include "core/emulator/state/state_files.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr mode_t kFolderMode = 0755;

std::string MarkerOf(const std::string& sandbox) { return sandbox + "/copied"; }
std::string NewTreeOf(const std::string& sandbox) { return sandbox + "/tree.new"; }
std::string OldTreeOf(const std::string& sandbox) { return sandbox + "/tree.old"; }

Outcome<UniqueFd> MakeEmptyTree(const std::string& path) {
  if (Status status = RemoveTree(path); !status.ok()) return status;
  if (mkdir(path.c_str(), kFolderMode) != 0) return ErrnoStatus(errno, path);
  UniqueFd folder = OpenStateFolder(AT_FDCWD, path);
  return folder ? Outcome<UniqueFd>(std::move(folder)) : ErrnoStatus(errno, path);
}

std::vector<std::string> FilesOf(const std::vector<std::string>& layers) {
  std::vector<std::string> files;
  files.reserve(layers.size());
  for (const std::string& layer : layers) files.push_back(FilesOfLayer(layer));
  return files;
}

}  // namespace

bool HasCopiedView(const std::string& sandbox) {
  struct stat found {};
  return lstat(MarkerOf(sandbox).c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

Status MakeCopiedView(const std::string& sandbox, const std::vector<std::string>& parents) {
  if (Status status = DropCopiedView(sandbox); !status.ok()) return status;
  const Outcome<UniqueFd> tree = MakeEmptyTree(NewTreeOf(sandbox));
  if (!tree.ok()) return tree.failure();
  std::vector<std::string> layers = FilesOf(parents);
  layers.insert(layers.begin(), FilesOfLayer(sandbox));
  const Outcome<MergedFolder> merged = MergedFolder::Open(layers);
  if (!merged.ok()) return merged.failure();
  if (Status status = CopyFolder(*merged, tree->get()); !status.ok()) return status;
  // Over the empty folder that is there.
  if (rename(NewTreeOf(sandbox).c_str(), MountPointOfSandbox(sandbox).c_str()) != 0) {
    return ErrnoStatus(errno, MountPointOfSandbox(sandbox));
  }
  const UniqueFd folder = OpenStateFolder(AT_FDCWD, sandbox);
  const int error = WriteFileAtomically(folder.get(), "copied", {});
  return error == 0 ? Status() : ErrnoStatus(error, MarkerOf(sandbox));
}

Status SaveCopiedView(const std::string& sandbox, const std::vector<std::string>& parents) {
  struct stat marker {};
  if (lstat(MarkerOf(sandbox).c_str(), &marker) != 0) return ErrnoStatus(errno, sandbox);
  const Outcome<UniqueFd> tree = MakeEmptyTree(NewTreeOf(sandbox));
  if (!tree.ok()) return tree.failure();
  const Outcome<MergedFolder> below = MergedFolder::Open(FilesOf(parents));
  if (!below.ok()) return below.failure();
  const Outcome<MergedFolder> view = MergedFolder::Open({MountPointOfSandbox(sandbox)});
  if (!view.ok()) return view.failure();
  const Outcome<MergedFolder> above = MergedFolder::Open({FilesOfLayer(sandbox)});
  if (!above.ok()) return above.failure();
  if (Status status = CopyDifference(*view, *below, &*above, marker.st_mtim, tree->get());
      !status.ok()) {
    return status;
  }
  if (renameat2(AT_FDCWD, NewTreeOf(sandbox).c_str(), AT_FDCWD, FilesOfLayer(sandbox).c_str(),
                RENAME_EXCHANGE) != 0) {
    return ErrnoStatus(errno, FilesOfLayer(sandbox));
  }
  return RemoveTree(NewTreeOf(sandbox));
}

Status DropCopiedView(const std::string& sandbox) {
  if (unlink(MarkerOf(sandbox).c_str()) != 0 && errno != ENOENT) {
    return ErrnoStatus(errno, MarkerOf(sandbox));
  }
  if (Status status = RemoveTree(OldTreeOf(sandbox)); !status.ok()) return status;
  if (rename(MountPointOfSandbox(sandbox).c_str(), OldTreeOf(sandbox).c_str()) != 0 &&
      errno != ENOENT) {
    return ErrnoStatus(errno, MountPointOfSandbox(sandbox));
  }
  if (mkdir(MountPointOfSandbox(sandbox).c_str(), kFolderMode) != 0 && errno != EEXIST) {
    return ErrnoStatus(errno, MountPointOfSandbox(sandbox));
  }
  return RemoveTree(OldTreeOf(sandbox));
}

}  // namespace hcs::emulator
