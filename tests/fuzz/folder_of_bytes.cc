#include "tests/fuzz/folder_of_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/layer/transport_folder.h"

namespace hcs::fuzz {
namespace {

namespace fs = std::filesystem;

// More would make a run slow, and find nothing new.
constexpr int kMostItems = 40;
constexpr std::string_view kPlaceNames[kPlaces] = {"", "Files/", "Hives/", "UtilityVM/Files/"};

// Takes what is there, if it is less.
std::string_view Take(std::string_view* bytes, size_t count) {
  const std::string_view taken = bytes->substr(0, count);
  bytes->remove_prefix(taken.size());
  return taken;
}

size_t TakeNumber(std::string_view* bytes, size_t count) {
  size_t number = 0;
  for (const char byte : Take(bytes, count)) number = number << 8 | static_cast<uint8_t>(byte);
  return number;
}

// Everything but a component that leads upwards, and NUL.
bool StaysInside(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) return false;
  const fs::path path(name);
  return !path.is_absolute() && std::find(path.begin(), path.end(), "..") == path.end();
}

class Builder {
 public:
  Builder(const fs::path& folder, const fs::path& outside) : folder_(folder), outside_(outside) {}

  void Make(Item item, const std::string& name, std::string_view content) {
    if (name.empty() || !StaysInside(name) || IsBehindLink(name)) return;
    const fs::path path = folder_ / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    switch (item) {
      case Item::kFile: WriteFile(path, content); break;
      case Item::kDirectoryWithMetadata:
        WriteFile(path.string() + layer::kDirectorySuffix, content);
        [[fallthrough]];
      case Item::kDirectory: fs::create_directory(path, error); break;
      case Item::kSymbolicLink:
        fs::create_directory_symlink(outside_, path, error);
        if (!error) AddStrange(path, name);
        break;
      case Item::kPipe:
        if (mkfifo(path.c_str(), 0600) == 0) AddStrange(path, name);
        break;
    }
  }

  const MadeFolder& made() const { return made_; }

 private:
  bool IsBehindLink(const std::string& name) const {
    fs::path path = folder_;
    for (const fs::path& component : fs::path(name)) {
      path /= component;
      if (links_.contains(path)) return true;
    }
    return false;
  }

  // Neither through a link nor into a pipe.
  static void WriteFile(const fs::path& path, std::string_view content) {
    const int file = open(path.c_str(),
                          O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (file < 0) return;
    // A file that is shorter is a file, too.
    [[maybe_unused]] const ssize_t written = write(file, content.data(), content.size());
    close(file);
  }

  void AddStrange(const fs::path& path, const std::string& name) {
    links_.insert(path.lexically_normal());
    links_.insert(path);
    std::string upper = name;
    for (char& byte : upper) byte = static_cast<char>(std::toupper(static_cast<uint8_t>(byte)));
    if (upper.find("$RECYCLE.BIN") == std::string::npos) made_.has_strange_items = true;
  }

  const fs::path folder_;
  const fs::path outside_;
  std::set<fs::path> links_;
  MadeFolder made_;
};

}  // namespace

void AppendItem(Item item, Place place, std::string_view name, std::string_view content,
                std::string* bytes) {
  bytes->push_back(static_cast<char>(static_cast<int>(item) + kItems * static_cast<int>(place)));
  bytes->push_back(static_cast<char>(name.size()));
  *bytes += name;
  bytes->push_back(static_cast<char>(content.size() >> 8));
  bytes->push_back(static_cast<char>(content.size()));
  *bytes += content;
}

MadeFolder MakeFolder(std::string_view bytes, const fs::path& folder, const fs::path& outside) {
  Builder builder(folder, outside);
  for (int i = 0; i < kMostItems && !bytes.empty(); ++i) {
    const size_t kind = TakeNumber(&bytes, 1);
    const std::string_view place = kPlaceNames[kind / kItems % kPlaces];
    const std::string_view name = Take(&bytes, TakeNumber(&bytes, 1));
    const std::string_view content = Take(&bytes, TakeNumber(&bytes, 2));
    builder.Make(static_cast<Item>(kind % kItems), std::string(place) + std::string(name), content);
  }
  return builder.made();
}

}  // namespace hcs::fuzz
