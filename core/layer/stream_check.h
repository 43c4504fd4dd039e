// A backup stream's rules, checked on its way through.

#ifndef HCS_CORE_LAYER_STREAM_CHECK_H_
#define HCS_CORE_LAYER_STREAM_CHECK_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "core/layer/backup_stream/stream_reader.h"
#include "core/layer/layer_name.h"

namespace hcs::layer {

// BackupStreamReader for whoever speaks absl::Status. Errors name the file.
class StreamCheck {
 public:
  explicit StreamCheck(std::string name) : name_(std::move(name)) {}

  // Calls on_event(event, reader) for each kHeader, kData and kStreamEnd of the piece;
  // it returns a status, and one that is not OK ends the call.
  template <typename OnEvent>
  absl::Status Feed(std::string_view piece, OnEvent on_event) {
    reader_.Feed(piece);
    return Drain(on_event);
  }
  absl::Status Feed(std::string_view piece) { return Feed(piece, Ignore); }

  // That the stream is whole. Its last streams' events have all been told before.
  absl::Status Finish() {
    reader_.Finish();
    return Drain(Ignore);
  }

 private:
  static absl::Status Ignore(BackupStreamReader::Event, const BackupStreamReader&) {
    return absl::OkStatus();
  }

  template <typename OnEvent>
  absl::Status Drain(OnEvent on_event) {
    for (;;) {
      const BackupStreamReader::Event event = reader_.Next();
      if (event == BackupStreamReader::Event::kNeedInput) return absl::OkStatus();
      if (event == BackupStreamReader::Event::kEnd) return absl::OkStatus();
      if (event == BackupStreamReader::Event::kError) {
        return InvalidName(name_, reader_.error().ToString());
      }
      if (absl::Status status = on_event(event, reader_); !status.ok()) return status;
    }
  }

  std::string name_;
  BackupStreamReader reader_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_STREAM_CHECK_H_
