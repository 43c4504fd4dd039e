#include "core/emulator/network/endpoint_view.h"

namespace hcs::emulator::hns {

Json ViewOfEndpoint(const HnsModel& model, const std::string& id) {
  Json view = model.endpoints().at(id).document;
  const auto& spaces = model.NameSpacesOf(id);
  if (!spaces.empty()) view["Namespace"] = {{"ID", *spaces.begin()}};
  return view;
}

}  // namespace hcs::emulator::hns
