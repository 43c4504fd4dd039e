// The table's layer functions with C++'s strings and lifetimes.

#ifndef HCS_TESTS_CONFORMANCE_LAYER_SESSION_H_
#define HCS_TESTS_CONFORMANCE_LAYER_SESSION_H_

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "tests/conformance/session.h"

namespace hcs::conformance {

// How a caller names a layer: as the Go API of 2016 did, or as the newer one does.
enum class Style { kHomeAndId, kFullPath };
std::ostream& operator<<(std::ostream& stream, Style style);

// A layer's name in a style; nothing need be there. What the cases leave of it at the
// end is undone and destroyed.
class Layer {
 public:
  explicit Layer(Style style);
  ~Layer();
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  // The layer's folder, as the host names it.
  const std::string& path() const { return path_; }

  // Nearest first.
  using Parents = std::vector<const Layer*>;

  Code Create();
  Code CreateSandbox(const Parents& parents);
  Code Activate();
  Code Deactivate();
  Code Prepare(const Parents& parents);
  Code Unprepare();
  Code Destroy();
  Code Expand(uint64_t bytes);
  bool Exists();
  Code MountPath(size_t* length, char16_t* buffer);

  // These must succeed. The second is where this process finds the prepared tree's file.
  std::string MountPath();
  std::filesystem::path InMount(const std::string& name);

  // For calls that are not above.
  abi::DriverInfo* info() { return &info_; }
  const char16_t* id() const { return id_.c_str(); }

 private:
  const std::string path_;
  const std::u16string home_;
  const std::u16string id_;
  abi::DriverInfo info_;
};

// Descriptors of parents, for as long as it lives.
class Descriptors {
 public:
  explicit Descriptors(const Layer::Parents& parents);
  abi::WC_LAYER_DESCRIPTOR* data() { return descriptors_.data(); }
  uint32_t size() const { return static_cast<uint32_t>(descriptors_.size()); }

 private:
  std::vector<std::u16string> paths_;
  std::vector<abi::WC_LAYER_DESCRIPTOR> descriptors_;
};

// A sandbox that is active and prepared. False, with the case marked as not applying, on
// a machine where this process may not mount.
bool PrepareSandbox(Layer* sandbox, const Layer::Parents& parents);

std::string ReadFile(const std::filesystem::path& path);
void WriteFile(const std::filesystem::path& path, const std::string& content);
// Of a file that may be read-only.
void ChangeFile(const std::filesystem::path& path, const std::string& content);

}  // namespace hcs::conformance

#endif  // HCS_TESTS_CONFORMANCE_LAYER_SESSION_H_
