// The body of a PAX header: records "LENGTH KEY=VALUE\n".

#ifndef HCS_CORE_LAYER_TAR_PAX_RECORDS_H_
#define HCS_CORE_LAYER_TAR_PAX_RECORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

// In their order, doubles and empty values (which take back a global record) included.
// INVALID_ARGUMENT, with the rule and the record's place in the body.
absl::StatusOr<std::vector<PaxRecord>> ParsePaxRecords(std::string_view body);

// `key` must not be empty and have neither '=' nor NUL.
void AppendPaxRecord(std::string_view key, std::string_view value, std::string* body);

// Puts `record` in the place of the one with its key, or at the end; one with an empty
// value takes that one away, and is kept when there is none to take away if its key is a
// vendor's ("VENDOR.keyword"). What global headers and an entry's own do to one another.
void MergeRecord(PaxRecord record, std::vector<PaxRecord>* records);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_PAX_RECORDS_H_
