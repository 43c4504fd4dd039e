#include "tests/bench/layer_work.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/layer/transport_folder_reader.h"
#include "core/layer/transport_folder_writer.h"
#include "core/layer/windows_tar/windows_tar_reader.h"
#include "core/layer/windows_tar/windows_tar_writer.h"
#include "core/platform/unique_fd.h"
#include "tests/bench/generated_layer.h"

namespace hcs::bench {
namespace {

namespace fs = std::filesystem;
using layer::WindowsTarReader;

// As large as what gRPC's clients send.
constexpr size_t kPieceBytes = 64 * 1024;

void Require(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

class OutputFile {
 public:
  explicit OutputFile(const fs::path& path)
      : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
    if (!fd_) throw std::runtime_error("cannot create " + path.string());
  }

  absl::Status Write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = write(fd_.get(), bytes.data(), bytes.size());
      if (count < 0) return absl::ErrnoToStatus(errno, "cannot write");
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return absl::OkStatus();
  }

 private:
  platform::UniqueFd fd_;
};

layer::WindowsTarWriter::Sink Into(OutputFile& file) {
  return [&file](std::string_view bytes) { return file.Write(bytes); };
}

// Gives the file's events until the layer's end, feeding it piece by piece.
template <typename OnEvent>
void ReadTar(const fs::path& path, OnEvent on_event) {
  const platform::UniqueFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) throw std::runtime_error("cannot open " + path.string());
  std::vector<char> buffer(kPieceBytes);
  WindowsTarReader reader;
  for (;;) {
    const WindowsTarReader::Event event = reader.Next();
    if (event == WindowsTarReader::Event::kEnd) return;
    if (event == WindowsTarReader::Event::kError) Require(reader.error());
    if (event != WindowsTarReader::Event::kNeedInput) {
      on_event(event, reader);
      continue;
    }
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0) throw std::runtime_error("cannot read " + path.string());
    if (count == 0) reader.Finish();
    if (count > 0) reader.Feed({buffer.data(), static_cast<size_t>(count)});
  }
}

}  // namespace

void GenerateTar(int entries, const fs::path& tar) {
  OutputFile file(tar);
  layer::WindowsTarWriter writer(Into(file));
  GeneratedLayer layer(entries);
  Require(layer::CopyEntries(&layer, &writer));
  Require(writer.Commit());
}

void RepackTar(const fs::path& tar, const fs::path& again) {
  OutputFile file(again);
  layer::WindowsTarWriter writer(Into(file));
  ReadTar(tar, [&writer](WindowsTarReader::Event event, const WindowsTarReader& reader) {
    if (event == WindowsTarReader::Event::kEntry) {
      Require(writer.Add(reader.entry(), reader.extras()));
    } else if (event == WindowsTarReader::Event::kStream) {
      Require(writer.Write(reader.stream()));
    }
  });
  Require(writer.Commit());
}

void UnpackTar(const fs::path& tar, const fs::path& folder) {
  auto writer = layer::TransportFolderWriter::Create(folder);
  Require(writer.status());
  ReadTar(tar, [&writer](WindowsTarReader::Event event, const WindowsTarReader& reader) {
    if (event == WindowsTarReader::Event::kEntry) {
      Require((*writer)->Add(reader.entry()));
    } else if (event == WindowsTarReader::Event::kStream) {
      Require((*writer)->Write(reader.stream()));
    }
  });
  Require((*writer)->Commit());
}

void PackFolder(const fs::path& folder, const fs::path& tar) {
  auto reader = layer::TransportFolderReader::Open(folder);
  Require(reader.status());
  OutputFile file(tar);
  layer::WindowsTarWriter writer(Into(file));
  Require(layer::CopyEntries(reader->get(), &writer));
  Require(writer.Commit());
}

}  // namespace hcs::bench
