// The lines of a container's file in the state store. Each is a JSON document:
//
//   {"container":{...}}                  an hcs.v1.Container, in place of the one before
//   {"process":1234,"is":{...}}          an hcs.v1.Process, in place of the one before
//   {"process":1234,"is":"removed"}
//
// The process' id stands before its message so that lines can be told from each
// other, and old ones dropped, without reading the messages.

#ifndef HCS_CORE_RUNTIME_STATE_LINES_H_
#define HCS_CORE_RUNTIME_STATE_LINES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "hcs/v1/container_service.pb.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// What the daemon remembers of a container and its processes, ordered by id.
struct StoredContainer {
  v1::Container container;
  std::vector<v1::Process> processes;
};

// Each ends with a line feed, and has no other.
absl::StatusOr<std::string> ContainerLine(const v1::Container& container);
absl::StatusOr<std::string> ProcessLine(const v1::Process& process);
std::string RemovedProcessLine(uint32_t process_id);

// The lines that are in force of all that were written.
class StateLines {
 public:
  // `text`, to which this refers, may end in the middle of a line: a write that
  // was cut off, which is passed over. DATA_LOSS: a whole line is none of the
  // above, or there is no container.
  static absl::StatusOr<StateLines> Read(std::string_view text);

  // How much of the text is whole lines.
  size_t whole_bytes() const { return whole_bytes_; }

  // A text of the lines in force alone.
  std::string Compacted() const;

  // The messages in them. DATA_LOSS: one is damaged.
  absl::StatusOr<StoredContainer> Parse() const;

 private:
  // Without their line feeds.
  std::string_view container_;
  std::map<uint32_t, std::string_view> processes_;
  size_t whole_bytes_ = 0;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STATE_LINES_H_
