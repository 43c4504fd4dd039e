#include "core/emulator/worker/limits_mode.h"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/emulator/documents/system_document.h"
#include "core/platform/container_scope.h"

namespace hcs::emulator::worker {
namespace {

using platform::ContainerScope;

constexpr std::chrono::seconds kCleanTimeout{10};

int CreateScope(const std::string& name, std::unique_ptr<ContainerScope>* scope) {
  ContainerScope::Options options;
  options.name = name;
  const int error = ContainerScope::Create(options, scope);
  if (error != EEXIST) return error;
  // Of one that was killed here.
  if (const int left = ContainerScope::DestroyLeftovers(name, kCleanTimeout)) return left;
  return ContainerScope::Create(options, scope);
}

}  // namespace

int TellLimits(const std::string& scope_name) {
  std::unique_ptr<ContainerScope> scope;
  int error = CreateScope(scope_name, &scope);
  if (error == 0) {
    std::puts(std::string(platform::ScopeKindName(scope->kind())).c_str());
    for (const std::string& name : LimitsNotEnforced(scope->enforceable())) {
      std::puts(name.c_str());
    }
    error = scope->Destroy();
  }
  if (error == 0) return std::fflush(stdout) == 0 ? 0 : 1;
  std::fprintf(stderr, "hcs-worker: the scope %s: %s\n", scope_name.c_str(), std::strerror(error));
  return 1;
}

}  // namespace hcs::emulator::worker
