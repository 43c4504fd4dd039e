// Writes a transport folder (transport_folder.h).

#ifndef HCS_CORE_LAYER_TRANSPORT_FOLDER_WRITER_H_
#define HCS_CORE_LAYER_TRANSPORT_FOLDER_WRITER_H_

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/backup_sink.h"
#include "core/layer/layer_entry.h"
#include "core/layer/name_set.h"
#include "core/layer/rooted_folder.h"
#include "core/layer/utility_vm_clone.h"

namespace hcs::layer {

// A hard link below Files, which a transport folder cannot express: it is made in the
// layer's own folder, after ImportLayer has been there.
struct PendingLink {
  std::string name;
  std::string target;
  // Which of the writer's parents has the target; -1: the layer itself.
  int parent = -1;
};

// Takes entries as LayerWriter says. Files and Hives need no entries of their own,
// UtilityVM does, and before what is below it: adding it clones the nearest parent's
// tree, which the entries below it then replace and remove from. Memory: some tens of
// bytes for each entry (NameSet), and the names of the links.
//
// INVALID_ARGUMENT besides LayerWriter's: a place that is none of a transport folder's;
// below Files, a name that ends with ".$wcidirs$"; a removal of something that is neither below
// Files nor below UtilityVM\Files, that has a line break, or that the layer has already (it may be
// added after that); "invalid hard link in layer". Names in a parent's folder are looked up in the
// file system's own case.
class TransportFolderWriter : public LayerWriter {
 public:
  // Makes `folder`, whose parent must exist. ALREADY_EXISTS. `parents` are the layers'
  // own folders, nearest first. Where case counts, `folder` must be on a file system where it
  // does.
  static absl::StatusOr<std::unique_ptr<TransportFolderWriter>> Create(
      const std::filesystem::path& folder, const std::vector<std::filesystem::path>& parents = {},
      NameCase name_case = NameCase::kIgnored);
  // Without Commit: removes the folder with all that is in it.
  ~TransportFolderWriter() override;

  absl::Status Add(const LayerEntry& entry) override;
  absl::Status Write(std::string_view piece) override;
  absl::Status Commit() override;

  // In their order; to be made after ImportLayer, before the removals are applied.
  const std::vector<PendingLink>& links() const { return links_; }

 private:
  TransportFolderWriter(std::filesystem::path path, RootedFolder folder, NameCase name_case)
      : path_(std::move(path)), folder_(std::move(folder)), names_(name_case) {}

  // Keeps the first failure.
  absl::Status Keep(absl::Status status);
  absl::Status Begin(const std::vector<std::filesystem::path>& parents);
  absl::Status EndEntry();
  absl::Status AddEntry(const LayerEntry& entry);
  absl::Status CheckPlace(const LayerEntry& entry);
  absl::Status MakeRoot(std::string_view name);
  absl::Status CheckFolderOf(std::string_view name);
  absl::Status AddFile(const LayerEntry& entry);
  absl::Status AddTransportFile(const LayerEntry& entry);
  absl::Status AddPlain(const LayerEntry& entry);
  absl::Status AddPlainDirectory(const std::string& name, const abi::FILE_BASIC_INFO& info);
  absl::Status MakeWayInClone(const std::string& name, bool directory, bool* is_there);
  absl::Status AddLink(const LayerEntry& entry);
  absl::StatusOr<int> FindTarget(const LayerEntry& entry);
  absl::Status Remove(const std::string& name);
  absl::Status RestoreDirectoryTimes();

  std::filesystem::path path_;
  RootedFolder folder_;
  std::vector<RootedFolder> parents_;
  NameSet names_;
  RootedFile tombstones_;
  uint64_t tombstones_size_ = 0;
  std::unique_ptr<BackupSink> sink_;  // Of the present entry, if it is a file.
  std::vector<DirectoryTimes> directories_;
  std::vector<PendingLink> links_;
  bool has_clone_ = false;
  bool committed_ = false;
  absl::Status failure_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TRANSPORT_FOLDER_WRITER_H_
