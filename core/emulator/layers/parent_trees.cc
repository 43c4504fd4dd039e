#include "core/emulator/layers/parent_trees.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "core/emulator/errno_status.h"
#include "core/emulator/layers/folder_below.h"
#include "core/emulator/layers/layer_metadata.h"
#include "core/emulator/layers/layer_names.h"
#include "core/emulator/layers/overlay_marks.h"
#include "core/platform/case_mapping.h"

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

// More than folders are nested, as a rule, so that a walk through the layer that is
// imported lists each of them once.
constexpr size_t kMaxListed = 32;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::u16string KeyOf(std::u16string_view component, bool case_sensitive) {
  return case_sensitive ? std::u16string(component) : platform::ToUpper(component);
}

// Whether something hides what the layers further away have in the folder `path`: it is
// no folder here, or an opaque one, or one of the folders on the way is.
bool HidesBelow(int layer, const std::string& path) {
  for (size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    const UniqueFd folder = OpenFolderBelow(layer, part);
    if (!folder) return errno != ENOENT;
    if (IsOpaque(folder.get())) return true;
  }
  return false;
}

}  // namespace

Outcome<ParentTrees> ParentTrees::Open(const std::vector<std::string>& layers) {
  ParentTrees trees;
  trees.paths_ = layers;
  for (const std::string& layer : layers) {
    trees.layers_.emplace_back(open(layer.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!trees.layers_.back()) return ErrnoStatus(errno, layer);
  }
  return trees;
}

std::optional<ParentTrees::Item> ParentTrees::Find(const std::string& path,
                                                   std::u16string_view component,
                                                   bool case_sensitive) {
  if (layers_.empty()) return std::nullopt;
  const Listing& names = List(path, case_sensitive);
  // As it would be read from the disk: a name that is cut there is looked up as that.
  const auto found = names.find(KeyOf(WindowsName(DiskName(component)), case_sensitive));
  return found == names.end() ? std::nullopt : std::optional<Item>(found->second);
}

Outcome<bool> ParentTrees::IsCaseSensitive(const std::string& path) {
  if (!case_sensitive_) {
    if (Status status = ReadCaseSensitive(); !status.ok()) return status;
  }
  return case_sensitive_->contains(path);
}

Status ParentTrees::ReadCaseSensitive() {
  std::unordered_set<std::string> folders;
  for (const std::string& layer : paths_) {
    Outcome<std::optional<MetadataReader>> reader = MetadataReader::Open(layer);
    if (!reader.ok()) return reader.failure();
    while (*reader) {
      const Outcome<std::optional<LayerRecord>> record = (*reader)->Next();
      if (!record.ok()) return record.failure();
      if (!*record) break;
      if ((*record)->case_sensitive) folders.insert((*record)->disk_path);
    }
  }
  case_sensitive_ = std::move(folders);
  return {};
}

UniqueFd ParentTrees::OpenNearest(const std::string& path) const {
  for (const UniqueFd& layer : layers_) {
    UniqueFd folder = OpenFolderBelow(layer.get(), path);
    if (folder) return folder;
    if (HidesBelow(layer.get(), path)) break;
  }
  return {};
}

const ParentTrees::Listing& ParentTrees::List(const std::string& path, bool case_sensitive) {
  for (auto listed = listed_.begin(); listed != listed_.end(); ++listed) {
    if (listed->path != path || listed->case_sensitive != case_sensitive) continue;
    listed_.splice(listed_.begin(), listed_, listed);
    return listed_.front().names;
  }
  if (listed_.size() == kMaxListed) listed_.pop_back();
  Listing& names = listed_.emplace_front(Listed{path, case_sensitive, {}}).names;
  for (const UniqueFd& layer : layers_) {
    UniqueFd folder = OpenFolderBelow(layer.get(), path);
    if (folder) {
      const std::unique_ptr<DIR, CloseFolder> open_folder(fdopendir(folder.release()));
      while (const dirent* entry = open_folder ? readdir(open_folder.get()) : nullptr) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        struct stat found {};
        const bool unsure = entry->d_type == DT_CHR || entry->d_type == DT_UNKNOWN;
        if (unsure &&
            fstatat(dirfd(open_folder.get()), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
          continue;
        }
        names.try_emplace(KeyOf(WindowsName(name), case_sensitive),
                          Item{name, entry->d_type == DT_DIR || S_ISDIR(found.st_mode),
                               unsure && IsWhiteout(found)});
      }
    }
    if (HidesBelow(layer.get(), path)) break;
  }
  return names;
}

}  // namespace hcs::emulator
