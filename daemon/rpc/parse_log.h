// What protobuf says of a message that it cannot parse.

#ifndef HCS_DAEMON_RPC_PARSE_LOG_H_
#define HCS_DAEMON_RPC_PARSE_LOG_H_

#include <string>
#include <string_view>

namespace hcs::rpc {

// While one exists, what protobuf would log on this thread is kept in it: the
// parser names a field with invalid UTF-8 in its log alone. Not nested.
class ParseLog {
 public:
  ParseLog();
  ~ParseLog();

  ParseLog(const ParseLog&) = delete;
  ParseLog& operator=(const ParseLog&) = delete;

  // Its full name without the package, such as "GetContainerRequest.id"; empty
  // when there was none.
  std::string FieldWithInvalidUtf8() const;

  void Add(std::string_view line) { lines_.append(line); }

 private:
  std::string lines_;
};

}  // namespace hcs::rpc

#endif  // HCS_DAEMON_RPC_PARSE_LOG_H_
