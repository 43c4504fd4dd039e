#include "core/layer/any_tar/layer_tar_format.h"

#include <utility>

#include "core/layer/any_tar/sniffing_tar_reader.h"
#include "core/layer/posix_tar/posix_tar_reader.h"
#include "core/layer/posix_tar/posix_tar_writer.h"
#include "core/layer/windows_tar/windows_tar_reader.h"
#include "core/layer/windows_tar/windows_tar_writer.h"

namespace hcs::layer {

LayerTarFormat FormatOfFirstMember(std::string_view tar_name) {
  const std::string_view root = tar_name.substr(0, tar_name.find('/'));
  const bool windows = root == "Files" || root == "Hives" || root == "UtilityVM";
  return windows ? LayerTarFormat::kWindows : LayerTarFormat::kLinux;
}

std::unique_ptr<LayerTarReader> MakeLayerTarReader(LayerTarFormat format,
                                                   const LayerTarOptions& options) {
  if (format == LayerTarFormat::kLinux) return std::make_unique<PosixTarReader>(options);
  return std::make_unique<WindowsTarReader>(options);
}

std::unique_ptr<LayerTarReader> MakeSniffingTarReader(const LayerTarOptions& options) {
  return std::make_unique<SniffingTarReader>(options);
}

std::unique_ptr<LayerTarWriter> MakeLayerTarWriter(LayerTarFormat format,
                                                   LayerTarWriter::Sink sink) {
  if (format == LayerTarFormat::kLinux) return std::make_unique<PosixTarWriter>(std::move(sink));
  return std::make_unique<WindowsTarWriter>(std::move(sink));
}

}  // namespace hcs::layer
