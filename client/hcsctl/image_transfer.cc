#include "client/hcsctl/image_transfer.h"

#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "client/hcsctl/archive_file.h"
#include "client/hcsctl/progress_bar.h"

namespace hcs::ctl {
namespace {

// First how much of the archive was sent, then the layers, one after another. Told by the
// thread that sends and by the one that receives.
class ImportProgress {
 public:
  ImportProgress(const std::string& file, std::optional<uint64_t> size) {
    const absl::MutexLock lock(&mutex_);
    bar_.Begin(absl::StrCat("reading ", file == "-" ? "stdin" : file.substr(file.rfind('/') + 1)),
               size);
  }

  void Sent(uint64_t bytes) {
    const absl::MutexLock lock(&mutex_);
    sent_ += bytes;
    if (layer_ == 0) bar_.Update(sent_);
  }

  void Told(const v1::ImportImageProgress& progress) {
    if (!progress.has_layer()) return;
    const v1::ImportLayerProgress& layer = progress.layer();
    const absl::MutexLock lock(&mutex_);
    if (layer.number() != layer_) {
      layer_ = layer.number();
      bar_.Begin(absl::StrCat("layer ", layer.number(), " of ", layer.count()),
                 layer.total_bytes());
    }
    bar_.Update(layer.done_bytes());
  }

 private:
  absl::Mutex mutex_;
  ProgressBar bar_ ABSL_GUARDED_BY(mutex_);
  uint64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  int layer_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace

absl::StatusOr<v1::ImportImageResult> ImportArchive(const client::Client& client,
                                                    const v1::ImportImageStart& start,
                                                    const std::string& file) {
  const auto archive = ArchiveReader::Open(file);
  if (!archive.ok()) return archive.status();
  ImportProgress progress(file, (*archive)->size());
  return client.images().Import(
      start,
      [&]() -> absl::StatusOr<std::string> {
        auto piece = (*archive)->Next();
        if (piece.ok()) progress.Sent(piece->size());
        return piece;
      },
      [&](const v1::ImportImageProgress& told) { progress.Told(told); });
}

absl::Status ExportArchive(const client::Client& client, const std::vector<std::string>& images,
                           const std::string& file) {
  const auto archive = ArchiveWriter::Open(file);
  if (!archive.ok()) return archive.status();
  ProgressBar bar;
  uint64_t written = 0;
  const absl::Status exported = client.images().Export(
      images, [&](int64_t size) { bar.Begin("exporting", size); },
      [&](absl::string_view bytes) {
        written += bytes.size();
        bar.Update(written);
        return (*archive)->Write(bytes);
      });
  if (!exported.ok()) return exported;
  return (*archive)->Commit();
}

}  // namespace hcs::ctl
