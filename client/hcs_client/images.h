// Images: hcs.v1.ImageService, called and waited for.
//
// What each call does and how it fails is said in image_service.proto. Every method blocks
// until the daemon has answered or the call's time limit has run out, and may be called from
// any thread.

#ifndef HCS_CLIENT_HCS_CLIENT_IMAGES_H_
#define HCS_CLIENT_HCS_CLIENT_IMAGES_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/hcs_client/call_options.h"
#include "hcs/v1/image_service.pb.h"

namespace hcs::client {

struct Connection;

// Cheap to copy.
class Images {
 public:
  explicit Images(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

  // Gives the archive's next bytes, at most 1 MiB; none at its end. An error ends the import,
  // and is its own.
  using Source = std::function<absl::StatusOr<std::string>()>;
  using OnProgress = std::function<void(const v1::ImportImageProgress&)>;
  // `progress` runs on a thread of its own, one at a time, until this returns.
  absl::StatusOr<v1::ImportImageResult> Import(const v1::ImportImageStart& start,
                                               const Source& source, const OnProgress& progress,
                                               const CallOptions& options = {}) const;

  // Takes the archive's next bytes. An error ends the export, and is its own.
  using Sink = std::function<absl::Status(absl::string_view)>;
  // `on_size` is told first, once: the archive's bytes.
  absl::Status Export(const std::vector<std::string>& images,
                      const std::function<void(int64_t)>& on_size, const Sink& sink,
                      const CallOptions& options = {}) const;

  // All pages, ordered by id. The time limit is for each page.
  absl::StatusOr<std::vector<v1::Image>> List(const CallOptions& options = {}) const;
  absl::StatusOr<v1::GetImageResponse> Get(const std::string& image,
                                           const CallOptions& options = {}) const;
  absl::StatusOr<v1::RemoveImageResponse> Remove(const std::string& image, bool force,
                                                 const CallOptions& options = {}) const;
  absl::StatusOr<v1::Image> Tag(const std::string& image, const std::string& reference,
                                const CallOptions& options = {}) const;

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace hcs::client

#endif  // HCS_CLIENT_HCS_CLIENT_IMAGES_H_
