// cmd's own commands, as functions of a POSIX shell.

#ifndef HCS_CORE_EMULATOR_PROGRAMS_CMD_STAND_INS_H_
#define HCS_CORE_EMULATOR_PROGRAMS_CMD_STAND_INS_H_

#include <string>
#include <string_view>

namespace hcs::emulator {

struct CmdStandIn {
  std::string_view name;        // In lower case, as cmd knows it.
  std::string_view function;    // As the shell's function is called: never a command's own name.
  std::string_view definition;  // The function, one line.
};

// nullptr for a word (in any case) that has none.
const CmdStandIn* FindStandIn(std::string_view word);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_PROGRAMS_CMD_STAND_INS_H_
