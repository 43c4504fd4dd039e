#include "client/hcsctl/layer_options.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace hcs::ctl {
namespace {

constexpr char kLayerHelp[] = "A full path, or a name in the home folder";

bool IsFullPath(const std::string& layer) {
  return !layer.empty() && (layer[0] == '/' || layer[0] == '\\' ||
                            (layer.size() > 2 && absl::ascii_isalpha(layer[0]) && layer[1] == ':'));
}

}  // namespace

client::LayerName LayerOptions::NameOf(const std::string& layer) const {
  if (home.empty() || IsFullPath(layer)) return {"", layer};
  return {home, layer};
}

std::vector<std::string> LayerOptions::PathsOf(const std::vector<std::string>& named) const {
  const char separator = home.find('/') == home.npos && home.find('\\') != home.npos ? '\\' : '/';
  std::vector<std::string> paths;
  paths.reserve(named.size());
  for (const std::string& layer : named) {
    paths.push_back(home.empty() || IsFullPath(layer)
                        ? layer
                        : absl::StrCat(absl::StripSuffix(home, std::string(1, separator)),
                                       std::string(1, separator), layer));
  }
  return paths;
}

void AddHomeOption(CLI::App& command, LayerOptions& options) {
  command
      .add_option("--home", options.home,
                  "The folder, on the daemon's machine, that layers without a full path are in")
      ->envname("HCSD_LAYERS")
      ->type_name("FOLDER");
}

std::shared_ptr<LayerOptions> AddLayerOptions(CLI::App& command) {
  auto options = std::make_shared<LayerOptions>();
  command.add_option("LAYER", options->layer, kLayerHelp)->required();
  AddHomeOption(command, *options);
  return options;
}

std::shared_ptr<LayerOptions> AddLayersOptions(CLI::App& command) {
  auto options = std::make_shared<LayerOptions>();
  command.add_option("LAYER", options->layers, kLayerHelp)->required();
  AddHomeOption(command, *options);
  return options;
}

std::shared_ptr<std::vector<std::string>> AddParentOption(CLI::App& command, bool required) {
  auto parents = std::make_shared<std::vector<std::string>>();
  auto* option = command.add_option("-p,--parent", *parents,
                                    "A parent layer, once for each: the nearest first, the base "
                                    "last");
  option->type_name("LAYER")->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (required) option->required();
  return parents;
}

absl::StatusOr<uint64_t> ParseSize(const std::string& text) {
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string unit = absl::AsciiStrToUpper(text.substr(digits));
  if (absl::EndsWith(unit, "IB")) {
    unit.resize(unit.size() - 2);
  } else if (unit.size() > 1 && unit.back() == 'B') {
    unit.pop_back();
  }
  constexpr absl::string_view kUnits = "BKMGTP";
  const size_t power = unit.empty() ? 0 : kUnits.find(unit);
  uint64_t number = 0;
  const bool is_number = absl::SimpleAtoi(text.substr(0, digits), &number);
  if (!is_number || unit.size() > 1 || power == kUnits.npos ||
      number > std::numeric_limits<uint64_t>::max() >> (10 * power)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a size is a number of bytes, or of K, M, G, T or P of them: ", text));
  }
  return number << (10 * power);
}

}  // namespace hcs::ctl
