// Text that may be sent: valid UTF-8 of bounded length.

#ifndef HCS_DAEMON_RPC_TEXT_H_
#define HCS_DAEMON_RPC_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace hcs::rpc {

// Each byte that belongs to no UTF-8 character replaced by U+FFFD.
std::string ValidUtf8(std::string_view text);

// `text`, if it has at most `maximum` bytes; otherwise what fits of it before
// "... (truncated)", cut between characters. Valid UTF-8 stays so.
std::string Truncated(std::string_view text, size_t maximum);

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_TEXT_H_
