// Layers' entries and formats: the contract's <-> core/layer's.

#ifndef HCS_CORE_RUNTIME_LAYER_MESSAGES_H_
#define HCS_CORE_RUNTIME_LAYER_MESSAGES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/layer/any_tar/layer_tar_format.h"
#include "core/layer/compression/compression.h"
#include "core/layer/layer_entry.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {

// INVALID_ARGUMENT, naming the field: the kind. All else of it is for the writer to judge.
absl::StatusOr<layer::LayerEntry> FromMessage(v1::LayerEntry message);
v1::LayerEntry ToMessage(layer::LayerEntry entry);

v1::LayerCompression ToMessage(layer::Compression compression);
// Unspecified is none. INVALID_ARGUMENT, naming `compression`: a number that is none.
absl::StatusOr<layer::Compression> FromMessage(v1::LayerCompression compression);

// INVALID_ARGUMENT, naming `format`: none of the three.
absl::Status CheckLayerFormat(v1::LayerFormat format);
// Of either tar's.
layer::LayerTarFormat TarFormatOf(v1::LayerFormat format);

// Empty, or "sha256:" and 64 hexadecimal digits in lower case; else INVALID_ARGUMENT, naming
// the field.
absl::Status CheckDigest(std::string_view field, std::string_view digest);

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_LAYER_MESSAGES_H_
