#include <unistd.h>

#include <cstdlib>

#include "daemon/service/default_paths.h"

namespace hcs::service {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string DefaultListenAddress() {
  if (geteuid() == 0) return "unix:///run/hcsd/hcsd.sock";
  const std::string runtime = Environment("XDG_RUNTIME_DIR");
  return runtime.empty() ? runtime : "unix://" + runtime + "/hcsd/hcsd.sock";
}

std::string DefaultStateFolder() {
  if (geteuid() == 0) return "/var/lib/hcsd";
  if (const std::string state = Environment("XDG_STATE_HOME"); !state.empty()) {
    return state + "/hcsd";
  }
  const std::string home = Environment("HOME");
  return home.empty() ? home : home + "/.local/state/hcsd";
}

std::string DefaultConfigurationFile() { return "/etc/hcsd/hcsd.toml"; }

std::string DefaultHost() { return "emulated"; }

}  // namespace hcs::service
