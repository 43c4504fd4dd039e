// How `hcsctl layer` names layers.

#ifndef HCS_CLIENT_HCSCTL_LAYER_OPTIONS_H_
#define HCS_CLIENT_HCSCTL_LAYER_OPTIONS_H_

#include <CLI/App.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

// LAYER and --home: a full path, or a name in the home folder.
struct LayerOptions {
  std::string home;
  std::string layer;
  std::vector<std::string> layers;  // Of a command that takes several, in place of `layer`.

  client::LayerName name() const { return NameOf(layer); }
  client::LayerName NameOf(const std::string& layer) const;
  // Parents as the daemon wants them: full paths.
  std::vector<std::string> PathsOf(const std::vector<std::string>& named) const;
};

// Adds both; for one layer, or for as many as there are.
std::shared_ptr<LayerOptions> AddLayerOptions(CLI::App& command);
std::shared_ptr<LayerOptions> AddLayersOptions(CLI::App& command);
void AddHomeOption(CLI::App& command, LayerOptions& options);
// "-p,--parent", once for each; nearest first.
std::shared_ptr<std::vector<std::string>> AddParentOption(CLI::App& command, bool required);

// "20G", "512MiB", "1000": bytes, by powers of 1024. INVALID_ARGUMENT.
absl::StatusOr<uint64_t> ParseSize(const std::string& text);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_LAYER_OPTIONS_H_
