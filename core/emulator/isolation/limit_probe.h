// Which limits this machine can hold containers to.

#ifndef HCS_CORE_EMULATOR_ISOLATION_LIMIT_PROBE_H_
#define HCS_CORE_EMULATOR_ISOLATION_LIMIT_PROBE_H_

#include <string>
#include <vector>

#include "core/emulator/outcome.h"

namespace hcs::emulator {

struct LimitProbe {
  std::string scope;                      // platform::ScopeKindName.
  std::vector<std::string> not_enforced;  // As in documents of schema 1.
};

// Tries it out with a scope that the worker makes and removes: making one would change the
// calling process (platform::ContainerScope::Create). Some milliseconds.
Outcome<LimitProbe> ProbeLimits(const std::string& worker_path);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_ISOLATION_LIMIT_PROBE_H_
