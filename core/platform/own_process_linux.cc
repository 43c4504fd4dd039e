#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>

#include "core/platform/own_process.h"

namespace hcs::platform {

int64_t ResidentBytes() {
  int64_t total = 0;
  int64_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

std::string OperatingSystemName() {
  utsname name{};
  if (uname(&name) != 0) return "Linux";
  return std::string(name.sysname) + " " + name.release + " " + name.machine;
}

}  // namespace hcs::platform
