// Where a transport folder's file puts its backup stream.

#ifndef HCS_CORE_LAYER_BACKUP_SINK_H_
#define HCS_CORE_LAYER_BACKUP_SINK_H_

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "core/abi/vmcompute.h"
#include "core/layer/rooted_file.h"

namespace hcs::layer {

// Both of its calls check the stream; errors name the file.
class BackupSink {
 public:
  virtual ~BackupSink() = default;

  virtual absl::Status Write(std::string_view piece) = 0;
  // The stream must be whole. Sets the times. Once, and last.
  virtual absl::Status Finish() = 0;
};

// Writes the transport form: attributes, then the stream as it comes.
std::unique_ptr<BackupSink> WriteTransportFile(RootedFile file, const abi::FILE_BASIC_INFO& info);

// Writes a plain file's content, sparse blocks to their places; all else is checked
// and not kept.
std::unique_ptr<BackupSink> WritePlainFile(RootedFile file, const abi::FILE_BASIC_INFO& info);

// Keeps nothing: for a plain directory, whose own content it has none of.
std::unique_ptr<BackupSink> CheckStreamAlone(std::string name);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_BACKUP_SINK_H_
