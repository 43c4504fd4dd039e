// Archives between files and the daemon, with a progress bar.

#ifndef HCS_CLIENT_HCSCTL_IMAGE_TRANSFER_H_
#define HCS_CLIENT_HCSCTL_IMAGE_TRANSFER_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/hcs_client/client.h"

namespace hcs::ctl {

// `file` is a path, or "-" for stdin.
absl::StatusOr<v1::ImportImageResult> ImportArchive(const client::Client& client,
                                                    const v1::ImportImageStart& start,
                                                    const std::string& file);

// `file` is a path; empty or "-" for stdout. The file is whole, or as it was before.
absl::Status ExportArchive(const client::Client& client, const std::vector<std::string>& images,
                           const std::string& file);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_IMAGE_TRANSFER_H_
