// Finding a program's file from the name that a Windows caller gave it.

#ifndef HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_SEARCH_H_
#define HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_SEARCH_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hcs::emulator {

// The value of the variable `name`, compared without regard to case, as Windows does;
// an exact match wins. `environment` holds "NAME=value".
std::optional<std::string_view> FindVariable(const std::vector<std::string>& environment,
                                             std::string_view name);

// "C:\bin\tool" -> "/bin/tool", "bin\tool" -> "bin/tool". A path without a backslash
// stays as it is, but for a drive C: before a slash.
std::string ToPosixPath(std::string_view path);

// Looks for `program`: a path (relative ones from `working_directory`), or a bare name
// that is looked for in the PATH of `environment`. What is not there is looked for
// again without a suffix ".exe" (in any case).
//
// 0 and the path of an executable file; ENOENT when there is none; EACCES when all
// that was found is not executable.
int FindProgram(std::string_view program, const std::vector<std::string>& environment,
                const std::string& working_directory, std::string* path);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_PROGRAMS_PROGRAM_SEARCH_H_
