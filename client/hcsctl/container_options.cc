#include "client/hcsctl/container_options.h"

#include <limits>
#include <random>

#include "absl/strings/str_format.h"
#include "client/hcsctl/process_options.h"

namespace hcs::ctl {

void AddContainerOptions(CLI::App& command, ContainerOptions& options) {
  command.add_option("--name", options.name, "The container's id; one is made up without it")
      ->type_name("ID");
  command.add_option("--owner", options.owner, "The platform that the container belongs to")
      ->type_name("NAME")
      ->capture_default_str();
  command.add_option("--label", options.labels, "A label, for ps --filter; may repeat")
      ->type_name("NAME=value")
      ->allow_extra_args(false);
  command.add_option("--memory", options.memory_mb, "The most memory, in MiB")
      ->type_name("MB")
      ->check(CLI::Range(int64_t{1}, std::numeric_limits<int64_t>::max() >> 20));
  command.add_option("--cpus", options.processors, "The number of processors, a whole number")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
}

absl::StatusOr<v1::CreateContainerRequest> CreateRequestFor(const ContainerOptions& options) {
  v1::CreateContainerRequest request;
  request.set_id(options.name.empty() ? RandomName() : options.name);
  for (const std::string& label : options.labels) {
    const auto pair = ParsePair("--label", label);
    if (!pair.ok()) return pair.status();
    (*request.mutable_labels())[pair->first] = pair->second;
  }
  v1::ContainerConfig& config = *request.mutable_config();
  config.set_system_type("Container");
  config.set_name(request.id());
  config.set_owner(options.owner);
  if (options.memory_mb > 0) config.set_memory_maximum_in_mb(options.memory_mb);
  if (options.processors > 0) config.set_processor_count(options.processors);
  return request;
}

std::string RandomName() {
  constexpr const char* kQualities[] = {
      "amber", "bold",  "brisk",  "calm",  "clear", "deft",  "eager", "early", "fair",  "fleet",
      "fond",  "glad",  "keen",   "kind",  "lucid", "merry", "neat",  "noble", "quick", "quiet",
      "ready", "sharp", "steady", "sunny", "swift", "tidy",  "vivid", "warm",  "wise",  "witty"};
  constexpr const char* kAnimals[] = {"badger", "beaver", "bison",  "crane",  "falcon", "ferret",
                                      "finch",  "gecko",  "heron",  "ibex",   "jackal", "koala",
                                      "lemur",  "linnet", "lynx",   "marten", "newt",   "ocelot",
                                      "osprey", "otter",  "puffin", "quail",  "raven",  "robin",
                                      "seal",   "stoat",  "tapir",  "toucan", "wombat", "wren"};
  std::random_device random;
  const auto below = [&](size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random);
  };
  return absl::StrFormat("%s-%s-%04x", kQualities[below(std::size(kQualities))],
                         kAnimals[below(std::size(kAnimals))], below(0x10000));
}

}  // namespace hcs::ctl
