// What the daemon has done to layers, as far as the host does not tell: what kind it made
// them, whether they are prepared, which parents it was told.

#ifndef HCS_CORE_RUNTIME_LAYER_LEDGER_H_
#define HCS_CORE_RUNTIME_LAYER_LEDGER_H_

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

// One layer: path, kind, state and parents of a LayerInfo.
//
// Thread-safe. Kept in one file, `STATE/layers.json`, which every change replaces (see
// ReplaceStateFile), so that a daemon that was killed finds it again. What cannot be
// written is reported, and holds as long as the daemon runs.
class LayerLedger {
 public:
  using Report = std::function<void(const std::string&)>;

  // Reads what is there. A damaged file is reported and set aside, as `layers.json.corrupt`.
  static absl::StatusOr<std::unique_ptr<LayerLedger>> Open(
      const std::filesystem::path& state_directory, Report report);

  // Both are found by LayerKey.
  std::optional<v1::LayerInfo> Find(std::string_view path) const;
  // Those that have the layer as a parent.
  std::vector<v1::LayerInfo> ChildrenOf(std::string_view path) const;

  // These write the file: not for threads that must not block.
  // Changes the layer's record, which is made when there is none.
  void Change(const std::string& path, absl::FunctionRef<void(v1::LayerInfo&)> change);
  void Forget(std::string_view path);

 private:
  LayerLedger(std::filesystem::path file, Report report)
      : file_(std::move(file)), report_(std::move(report)) {}

  absl::Status Read();
  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::filesystem::path file_;
  const Report report_;
  mutable absl::Mutex mutex_;
  std::map<std::string, v1::LayerInfo> layers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_LEDGER_H_
