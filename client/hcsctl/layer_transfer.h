// `hcsctl layer import` and `hcsctl layer export`.

#ifndef HCS_CLIENT_HCSCTL_LAYER_TRANSFER_H_
#define HCS_CLIENT_HCSCTL_LAYER_TRANSFER_H_

#include <CLI/App.hpp>

#include "client/hcsctl/invocation.h"

namespace hcs::ctl {

void AddLayerImportCommand(CLI::App& layer, Invocation& invocation);
void AddLayerExportCommand(CLI::App& layer, Invocation& invocation);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_LAYER_TRANSFER_H_
