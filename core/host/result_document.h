// The result document: what the host says of a failed call.

#ifndef HCS_CORE_HOST_RESULT_DOCUMENT_H_
#define HCS_CORE_HOST_RESULT_DOCUMENT_H_

#include <string_view>

#include "hcs/v1/error.pb.h"

namespace hcs::host {

// Sets `raw_document` to the text as it came, and `message` and `events` to what
// can be made out of it; HNS says in a text `Error` what HCS says in `ErrorMessage`. Any member may
// be missing or of another type, and the text need not be JSON at all: what does not fit is left to
// `raw_document`.
void ReadResultDocument(std::string_view text, v1::HostError* error);

}  // namespace hcs::host

#endif  // HCS_CORE_HOST_RESULT_DOCUMENT_H_
