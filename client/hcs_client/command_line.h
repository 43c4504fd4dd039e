// From the words of a command to the one string that a Windows process gets.

#ifndef HCS_CLIENT_HCS_CLIENT_COMMAND_LINE_H_
#define HCS_CLIENT_HCS_CLIENT_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hcs::client {

// A command line that CommandLineToArgvW (and so nearly every program) takes apart into
// `words` again. Words are quoted only where they must be.
//
// cmd takes what follows /c or /k as it stands, by a rule of its own: it removes the
// first and the last quote. So for `cmd` (or cmd.exe, by any path, in any case) a single
// word after /c or /k, which is then a whole command, is put between quotes untouched;
// several are quoted as above and then, if any holds a quote, put between quotes once
// more.
//
// INVALID_ARGUMENT when there are no words, when the first is empty or holds a quote
// (which no command line can say), or when one holds a NUL.
absl::StatusOr<std::string> WindowsCommandLine(const std::vector<std::string>& words);

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_COMMAND_LINE_H_
