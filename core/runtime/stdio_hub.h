// A process' standard streams, between the host's pipes and any number of
// attached clients.

#ifndef HCS_CORE_RUNTIME_STDIO_HUB_H_
#define HCS_CORE_RUNTIME_STDIO_HUB_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/host/process.h"
#include "core/runtime/executor.h"
#include "core/runtime/output_pump.h"
#include "core/runtime/output_queue.h"
#include "core/runtime/stdin_pipe.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::runtime {

// Thread-safe: methods hand over to the shard's loop, and callbacks run there.
class StdioHub : public std::enable_shared_from_this<StdioHub> {
 public:
  // `shard` must outlive this. `policy` is not UNSPECIFIED.
  static std::shared_ptr<StdioHub> Create(IoShard& shard, host::ProcessInformation streams,
                                          v1::OutputPolicy policy);

  // Delivers to `client`: what no client has taken, then what comes, then, when
  // the process has exited and everything is told, the exit and an OK end.
  void Attach(std::shared_ptr<OutputQueue> client);
  void Detach(std::shared_ptr<OutputQueue> client);

  // The process has exited. Everything that it wrote is in the pipes.
  void OnExit(v1::ProcessExit exit);

  // No more is to be expected: every client gets End{status}.
  void Finish(absl::Status status);

  // See StdinPipe.
  void WriteStdin(std::string bytes, Task accepted);
  void CloseStdin(Task closed);

  int32_t attached_clients() const { return attached_; }
  // As of the last turn of the loop.
  uint64_t dropped_bytes(OutputStream stream) const {
    return dropped_[static_cast<size_t>(stream)];
  }

 private:
  explicit StdioHub(IoShard& shard) : shard_(shard) {}

  void OpenOnLoop(host::ProcessInformation streams, v1::OutputPolicy policy);
  void AttachOnLoop(std::shared_ptr<OutputQueue> client);
  void DetachOnLoop(const std::shared_ptr<OutputQueue>& client);
  void OnTaken();
  void TellExit();
  void CountDropped();

  IoShard& shard_;
  std::atomic<int32_t> attached_ = 0;
  std::atomic<uint64_t> dropped_[2] = {0, 0};
  // A run of OnTaken is posted and has not begun.
  std::atomic<bool> taken_posted_ = false;

  // On the loop only.
  std::unique_ptr<StdinPipe> stdin_;
  std::unique_ptr<OutputPump> stdout_;
  std::unique_ptr<OutputPump> stderr_;
  std::vector<std::shared_ptr<OutputQueue>> clients_;
  std::optional<v1::ProcessExit> exit_;
  std::optional<absl::Status> finished_;
};

}  // namespace hcs::runtime

#endif  // HCS_CORE_RUNTIME_STDIO_HUB_H_
