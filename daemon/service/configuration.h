// What the daemon can be told, by flags and by a file.

#ifndef HCS_DAEMON_SERVICE_CONFIGURATION_H_
#define HCS_DAEMON_SERVICE_CONFIGURATION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"

namespace hcs::service {

// Every field has a flag, which documents it, and a key of the same name in the
// configuration file.
struct Configuration {
  std::vector<std::string> listen;
  bool allow_insecure_remote = false;
  int max_message_mib = 16;
  int max_streams_per_connection = 4096;

  std::string host;
  bool allow_dll_host = false;
  uint32_t build_number = 20348;
  std::string worker;
  std::string isolation = "auto";
  bool layer_streams = true;

  std::string state;
  std::string log_level = "info";
  std::string log_file;

  size_t call_threads = 128;
  size_t queued_calls_per_container = 1024;
  absl::Duration operation_timeout = absl::Minutes(4);
  size_t journal_events = 16384;
  size_t exited_processes_per_container = 256;
  absl::Duration drain_timeout = absl::Seconds(10);
};

// Asked to print something, or cannot be understood: the text for standard
// output (status 0) or standard error, and the exit status.
struct Exit {
  int status = 0;
  std::string text;
};

// Flags go before the file, the file before the defaults. An unknown flag or
// key, or a bad value, is an Exit that names it and what is allowed.
std::variant<Configuration, Exit> ReadConfiguration(int argc, const char* const* argv);

}  // namespace hcs::service

#endif  // HCS_DAEMON_SERVICE_CONFIGURATION_H_
