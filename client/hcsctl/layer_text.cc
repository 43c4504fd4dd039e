#include "client/hcsctl/layer_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/hcsctl/image_text.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

std::string UsersText(const v1::LayerInfo& layer) {
  std::string text;
  for (const v1::LayerUser& user : layer.users()) {
    const char* separator = text.empty() ? "" : ",";
    if (user.has_layer()) {
      const std::string& path = user.layer();
      absl::StrAppend(&text, separator, path.substr(path.find_last_of("/\\") + 1));
    } else if (user.has_image_id()) {
      absl::StrAppend(&text, separator, "image:", ShortId(user.image_id()));
    } else {
      absl::StrAppend(&text, separator, "container:", user.container_id());
    }
  }
  return text;
}

std::string DigestsText(const std::string& digest, const std::string& diff_id) {
  std::string text;
  if (!diff_id.empty()) absl::StrAppend(&text, ", diff id ", diff_id);
  if (digest != diff_id) absl::StrAppend(&text, ", digest ", digest);
  return text;
}

}  // namespace

std::string LayerKindText(v1::LayerKind kind) {
  switch (kind) {
    case v1::LAYER_KIND_READ_ONLY: return "read-only";
    case v1::LAYER_KIND_SANDBOX: return "sandbox";
    default: return "-";
  }
}

std::string LayerStateText(v1::LayerState state) {
  switch (state) {
    case v1::LAYER_STATE_INACTIVE: return "inactive";
    case v1::LAYER_STATE_ACTIVE: return "active";
    case v1::LAYER_STATE_PREPARED: return "prepared";
    default: return "-";
  }
}

std::string LayersText(const std::vector<v1::LayerInfo>& layers) {
  const bool sizes = std::any_of(layers.begin(), layers.end(),
                                 [](const v1::LayerInfo& layer) { return layer.has_size_bytes(); });
  std::vector<std::string> headings{"LAYER", "KIND", "STATE", "PARENTS"};
  if (sizes) headings.emplace_back("SIZE");
  headings.emplace_back("USED BY");
  Table table(std::move(headings));
  for (const v1::LayerInfo& layer : layers) {
    std::vector<std::string> row{layer.id(), LayerKindText(layer.kind()),
                                 LayerStateText(layer.state()), absl::StrCat(layer.parents_size())};
    if (sizes) row.push_back(BytesText(static_cast<uint64_t>(layer.size_bytes())));
    row.push_back(UsersText(layer));
    table.AddRow(std::move(row));
  }
  return table.Text();
}

std::string ImportText(const v1::ImportLayerResponse& response) {
  const std::string& id = response.layer().id();
  if (response.already_present()) return absl::StrCat(id, ": there already");
  return absl::StrCat(id, ": ", response.entries(), " entries, ",
                      BytesText(static_cast<uint64_t>(response.raw_bytes())),
                      DigestsText(response.digest(), response.diff_id()));
}

std::string ExportText(const std::string& layer, const v1::ExportLayerSummary& summary) {
  return absl::StrCat(layer, ": ", summary.entries(), " entries, ",
                      BytesText(static_cast<uint64_t>(summary.bytes())),
                      DigestsText(summary.digest(), summary.diff_id()));
}

}  // namespace hcs::ctl
