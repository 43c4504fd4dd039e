// The standard streams of one process: its own ends, the clients' ends, and what
// relays between them.

#ifndef HCS_CORE_EMULATOR_WORKER_STANDARD_STREAMS_H_
#define HCS_CORE_EMULATOR_WORKER_STANDARD_STREAMS_H_

#include <memory>
#include <utility>
#include <vector>

#include "core/emulator/documents/process_document.h"
#include "core/emulator/outcome.h"
#include "core/emulator/worker/event_loop.h"
#include "core/emulator/worker/input_relay.h"
#include "core/emulator/worker/output_relay.h"
#include "core/platform/process.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator::worker {

// The worker keeps an end of each pipe that clients may take, so that what is in it
// survives them, and the process as well.
class StandardStreams {
 public:
  static Outcome<std::unique_ptr<StandardStreams>> Open(EventLoop* loop,
                                                        const ProcessDocument& document);

  // Lends the process' own ends to `request`; EndSpawn closes them and begins to relay.
  void BeginSpawn(platform::SpawnRequest* request) const;
  void EndSpawn();

  // Fresh descriptors of the clients' ends that are open.
  std::vector<std::pair<StandardStream, platform::UniqueFd>> ClientEnds() const;

  // StdIn: end-of-file for the process, after what has been written. StdOut, StdErr:
  // the worker's end. Closing what is closed or never was is harmless.
  void Close(StandardStream stream);

  // Of the console; -1 when there is none.
  int terminal() const { return terminal_.get(); }

  // All that the process has written can be read by clients after this.
  void OnProcessExited();

 private:
  explicit StandardStreams(EventLoop* loop) : loop_(loop) {}

  int OpenConsole(const ProcessDocument& document);
  int OpenPipes(const ProcessDocument& document);

  EventLoop* const loop_;

  // The process' ends, until it has them. With a console all three are its terminal.
  platform::UniqueFd process_stdin_;
  platform::UniqueFd process_stdout_;
  platform::UniqueFd process_stderr_;

  // The clients' ends.
  platform::UniqueFd client_stdin_;
  platform::UniqueFd client_stdout_;
  platform::UniqueFd client_stderr_;

  // What the relays take over in EndSpawn.
  platform::UniqueFd input_source_;
  platform::UniqueFd input_target_;
  platform::UniqueFd output_target_;

  platform::UniqueFd terminal_;
  std::unique_ptr<InputRelay> input_;
  std::unique_ptr<OutputRelay> output_;
};

}  // namespace hcs::emulator::worker

#endif  // HCS_CORE_EMULATOR_WORKER_STANDARD_STREAMS_H_
