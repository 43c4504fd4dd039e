// Imports and exports of layers, as a client makes them.

#ifndef HCS_TESTS_INTEGRATION_LAYER_STREAMS_H_
#define HCS_TESTS_INTEGRATION_LAYER_STREAMS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/layer/compression/compression.h"
#include "tests/integration/layers_fixture.h"
#include "tests/unit/layer_test_entries.h"

namespace hcs::integration {

using ImportWriter = grpc::ClientWriter<v1::ImportLayerRequest>;

// A layer with an entry of each kind that a tar can have. Hard links and removals need
// `parent` to be the same without them.
std::vector<layer::WholeEntry> TarEntries();
std::vector<layer::WholeEntry> EntriesOverParent();

std::string TarOf(const std::vector<layer::WholeEntry>& entries);
std::string Compressed(const std::string& raw, layer::Compression compression);
std::string DigestOf(std::string_view bytes);

struct Imported {
  grpc::Status status;
  v1::ImportLayerResponse response;
};

v1::ImportLayerSpec TarSpec(const Layers& layers, const std::string& id);
v1::ImportLayerSpec EntriesSpec(const Layers& layers, const std::string& id);
v1::ImportLayerRequest SpecMessage(const v1::ImportLayerSpec& spec);
v1::ImportLayerRequest TarMessage(std::string bytes);
v1::ImportLayerRequest DoneMessage();
// Of one entry.
v1::ImportLayerRequest EntryMessage(const layer::WholeEntry& whole);

// From spec to done.
Imported ImportTar(Layers& layers, const v1::ImportLayerSpec& spec, std::string_view tar,
                   size_t piece = 64 * 1024);
Imported ImportEntries(Layers& layers, const v1::ImportLayerSpec& spec,
                       const std::vector<layer::WholeEntry>& entries);
// The messages as they are, without another.
Imported Send(Layers& layers, const std::vector<v1::ImportLayerRequest>& messages);

struct Exported {
  grpc::Status status;
  std::string tar;
  std::vector<layer::WholeEntry> entries;
  v1::ExportLayerSummary summary;
  int summaries = 0;
  bool disordered = false;  // Something came after the summary.
};

Exported Export(Layers& layers, const v1::ExportLayerRequest& request);
v1::ExportLayerRequest ExportRequest(const Layers& layers, const std::string& id,
                                     v1::LayerFormat format);

// Neither a layer, nor anything beside it, nor anything in the daemon's scratch.
void CheckNothingLeft(Layers& layers);

// Whether the status' message has `text` in it; if not, the message is shown.
bool Mentions(const grpc::Status& status, const std::string& text);

}  // namespace hcs::integration

#endif  // HCS_TESTS_INTEGRATION_LAYER_STREAMS_H_
