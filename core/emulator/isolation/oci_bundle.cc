#include "core/emulator/isolation/oci_bundle.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/platform/container_entry.h"

namespace hcs::emulator {
namespace {

constexpr char kSpecification[] = "1.0.2";
// The program is not found by a path in the container: it is open as descriptor 3.
constexpr char kProgram[] = "/proc/self/fd/3";

constexpr size_t kMaxHostNameBytes = 64;

// What of /proc tells of the machine or changes it.
constexpr const char* kMasked[] = {"/proc/acpi",          "/proc/kcore",      "/proc/keys",
                                   "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                                   "/proc/sched_debug",   "/proc/scsi"};
constexpr const char* kReadOnly[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                                     "/proc/sysrq-trigger"};

Json Mount(const std::string& destination, const char* type, const std::string& source,
           std::vector<std::string> options) {
  return {{"destination", destination},
          {"type", type},
          {"source", source},
          {"options", std::move(options)}};
}

// A read-only folder is so with all that is mounted in it.
Json BindMount(const MappedPath& path) {
  std::vector<std::string> options = {"rbind", "rprivate", path.read_only ? "rro" : "rw"};
  if (path.read_only) options.emplace_back("ro");
  return Mount(path.destination, "bind", path.source, std::move(options));
}

Json Mounts(const ContainerFiles& files) {
  Json mounts = {
      Mount("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
      Mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
      Mount("/dev/pts", "devpts", "devpts",
            {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"}),
      Mount("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}),
      Mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"})};
  for (const MappedPath& path : files.mapped) mounts.push_back(BindMount(path));
  return mounts;
}

Json Process(const BundleOptions& options) {
  Json arguments = Json::array({kProgram});
  for (const std::string& argument : options.arguments) arguments.push_back(argument);
  const std::vector<std::string> capabilities = platform::FirstProcessCapabilities();
  return {{"terminal", false},
          {"user", {{"uid", 0}, {"gid", 0}}},
          {"args", std::move(arguments)},
          {"env", options.environment},
          {"cwd", "/"},
          {"capabilities",
           {{"bounding", capabilities}, {"effective", capabilities}, {"permitted", capabilities}}}};
}

}  // namespace

Outcome<std::string> ContainerHostName(const SystemDocument& document, const std::string& id) {
  if (document.host_name.empty()) return id.substr(0, kMaxHostNameBytes);
  if (document.host_name.size() <= kMaxHostNameBytes) return document.host_name;
  return Status{abi::ERROR_INVALID_PARAMETER,
                std::string(document.schema2 ? "Container.GuestOs.HostName" : "HostName") +
                    " is longer than 64 bytes"};
}

Json BundleConfiguration(const BundleOptions& options) {
  Json namespaces = Json::array();
  for (const char* type : {"pid", "mount", "uts", "ipc"}) namespaces.push_back({{"type", type}});
  const Json no_devices = {{"allow", false}, {"access", "rwm"}};
  return {{"ociVersion", kSpecification},
          {"hostname", options.host_name},
          {"root", {{"path", options.files.root}, {"readonly", false}}},
          {"process", Process(options)},
          {"mounts", Mounts(options.files)},
          {"linux",
           {{"cgroupsPath", options.cgroups_path},
            {"namespaces", std::move(namespaces)},
            {"resources", {{"devices", Json::array({no_devices})}}},
            {"maskedPaths", kMasked},
            {"readonlyPaths", kReadOnly}}}};
}

}  // namespace hcs::emulator
