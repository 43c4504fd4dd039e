// A runtime's services over a host that has layers' content alone, for the tests of images.

#ifndef HCS_TESTS_UNIT_RUNTIME_IMAGE_FIXTURE_H_
#define HCS_TESTS_UNIT_RUNTIME_IMAGE_FIXTURE_H_

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/runtime/image_export.h"
#include "core/runtime/image_import.h"
#include "core/runtime/image_layers.h"
#include "core/runtime/image_operations.h"
#include "core/runtime/image_store.h"
#include "core/runtime/recovery.h"
#include "core/runtime/services.h"
#include "tests/unit/image_test_archive.h"
#include "tests/unit/runtime_content_host.h"

namespace hcs::runtime {

// Something that tells by Pull and a wake: everything that it told, until its end.
template <typename Source>
class Listener {
 public:
  absl::AnyInvocable<void()> Wake() {
    return [this] {
      absl::MutexLock lock(&mutex_);
      ++wakes_;
    };
  }

  // Pulls; waits for a wake when there is nothing.
  typename Source::Pulled Next(Source& source) {
    for (;;) {
      const int before = Wakes();
      if (auto pulled = source.Pull()) return *std::move(pulled);
      absl::MutexLock lock(&mutex_);
      auto woken = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return wakes_ != before; };
      REQUIRE(mutex_.AwaitWithTimeout(absl::Condition(&woken), absl::Seconds(60)));
    }
  }

 private:
  int Wakes() {
    absl::MutexLock lock(&mutex_);
    return wakes_;
  }

  absl::Mutex mutex_;
  int wakes_ ABSL_GUARDED_BY(mutex_) = 0;
};

class ImageFixture {
 public:
  explicit ImageFixture(bool entries = true) : host(entries) { Restart(); }

  // What a daemon does that is started again, with the same state.
  void Restart() {
    services = nullptr;
    const std::string state = (folder.path() / "state").string();
    RuntimeOptions options;
    options.host = {.kind = "windows", .build_number = 20348};
    options.report = [this](const std::string& text) { reports.push_back(text); };
    services = StartServices(host.table, state, std::move(options));
    RecoverImageLayers(*services);
  }

  // Sends the archive in two pieces; how it ended, and the result.
  absl::StatusOr<v1::ImportImageResult> Import(const std::string& archive,
                                               const v1::ImportImageStart& start = {}) {
    Listener<ImageImport> listener;
    const auto import = ImageImport::New(*services, {}, listener.Wake());
    import->Start(start, [import, &archive](const absl::Status& started) {
      if (!started.ok()) return;
      import->Write(archive.substr(0, archive.size() / 2), [import,
                                                            &archive](const absl::Status& taken) {
        if (!taken.ok()) return;
        import->Write(archive.substr(archive.size() / 2), [import](const absl::Status& written) {
          if (written.ok()) import->Finish();
        });
      });
    });
    std::optional<v1::ImportImageResult> result;
    for (;;) {
      auto pulled = listener.Next(*import);
      if (auto* end = std::get_if<ImageImport::End>(&pulled)) {
        if (!end->status.ok()) return end->status;
        REQUIRE(result.has_value());
        return *result;
      }
      auto& response = std::get<v1::ImportImageResponse>(pulled);
      if (response.has_result()) result = response.result();
    }
  }

  absl::StatusOr<std::string> Export(const std::vector<std::string>& names) {
    v1::ExportImageRequest request;
    request.mutable_images()->Assign(names.begin(), names.end());
    Listener<ImageExport> listener;
    const auto exported = ImageExport::New(*services, {}, listener.Wake());
    exported->Begin(request);
    std::string bytes;
    int64_t size = -1;
    for (;;) {
      auto pulled = listener.Next(*exported);
      if (auto* end = std::get_if<ImageExport::End>(&pulled)) {
        if (!end->status.ok()) return end->status;
        CHECK(static_cast<int64_t>(bytes.size()) == size);
        return bytes;
      }
      auto& response = std::get<v1::ExportImageResponse>(pulled);
      if (response.has_size()) size = response.size();
      bytes += response.content();
    }
  }

  absl::StatusOr<v1::RemoveImageResponse> Remove(const std::string& name, bool force = false) {
    v1::RemoveImageRequest request;
    request.set_image(name);
    request.set_force(force);
    return Wait<v1::RemoveImageResponse>(
        [&](auto done) { ImageOperations(*services).Remove(request, {}, std::move(done)); });
  }

  absl::StatusOr<v1::TagImageResponse> Tag(const std::string& name, const std::string& reference) {
    v1::TagImageRequest request;
    request.set_image(name);
    request.set_reference(reference);
    return Wait<v1::TagImageResponse>(
        [&](auto done) { ImageOperations(*services).Tag(request, {}, std::move(done)); });
  }

  template <typename Response, typename Call>
  static absl::StatusOr<Response> Wait(Call call) {
    struct Waiting {
      absl::Mutex mutex;
      std::optional<absl::StatusOr<Response>> answer;
    };
    auto waiting = std::make_shared<Waiting>();
    call(Done<Response>([waiting](absl::StatusOr<Response> answer) {
      absl::MutexLock lock(&waiting->mutex);
      waiting->answer = std::move(answer);
    }));
    absl::MutexLock lock(&waiting->mutex);
    auto answered = [&] { return waiting->answer.has_value(); };
    REQUIRE(waiting->mutex.AwaitWithTimeout(absl::Condition(&answered), absl::Seconds(60)));
    return *std::move(waiting->answer);
  }

  static size_t FilesIn(const std::filesystem::path& path) {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path), {}));
  }
  size_t Blobs() const { return FilesIn(services->images->blob_folder()); }
  // The spool is removed by another thread.
  void WaitForScratch() const {
    const auto path = folder.path() / "state" / "layer-scratch";
    const absl::Time end = absl::Now() + absl::Seconds(60);
    while (FilesIn(path) != 0) {
      REQUIRE(absl::Now() < end);
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  const image::TestFolder folder;
  std::vector<std::string> reports;
  ContentHost host;
  std::unique_ptr<Services> services;
};

}  // namespace hcs::runtime

#endif  // HCS_TESTS_UNIT_RUNTIME_IMAGE_FIXTURE_H_
