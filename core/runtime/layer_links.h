// Hard links of a layer that is being made. Neither of the host's two ways to import can
// express them: they are made afterwards, in the layer's own folder.

#ifndef HCS_CORE_RUNTIME_LAYER_LINKS_H_
#define HCS_CORE_RUNTIME_LAYER_LINKS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/layer/transport_folder_writer.h"

namespace hcs::runtime {

// Makes the links in their order, in the folder of the layer `path`; directories keep
// their times. `parents` are those of the layer, nearest first: full paths, of which only
// those with a target are opened. Blocks. INVALID_ARGUMENT, naming the link, when one
// cannot be made.
absl::Status MakeLayerLinks(const std::string& path, const std::vector<std::string>& parents,
                            absl::Span<const layer::PendingLink> links);

// Which of the parents has the file `target`, the nearest first; -1 when none has.
class LinkTargets {
 public:
  explicit LinkTargets(std::vector<std::string> parents) : parents_(std::move(parents)) {}

  // Opens the parents' folders the first time.
  absl::StatusOr<int> Find(const std::string& target);

 private:
  const std::vector<std::string> parents_;
  std::vector<layer::RootedFolder> folders_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_LINKS_H_
