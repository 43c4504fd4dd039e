// Folders that the daemon needs for as long as one operation on a layer takes, and which
// layers are being made.

#ifndef HCS_CORE_RUNTIME_LAYER_SCRATCH_H_
#define HCS_CORE_RUNTIME_LAYER_SCRATCH_H_

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/host/layer_address.h"

namespace hcs::runtime {

// A folder of its own, which is removed with all that is in it when this goes. It may
// have a mark in it: the name of a layer that is being made and is not whole yet. One
// thread at a time; its methods block.
class ScratchFolder {
 public:
  ScratchFolder() = default;
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();

  const std::filesystem::path& path() const { return path_; }
  // Where a transport folder is made in it.
  std::filesystem::path content() const { return path_ / "content"; }

  // The layer is being made from now on: a daemon that dies before ClearMark destroys it
  // when it is started again.
  absl::Status MarkDraft(const host::LayerAddress& layer);
  // The layer is whole.
  absl::Status ClearMark();
  // Leaves the folder and its mark to the daemon's next start.
  void Abandon() { path_.clear(); }

 private:
  friend class LayerScratch;
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;  // Empty: there is none.
};

// Thread-safe. Everything is in `STATE/layer-scratch`, which no other daemon uses.
class LayerScratch {
 public:
  using Report = std::function<void(const std::string&)>;
  // Destroys a layer, or what there is of it.
  using Destroy = std::function<absl::Status(const host::LayerAddress&)>;

  static absl::StatusOr<std::unique_ptr<LayerScratch>> Open(
      const std::filesystem::path& state_directory);

  absl::StatusOr<ScratchFolder> MakeFolder();

  // Ends what a daemon that died has left: destroys the layers that it was making, and
  // removes the folders. What cannot be done is reported and left for the next time. Before
  // the first MakeFolder.
  void RemoveLeftovers(const Destroy& destroy, const Report& report);

 private:
  explicit LayerScratch(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path root_;
  std::atomic<uint64_t> last_number_ = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_SCRATCH_H_
