// Reads a layer's tar of a system that its first member tells. Private to this folder.

#ifndef HCS_CORE_LAYER_ANY_TAR_SNIFFING_TAR_READER_H_
#define HCS_CORE_LAYER_ANY_TAR_SNIFFING_TAR_READER_H_

#include <memory>
#include <string>
#include <string_view>

#include "core/layer/layer_tar/layer_tar_reader.h"
#include "core/layer/tar/tar_reader.h"

namespace hcs::layer {

class SniffingTarReader : public LayerTarReader {
 public:
  explicit SniffingTarReader(const LayerTarOptions& options)
      : options_(options), probe_(options.limits) {}

  void Feed(std::string_view piece) override;
  void Finish() override;
  Event Next() override;

  const LayerEntry& entry() const override { return found_->entry(); }
  std::string_view stream() const override { return found_->stream(); }
  const absl::Status& error() const override { return found_ ? found_->error() : error_; }

 private:
  Event Probe();
  Event Found();

  const LayerTarOptions options_;
  TarReader probe_;
  std::string start_;  // What was fed until the system was found; then until it was taken.
  bool finished_ = false;
  bool finish_waits_ = false;  // Finish is to be called once start_ was taken.
  std::unique_ptr<LayerTarReader> found_;
  absl::Status error_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_ANY_TAR_SNIFFING_TAR_READER_H_
