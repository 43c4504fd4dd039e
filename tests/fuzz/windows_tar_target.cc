// Windows layers as tar. Promises: what is read can be written, with and without what Windows has
// no place for, and is read as the same then; each backup stream is one; how the bytes are cut
// changes nothing; ends and errors are told again (ReadWindowsTar asks).

#include "tests/fuzz/layer_promises.h"
#include "tests/fuzz/target.h"
#include "tests/unit/layer_every_kind.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::fuzz {
namespace {

using layer::LayerItem;
using layer::ReadLayer;

// A link's spelling apart: of a tar whose records say that the link leads elsewhere, the records
// are taken, and the name is written anew.
bool SameExtras(std::vector<LayerItem> a, std::vector<LayerItem> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto& x, auto& y) {
    x.extras.link_name = y.extras.link_name;
    return x.extras == y.extras;
  });
}

void CheckWrittenAgain(const ReadLayer& layer, size_t piece) {
  for (const bool with_extras : {true, false}) {
    const layer::WrittenTar tar = layer::WriteWindowsTar(layer.items, piece, with_extras);
    RequireOk(tar.error, "what was read can be written");
    const ReadLayer again = layer::ReadWindowsTar(tar.bytes, piece);
    RequireOk(again.error, "what is written is a layer");
    Require(layer::SameItems(again.items, layer.items), "what is written is read as the same");
    if (!with_extras) continue;
    Require(SameExtras(again.items, layer.items), "what Windows has no place for is kept");
    Require(layer::WriteWindowsTar(again.items, tar.bytes.size(), true).bytes == tar.bytes,
            "the same layer is the same bytes");
  }
}

}  // namespace

void RunOne(std::string_view input) {
  const size_t piece = PieceBytes(input);
  const ReadLayer layer = layer::ReadWindowsTar(input, input.size() + 1);
  const ReadLayer cut = layer::ReadWindowsTar(input, piece);
  if (absl::IsInternal(layer.error)) RequireOk(layer.error, "events come in order");
  Require(layer.error == cut.error, "cutting the bytes changes no error");
  Require(layer::SameItems(layer.items, cut.items), "cutting the bytes changes no entry");
  if (!layer.error.ok()) return;
  for (const LayerItem& item : layer.items) RequireEntry(item.entry, item.stream);
  CheckWrittenAgain(layer, piece);
  const layer::LayerTarOptions alone = {.limits = {.max_name_bytes = 100, .max_records = 8},
                                        .has_parents = false};
  for (const LayerItem& item : layer::ReadWindowsTar(input, piece, alone).items) {
    Require(item.entry.name.size() <= 100, "names are bounded");
  }
}

std::vector<std::string> Seeds() {
  const std::vector<LayerItem> items = layer::EveryKindOfItem();
  std::vector<std::string> seeds = {layer::WriteWindowsTar(items, 1000, false).bytes};
  // Those that need nothing before them but Files.
  for (const LayerItem& item : items) {
    const layer::WrittenTar tar = layer::WriteWindowsTar({item}, 1000, false);
    if (tar.error.ok()) seeds.push_back(tar.bytes);
  }
  return seeds;
}

}  // namespace hcs::fuzz
