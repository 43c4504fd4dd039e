#include "core/runtime/layer_scratch.h"

#include <optional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/runtime/state_file.h"
#include "core/runtime/state_message.h"
#include "google/protobuf/util/json_util.h"
#include "hcs/v1/layer_service.pb.h"

namespace hcs::runtime {
namespace {

namespace fs = std::filesystem;

constexpr char kFolder[] = "layer-scratch";
constexpr char kMark[] = "layer.json";

// A mark that cannot be read names no layer: ReplaceStateFile leaves none half written, so
// nothing had been begun.
std::optional<host::LayerAddress> ReadMark(const fs::path& folder) {
  const auto content = ReadStateFile(folder / kMark);
  if (!content.ok()) return std::nullopt;
  v1::LayerInfo layer;
  if (!google::protobuf::util::JsonStringToMessage(*content, &layer).ok()) return std::nullopt;
  return host::LayerAddress{layer.home_folder(), layer.id()};
}

}  // namespace

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty()) return;
  std::error_code error;  // What stays is removed at the daemon's next start.
  fs::remove_all(path_, error);
}

absl::Status ScratchFolder::MarkDraft(const host::LayerAddress& layer) {
  v1::LayerInfo mark;
  mark.set_home_folder(layer.home_folder);
  mark.set_id(layer.id);
  return ReplaceStateMessage(path_ / kMark, mark);
}

absl::Status ScratchFolder::ClearMark() {
  std::error_code error;
  fs::remove(path_ / kMark, error);
  if (!error) return absl::OkStatus();
  return absl::ErrnoToStatus(error.value(),
                             absl::StrCat("cannot remove a mark in ", path_.string()));
}

absl::StatusOr<std::unique_ptr<LayerScratch>> LayerScratch::Open(const fs::path& state_directory) {
  fs::path root = state_directory / kFolder;
  if (absl::Status made = CreatePrivateDirectory(root); !made.ok()) return made;
  return std::unique_ptr<LayerScratch>(new LayerScratch(std::move(root)));
}

absl::StatusOr<ScratchFolder> LayerScratch::MakeFolder() {
  std::error_code error;
  for (;;) {
    fs::path path = root_ / absl::StrCat(++last_number_);
    if (fs::create_directory(path, error)) return ScratchFolder(std::move(path));
    // One that a start could not remove.
    if (!error) continue;
    return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot create ", path.string()));
  }
}

void LayerScratch::RemoveLeftovers(const Destroy& destroy, const Report& report) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(root_, error)) {
    if (const auto layer = ReadMark(entry.path())) {
      if (absl::Status destroyed = destroy(*layer); !destroyed.ok()) {
        report(absl::StrCat("the layer ", layer->path(),
                            ", which was being imported when the daemon ",
                            "died, cannot be destroyed: ", destroyed.message()));
        continue;
      }
      report(absl::StrCat("destroyed the layer ", layer->path(),
                          ", which was being imported when the daemon died"));
    }
    fs::remove_all(entry.path(), error);
    if (error) report(absl::StrCat("cannot remove ", entry.path().string(), ": ", error.message()));
  }
  if (error) report(absl::StrCat("cannot read ", root_.string(), ": ", error.message()));
}

}  // namespace hcs::runtime
