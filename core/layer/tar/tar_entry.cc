#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

std::optional<std::string_view> RecordOf(const std::vector<PaxRecord>& records,
                                         std::string_view key) {
  for (const PaxRecord& record : records) {
    if (record.key == key) return record.value;
  }
  return std::nullopt;
}

}  // namespace hcs::layer
