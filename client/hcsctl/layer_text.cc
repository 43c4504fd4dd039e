#include "client/hcsctl/layer_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/hcsctl/image_text.h"
#include "client/hcsctl/table.h"
#include "client/hcsctl/text.h"

namespace hcs::ctl {
namespace {

// A layer by its name, all else by what it is and its id.
std::string UserText(const v1::LayerUser& user) {
  if (user.has_layer()) return user.layer().substr(user.layer().find_last_of("/\\") + 1);
  if (user.has_image_id()) return absl::StrCat("image:", ShortId(user.image_id()));
  return absl::StrCat("container:", user.container_id());
}

std::string UsersText(const v1::LayerInfo& layer) {
  return absl::StrJoin(layer.users(), ",", [](std::string* out, const v1::LayerUser& user) {
    absl::StrAppend(out, UserText(user));
  });
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
