// What run and create say about the container that they make.

#ifndef HCS_CLIENT_HCSCTL_CONTAINER_OPTIONS_H_
#define HCS_CLIENT_HCSCTL_CONTAINER_OPTIONS_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

struct ContainerOptions {
  std::string name;
  std::string owner = "hcsctl";
  std::vector<std::string> labels;  // "NAME=value".
  int64_t memory_mb = 0;            // 0: no limit.
  uint32_t processors = 0;          // 0: all.
};

// --name, --owner, --label, --memory, --cpus. `options` must live until the command line
// is parsed.
void AddContainerOptions(CLI::App& command, ContainerOptions& options);

// A schema 1 document. Without a name, one is made up (see RandomName).
absl::StatusOr<v1::CreateContainerRequest> CreateRequestFor(const ContainerOptions& options);

// Readable, and unique as far as chance goes: "brisk-otter-3f9a".
std::string RandomName();

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_CONTAINER_OPTIONS_H_
