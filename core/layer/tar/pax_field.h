// Records that stand for fields of the header.

#ifndef HCS_CORE_LAYER_TAR_PAX_FIELD_H_
#define HCS_CORE_LAYER_TAR_PAX_FIELD_H_

#include "absl/status/statusor.h"
#include "core/layer/tar/tar_entry.h"

namespace hcs::layer {

// PAX texts are UTF-8; kBinaryCharset says that they are any bytes.
inline constexpr char kCharsetKey[] = "hdrcharset";
inline constexpr char kBinaryCharset[] = "BINARY";

// Sets the entry's field. False: the record stands for none. INVALID_ARGUMENT, with the
// key and the rule: a value that its field cannot have, or one of GNU's sparse files.
absl::StatusOr<bool> SetPaxField(const PaxRecord& record, TarEntry* entry);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TAR_PAX_FIELD_H_
