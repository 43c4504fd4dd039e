#include "core/emulator/documents/process_document.h"

#include <csignal>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/emulator/documents/schema.h"

namespace hcs::emulator {
namespace {

constexpr Field kProcessFields[] = {
    {"ApplicationName", FieldType::kString},  {"CommandLine", FieldType::kString},
    {"CommandArgs", FieldType::kStringList},  {"User", FieldType::kString},
    {"WorkingDirectory", FieldType::kString}, {"Environment", FieldType::kStringMap},
    {"RestrictedToken", FieldType::kBool},    {"EmulateConsole", FieldType::kBool},
    {"CreateStdInPipe", FieldType::kBool},    {"CreateStdOutPipe", FieldType::kBool},
    {"CreateStdErrPipe", FieldType::kBool},   {"UseExistingLogin", FieldType::kBool},
    {"UseLegacyConsole", FieldType::kBool},   {"CreateInUtilityVm", FieldType::kBool},
    {"OCISpecification", FieldType::kObject},
};

constexpr Field kConsoleSizeFields[] = {
    {"Height", FieldType::kUint16},
    {"Width", FieldType::kUint16},
};
constexpr Field kCloseHandleFields[] = {{"Handle", FieldType::kString}};
constexpr Field kModificationFields[] = {
    {"Operation", FieldType::kString},
    {"ConsoleSize", FieldType::kObject, kConsoleSizeFields},
    {"CloseHandle", FieldType::kObject, kCloseHandleFields},
};

constexpr std::pair<std::string_view, ConsoleEvent> kConsoleEvents[] = {
    {"CtrlC", ConsoleEvent::kCtrlC},
    {"CtrlBreak", ConsoleEvent::kCtrlBreak},
    {"CtrlClose", ConsoleEvent::kCtrlClose},
    {"CtrlLogOff", ConsoleEvent::kCtrlLogOff},
    {"CtrlShutdown", ConsoleEvent::kCtrlShutdown},
};

Status InvalidDocument(std::string message) {
  return {abi::VMCOMPUTE_INVALID_JSON, std::move(message)};
}

Status InvalidValue(std::string message) {
  return {abi::ERROR_INVALID_PARAMETER, std::move(message)};
}

bool HasNul(const std::string& text) { return text.find('\0') != std::string::npos; }

// ConsoleSize of a process document is [height, width]; [0, 0] is what Go programs
// send for "not set".
Status ReadConsoleSize(const Json& document, platform::TerminalSize* size) {
  const Json* field = FindField(document, "ConsoleSize");
  if (field == nullptr) return {};
  if (!field->is_array() || field->size() != 2) {
    return InvalidDocument("ConsoleSize is not an array of height and width");
  }
  for (size_t i = 0; i < 2; ++i) {
    const Json& number = (*field)[i];
    if (!number.is_number_unsigned() ||
        number.get<uint64_t>() > std::numeric_limits<uint16_t>::max()) {
      return InvalidDocument("ConsoleSize[" + std::to_string(i) + "] is not between 0 and 65535");
    }
  }
  const auto rows = (*field)[0].get<uint16_t>();
  const auto columns = (*field)[1].get<uint16_t>();
  if (rows != 0) size->rows = rows;
  if (columns != 0) size->columns = columns;
  return {};
}

Status CheckTexts(const ProcessDocument& process) {
  if (HasNul(process.application_name)) return InvalidValue("ApplicationName has a NUL character");
  if (HasNul(process.command_line)) return InvalidValue("CommandLine has a NUL character");
  if (HasNul(process.working_directory)) {
    return InvalidValue("WorkingDirectory has a NUL character");
  }
  for (size_t i = 0; i < process.command_args.size(); ++i) {
    if (HasNul(process.command_args[i])) {
      return InvalidValue("CommandArgs[" + std::to_string(i) + "] has a NUL character");
    }
  }
  for (const auto& [name, value] : process.environment) {
    // Windows' own hidden variables (=C:) start with a '='.
    if (name.empty() || name.find('=', 1) != std::string::npos || HasNul(name)) {
      return InvalidValue("Environment has a variable with an impossible name: \"" + name + "\"");
    }
    if (HasNul(value)) return InvalidValue("Environment." + name + " has a NUL character");
  }
  return {};
}

template <typename Container>
void ReadStrings(const Json& document, const char* name, Container* target) {
  if (const Json* field = FindField(document, name)) *target = field->get<Container>();
}

Outcome<ProcessModification> ReadResize(const Json& document) {
  const Json* size = FindField(document, "ConsoleSize");
  if (size == nullptr) return InvalidDocument("ConsoleSize is missing");
  for (const char* name : {"Height", "Width"}) {
    if (NumberField(*size, name) == 0) {
      return InvalidValue(std::string("ConsoleSize.") + name + " is missing or 0");
    }
  }
  return ProcessModification(ResizeConsole{{static_cast<uint16_t>(NumberField(*size, "Height")),
                                            static_cast<uint16_t>(NumberField(*size, "Width"))}});
}

Outcome<ProcessModification> ReadCloseHandle(const Json& document) {
  const Json* close = FindField(document, "CloseHandle");
  const std::string handle = close == nullptr ? std::string() : StringField(*close, "Handle");
  for (StandardStream stream :
       {StandardStream::kStdIn, StandardStream::kStdOut, StandardStream::kStdErr}) {
    if (handle == StandardStreamName(stream)) return ProcessModification(CloseStream{stream});
  }
  return InvalidDocument("CloseHandle.Handle is not \"StdIn\", \"StdOut\" or \"StdErr\"");
}

}  // namespace

Outcome<ProcessDocument> ReadProcessDocument(const Json& document) {
  if (Status status = CheckDocument(document, kProcessFields); !status.ok()) return status;
  ProcessDocument process;
  if (Status status = ReadConsoleSize(document, &process.console_size); !status.ok()) {
    return status;
  }
  process.application_name = StringField(document, "ApplicationName");
  process.command_line = StringField(document, "CommandLine");
  ReadStrings(document, "CommandArgs", &process.command_args);
  process.user = StringField(document, "User");
  process.working_directory = StringField(document, "WorkingDirectory");
  ReadStrings(document, "Environment", &process.environment);
  process.emulate_console = BoolField(document, "EmulateConsole");
  process.create_stdin_pipe = BoolField(document, "CreateStdInPipe");
  process.create_stdout_pipe = BoolField(document, "CreateStdOutPipe");
  process.create_stderr_pipe = BoolField(document, "CreateStdErrPipe");
  if (Status status = CheckTexts(process); !status.ok()) return status;
  return process;
}

const char* StandardStreamName(StandardStream stream) {
  switch (stream) {
    case StandardStream::kStdIn: return "StdIn";
    case StandardStream::kStdOut: return "StdOut";
    case StandardStream::kStdErr: return "StdErr";
  }
  return "";
}

Outcome<ProcessModification> ReadProcessModification(const Json& document) {
  if (Status status = CheckDocument(document, kModificationFields); !status.ok()) return status;
  const std::string operation = StringField(document, "Operation");
  if (operation == "ConsoleSize") return ReadResize(document);
  if (operation == "CloseHandle") return ReadCloseHandle(document);
  return InvalidDocument("Operation is not \"ConsoleSize\" or \"CloseHandle\"");
}

Outcome<ProcessSignal> ReadProcessSignal(const Json& document) {
  const Json* signal = FindField(document, "Signal");
  if (signal == nullptr) return InvalidDocument("Signal is missing");
  if (signal->is_number_unsigned()) {
    const uint64_t number = signal->get<uint64_t>();
    if (number >= 1 && number < NSIG) return ProcessSignal(static_cast<int>(number));
    return InvalidValue("Signal is not the number of a signal");
  }
  if (!signal->is_string()) return InvalidDocument("Signal is not a name or a number");
  for (const auto& [name, event] : kConsoleEvents) {
    if (name == signal->get_ref<const std::string&>()) return ProcessSignal(event);
  }
  return InvalidDocument("Signal is not CtrlC, CtrlBreak, CtrlClose, CtrlLogOff or CtrlShutdown");
}

Json ProcessStatusDocument(const ProcessStatus& status) {
  return {{"ProcessId", status.process_id},
          {"Exited", status.exited},
          {"ExitCode", status.exit_code},
          {"LastWaitResult", status.last_wait_result}};
}

ProcessStatus ReadProcessStatus(const Json& document) {
  const Json* result = FindField(document, "LastWaitResult");
  return {static_cast<uint32_t>(NumberField(document, "ProcessId")), BoolField(document, "Exited"),
          static_cast<uint32_t>(NumberField(document, "ExitCode")),
          result != nullptr && result->is_number_integer() ? result->get<int32_t>() : 0};
}

}  // namespace hcs::emulator
