// What the library and a worker say to each other, as JSON objects in frames.
//
// Library to worker: {"Call": number, "Method": name, "Document": the caller's
// document or null, "Process": key of the process, where one is meant}. "Call" 0
// asks for no reply.
// Worker to library: {"Reply": number, "Result": HRESULT, "Message": words,
// "Body": object}, once for each call, in any order; and {"Event": name, ...}.
// A connection's first call is Create (over the worker's first connection, with
// its descriptors) or Attach (over any other); both reply with the summary.

#ifndef HCS_CORE_EMULATOR_CHANNEL_PROTOCOL_H_
#define HCS_CORE_EMULATOR_CHANNEL_PROTOCOL_H_

namespace hcs::emulator::protocol {

// Both sides are built together, but a worker outlives the library that started
// it: a library of another version refuses to attach rather than guess.
inline constexpr int kVersion = 1;

// Keys.
inline constexpr char kCall[] = "Call";
inline constexpr char kMethod[] = "Method";
inline constexpr char kDocument[] = "Document";
inline constexpr char kProcess[] = "Process";
inline constexpr char kReply[] = "Reply";
inline constexpr char kResult[] = "Result";
inline constexpr char kMessage[] = "Message";
inline constexpr char kBody[] = "Body";
inline constexpr char kEvent[] = "Event";

// Methods on the system.
inline constexpr char kCreate[] = "Create";  // Body: {"Version", "Worker", "Summary"}.
inline constexpr char kAttach[] = "Attach";  // The same.
inline constexpr char kStart[] = "Start";
inline constexpr char kShutdown[] = "Shutdown";
inline constexpr char kTerminate[] = "Terminate";
inline constexpr char kPause[] = "Pause";
inline constexpr char kResume[] = "Resume";
inline constexpr char kSave[] = "Save";
inline constexpr char kGetProperties[] = "GetProperties";  // Body: the properties.
inline constexpr char kModify[] = "Modify";
inline constexpr char kReleaseSystem[] = "ReleaseSystem";  // The last system handle has closed.
inline constexpr char kHoldSystem[] = "HoldSystem";        // There is one again.

// Methods on a process. CreateProcess, OpenProcess and GetProcessInfo reply with
// {"Process": key, "ProcessId", "Status", "Pipes": ["StdIn", ...]} and one
// descriptor for each of the pipes, in that order. Create and Open count one
// handle, which CloseProcess gives back.
inline constexpr char kCreateProcess[] = "CreateProcess";
inline constexpr char kOpenProcess[] = "OpenProcess";  // Document: {"ProcessId"}.
inline constexpr char kGetProcessInfo[] = "GetProcessInfo";
inline constexpr char kCloseProcess[] = "CloseProcess";
inline constexpr char kTerminateProcess[] = "TerminateProcess";
inline constexpr char kSignalProcess[] = "SignalProcess";
inline constexpr char kGetProcessProperties[] = "GetProcessProperties";
inline constexpr char kModifyProcess[] = "ModifyProcess";

// Events.
inline constexpr char kSummaryChanged[] = "SummaryChanged";  // {"Summary"}.
inline constexpr char kNotification[] = "Notification";      // {"Type", "Status", "Data"}.
inline constexpr char kProcessExited[] = "ProcessExited";    // {"Process", "Status"}.

// Keys of bodies and events.
inline constexpr char kVersionKey[] = "Version";
inline constexpr char kWorker[] = "Worker";    // The worker's process id.
inline constexpr char kSummary[] = "Summary";  // The basic properties, as enumerated.
inline constexpr char kProcessId[] = "ProcessId";
inline constexpr char kStatus[] = "Status";
inline constexpr char kPipes[] = "Pipes";
inline constexpr char kType[] = "Type";
inline constexpr char kData[] = "Data";
inline constexpr char kConfinement[] = "Confinement";  // channel/confinement.h.

// The descriptors of Create, in order; those of its "Confinement" follow.
enum CreateDescriptor {
  kFolderDescriptor,
  kLockDescriptor,
  kListenerDescriptor,
  kCreateDescriptors
};

}  // namespace hcs::emulator::protocol

#endif  // HCS_CORE_EMULATOR_CHANNEL_PROTOCOL_H_
