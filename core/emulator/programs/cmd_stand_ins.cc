#include "core/emulator/programs/cmd_stand_ins.h"

#include <strings.h>

#include <algorithm>
#include <iterator>

namespace hcs::emulator {
namespace {

// Drops leading switches: a slash and one letter.
#define SKIP_SWITCHES "while case ${1-} in /[A-Za-z]) :;; *) false;; esac; do shift; done; "

constexpr std::string_view kCd =
    "cmd_cd() { case ${1-} in /[Dd]) shift;; esac; if [ $# -eq 0 ]; then pwd; else cd \"$@\"; fi; "
    "}";
constexpr std::string_view kDel = "cmd_del() { " SKIP_SWITCHES "rm -f -- \"$@\"; }";
constexpr std::string_view kRen = "cmd_ren() { mv -f -- \"$1\" \"$(dirname -- \"$1\")/$2\"; }";

constexpr CmdStandIn kStandIns[] = {
    {"cd", "cmd_cd", kCd},
    {"chdir", "cmd_cd", kCd},
    {"cls", "cmd_cls", "cmd_cls() { printf '\\033[H\\033[2J'; }"},
    {"copy", "cmd_copy",
     "cmd_copy() { " SKIP_SWITCHES "[ $# -gt 1 ] || set -- \"$1\" .; cp -- \"$@\"; }"},
    {"del", "cmd_del", kDel},
    {"dir", "cmd_dir",
     "cmd_dir() { cmd_how=-la; case ${1-} in /[Bb]) cmd_how=-1A;; esac; " SKIP_SWITCHES
     "ls \"$cmd_how\" -- \"$@\"; }"},
    {"erase", "cmd_del", kDel},
    {"md", "cmd_md", "cmd_md() { mkdir -p -- \"$@\"; }"},
    {"move", "cmd_move", "cmd_move() { " SKIP_SWITCHES "mv -f -- \"$@\"; }"},
    {"rd", "cmd_rd",
     "cmd_rd() { cmd_how=rmdir; case ${1-} in /[Ss]) cmd_how='rm -r';; esac; " SKIP_SWITCHES
     "$cmd_how -- \"$@\"; }"},
    {"ren", "cmd_ren", kRen},
    {"rename", "cmd_ren", kRen},
    {"type", "cmd_type", "cmd_type() { cat -- \"$@\"; }"},
    {"ver", "cmd_ver", "cmd_ver() { echo \"hcsd emulated host [$(uname -sr)]\"; }"},
};

#undef SKIP_SWITCHES

}  // namespace

const CmdStandIn* FindStandIn(std::string_view word) {
  const auto found =
      std::find_if(std::begin(kStandIns), std::end(kStandIns), [word](const CmdStandIn& stand_in) {
        return stand_in.name.size() == word.size() &&
               strncasecmp(stand_in.name.data(), word.data(), word.size()) == 0;
      });
  return found == std::end(kStandIns) ? nullptr : found;
}

}  // namespace hcs::emulator
