// A layer's entries, given to the host one by one.

#ifndef HCS_CORE_RUNTIME_HOST_ENTRY_WRITER_H_
#define HCS_CORE_RUNTIME_HOST_ENTRY_WRITER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/host/layer_content.h"
#include "core/layer/layer_entry.h"
#include "core/layer/layer_outline.h"
#include "core/layer/stream_check.h"
#include "core/layer/transport_folder_writer.h"
#include "core/runtime/layer_links.h"

namespace hcs::runtime {

// A LayerWriter over host::LayerImport, but that a layer which was not committed is for
// the caller to destroy. It checks names (LayerOutline) and backup streams itself, so that
// what is wrong with them is said in words, whatever the host says.
class HostEntryWriter : public layer::LayerWriter {
 public:
  // `parents` are full paths, nearest first.
  HostEntryWriter(std::unique_ptr<host::LayerImport> import,
                  const std::vector<std::string>& parents, layer::NameCase name_case)
      : import_(std::move(import)), outline_(!parents.empty(), name_case), targets_(parents) {}

  absl::Status Add(const layer::LayerEntry& entry) override;
  absl::Status Write(std::string_view piece) override;
  absl::Status Commit() override;

  // In their order; to be made after Commit.
  const std::vector<layer::PendingLink>& links() const { return links_; }

 private:
  absl::Status Keep(absl::Status status);
  absl::Status EndEntry();
  absl::Status AddEntry(const layer::LayerEntry& entry);
  absl::Status Told(const layer::LayerEntry& entry, absl::Status status) const;
  absl::Status AddLink(const layer::LayerEntry& entry);

  const std::unique_ptr<host::LayerImport> import_;
  layer::LayerOutline outline_;
  LinkTargets targets_;
  std::vector<layer::PendingLink> links_;
  std::optional<layer::StreamCheck> stream_;  // Of the present entry, if it is a file.
  absl::Status failure_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_HOST_ENTRY_WRITER_H_
