#include <fts.h>
#include <sys/stat.h>

#include <memory>
#include <set>
#include <utility>

#include "core/platform/folder_size.h"

namespace hcs::platform {
namespace {

constexpr int64_t kBlockBytes = 512;  // Of st_blocks, whatever the file system's are.

struct CloseWalk {
  void operator()(FTS* walk) const { fts_close(walk); }
};

}  // namespace

std::optional<int64_t> FolderSize(const std::string& folder) {
  std::string path = folder;
  char* const paths[] = {path.data(), nullptr};
  const std::unique_ptr<FTS, CloseWalk> walk(
      fts_open(paths, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, nullptr));
  if (walk == nullptr) return std::nullopt;
  int64_t bytes = 0;
  bool is_folder = false;
  std::set<std::pair<dev_t, ino_t>> counted;
  while (FTSENT* const entry = fts_read(walk.get())) {
    if (entry->fts_info == FTS_DP || entry->fts_statp == nullptr) continue;
    if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR) continue;
    if (entry->fts_level == 0) is_folder = entry->fts_info == FTS_D;
    const struct stat& found = *entry->fts_statp;
    // FTS_XDEV enters no other file system, but tells the folder where it is mounted.
    if (found.st_dev != walk->fts_dev) continue;
    const bool again = !S_ISDIR(found.st_mode) && found.st_nlink > 1 &&
                       !counted.emplace(found.st_dev, found.st_ino).second;
    if (!again) bytes += found.st_blocks * kBlockBytes;
  }
  if (!is_folder) return std::nullopt;
  return bytes;
}

}  // namespace hcs::platform
