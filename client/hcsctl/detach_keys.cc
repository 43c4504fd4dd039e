#include "client/hcsctl/detach_keys.h"

namespace hcs::ctl {
namespace {

constexpr char kCtrlP = 0x10;
constexpr char kCtrlQ = 0x11;

}  // namespace

std::string DetachKeys::Pass(absl::string_view keys) {
  std::string passed;
  for (const char key : keys) {
    if (detached_) break;
    if (held_ && key == kCtrlQ) {
      detached_ = true;
      break;
    }
    if (held_) passed += kCtrlP;
    held_ = key == kCtrlP;
    if (!held_) passed += key;
  }
  return passed;
}

}  // namespace hcs::ctl
