// Where in a document the codec is.

#ifndef HCS_CORE_DOCUMENT_JSON_PATH_H_
#define HCS_CORE_DOCUMENT_JSON_PATH_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace hcs::document {

// A place in a document, as a chain of frames on the stack that costs nothing
// until it is told. A frame must not outlive the one that it is made from, nor
// the name.
class JsonPath {
 public:
  // The document itself.
  JsonPath() = default;

  JsonPath Member(std::string_view name) const { return JsonPath(this, name, kNoIndex); }
  JsonPath Element(size_t index) const { return JsonPath(this, {}, index); }

  // Objects and arrays around this place.
  int depth() const { return depth_; }

  // "Layers[2].ID"; empty for the document itself.
  std::string ToString() const;

  // InvalidField for this place.
  absl::Status Error(std::string_view rule) const;

 private:
  static constexpr size_t kNoIndex = static_cast<size_t>(-1);

  JsonPath(const JsonPath* parent, std::string_view name, size_t index)
      : parent_(parent), name_(name), index_(index), depth_(parent->depth_ + 1) {}

  const JsonPath* parent_ = nullptr;
  std::string_view name_;
  size_t index_ = kNoIndex;
  int depth_ = 0;
};

}  // namespace hcs::document

#endif  // HCS_CORE_DOCUMENT_JSON_PATH_H_
