// The documents about processes: parameters of a new one, settings, signals, status.

#ifndef HCS_CORE_EMULATOR_DOCUMENTS_PROCESS_DOCUMENT_H_
#define HCS_CORE_EMULATOR_DOCUMENTS_PROCESS_DOCUMENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/emulator/documents/json_text.h"
#include "core/emulator/outcome.h"
#include "core/platform/pseudo_terminal.h"

namespace hcs::emulator {

struct ProcessDocument {
  std::string application_name;
  std::string command_line;
  std::vector<std::string> command_args;
  std::string user;
  std::string working_directory;
  std::map<std::string, std::string> environment;
  bool emulate_console = false;
  bool create_stdin_pipe = false;
  bool create_stdout_pipe = false;
  bool create_stderr_pipe = false;
  platform::TerminalSize console_size;  // 25x80 when the document has none.
};

// VMCOMPUTE_INVALID_JSON names the field that is wrong. A NUL character in a string,
// or a name of a variable that is empty or has a '=' beyond its first character, is
// 0x80070057: no process could get it.
Outcome<ProcessDocument> ReadProcessDocument(const Json& document);

enum class StandardStream { kStdIn, kStdOut, kStdErr };

const char* StandardStreamName(StandardStream stream);  // "StdIn", "StdOut", "StdErr".

struct ResizeConsole {
  platform::TerminalSize size;
};
struct CloseStream {
  StandardStream stream;
};
using ProcessModification = std::variant<ResizeConsole, CloseStream>;

// {"Operation": "ConsoleSize" | "CloseHandle", ...}.
Outcome<ProcessModification> ReadProcessModification(const Json& document);

enum class ConsoleEvent { kCtrlC, kCtrlBreak, kCtrlClose, kCtrlLogOff, kCtrlShutdown };

// Either one of Windows' console events or a signal of the machine's, by number.
using ProcessSignal = std::variant<ConsoleEvent, int>;

// {"Signal": "CtrlC" | ... | number}. A missing or unknown name is
// VMCOMPUTE_INVALID_JSON; a number that is no signal is
// 0x80070057.
Outcome<ProcessSignal> ReadProcessSignal(const Json& document);

// How a process ended, or that it has not. `last_wait_result` other than 0: the exit
// code is not known.
struct ProcessStatus {
  uint32_t process_id = 0;
  bool exited = false;
  uint32_t exit_code = 0;
  int32_t last_wait_result = 0;
};

Json ProcessStatusDocument(const ProcessStatus& status);
ProcessStatus ReadProcessStatus(const Json& document);  // What the above has made.

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_DOCUMENTS_PROCESS_DOCUMENT_H_
