// Digests, by which OCI names what images are made of.

#ifndef HCS_CORE_IMAGE_DIGEST_H_
#define HCS_CORE_IMAGE_DIGEST_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace hcs::image {

// "sha256:" and 64 hexadecimal digits in lower case; of OCI's algorithms the only one that
// images are named by.
bool IsDigest(std::string_view text);

// INVALID_ARGUMENT: "FIELD: must be ...".
absl::Status CheckDigest(std::string_view field, std::string_view text);

// The 64 digits of what IsDigest.
std::string_view DigestHex(std::string_view digest);

std::string DigestOf(std::string_view bytes);

// What a layer is together with all that are below it (OCI image-spec, "Layer ChainID").
// `parent` is the chain id of those; empty for a base layer, whose diff id it then is.
std::string ChainId(std::string_view parent, std::string_view diff_id);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_DIGEST_H_
