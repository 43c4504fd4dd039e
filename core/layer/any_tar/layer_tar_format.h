// Which system a layer's tar is of.

#ifndef HCS_CORE_LAYER_ANY_TAR_LAYER_TAR_FORMAT_H_
#define HCS_CORE_LAYER_ANY_TAR_LAYER_TAR_FORMAT_H_

#include <memory>
#include <string_view>

#include "core/layer/layer_tar/layer_tar_reader.h"
#include "core/layer/layer_tar/layer_tar_writer.h"

namespace hcs::layer {

enum class LayerTarFormat {
  kWindows,  // windows_tar: below Files, Hives and UtilityVM.
  kLinux,    // posix_tar: a root file system's.
};

// By the first member's name: a Windows layer has all in Files, Hives and UtilityVM, which are no
// names of a Linux root. An image's configuration ("os") knows better, where there is one.
LayerTarFormat FormatOfFirstMember(std::string_view tar_name);

std::unique_ptr<LayerTarReader> MakeLayerTarReader(LayerTarFormat format,
                                                   const LayerTarOptions& options = {});

// For a tar whose system is not known: it is found by the first member. Until that is read the
// tar's bytes are kept, at most some MiB (TarLimits).
std::unique_ptr<LayerTarReader> MakeSniffingTarReader(const LayerTarOptions& options = {});

std::unique_ptr<LayerTarWriter> MakeLayerTarWriter(LayerTarFormat format,
                                                   LayerTarWriter::Sink sink);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_ANY_TAR_LAYER_TAR_FORMAT_H_
