#include "core/emulator/network/endpoint_view.h"

namespace hcs::emulator::hns {

Json ViewOfEndpoint(const HnsModel& model, const std::string& id) {
  const Endpoint& endpoint = model.endpoints().at(id);
  Json view = endpoint.document;
  const auto network = model.networks().find(endpoint.network);
  if (network != model.networks().end() && network->second.document.contains("Name")) {
    view["VirtualNetworkName"] = network->second.document["Name"];
  }
  const auto& spaces = model.NameSpacesOf(id);
  if (!spaces.empty()) view["Namespace"] = {{"ID", *spaces.begin()}};
  return view;
}

}  // namespace hcs::emulator::hns
