// What hcsctl's exit code says.

#ifndef HCS_CLIENT_HCSCTL_EXIT_CODE_H_
#define HCS_CLIENT_HCSCTL_EXIT_CODE_H_

#include "absl/status/status.h"
#include "hcs/v1/process_service.pb.h"

namespace hcs::ctl {

inline constexpr int kFailure = 1;
// A command that runs a process failed itself. What follows is docker's choice, too.
inline constexpr int kRunFailure = 125;
inline constexpr int kNotExecutable = 126;
inline constexpr int kProgramNotFound = 127;
// As for a program that wrote into a closed pipe.
inline constexpr int kOutputClosed = 141;

// The process' own as far as a shell can say it: one that Ctrl-C ended (0xC000013A) is
// 130, any other above 255 is 255, and so is one that is not known.
int ProcessExitCode(const v1::ProcessExit& exit);

// Of a failure to run a process: whether its program is missing, is none, or anything
// else went wrong.
int RunFailureExitCode(const absl::Status& status);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_EXIT_CODE_H_
