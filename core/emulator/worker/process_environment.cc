#include "core/emulator/worker/process_environment.h"

#include <map>

namespace hcs::emulator::worker {

std::vector<std::string> ProcessEnvironment(const ProcessDocument& document,
                                            const std::string& host_name, const std::string& home) {
  std::map<std::string, std::string> variables = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"HOME", home},
      {"COMPUTERNAME", host_name},
      {"HOSTNAME", host_name},
  };
  if (document.emulate_console) variables["TERM"] = "xterm-256color";
  for (const auto& [name, value] : document.environment) variables[name] = value;
  std::vector<std::string> environment;
  environment.reserve(variables.size());
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

}  // namespace hcs::emulator::worker
