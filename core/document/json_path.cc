#include "core/document/json_path.h"

#include "core/document/invalid_field.h"

namespace hcs::document {

std::string JsonPath::ToString() const {
  if (parent_ == nullptr) return {};
  std::string text = parent_->ToString();
  if (index_ != kNoIndex) return text + "[" + std::to_string(index_) + "]";
  if (!text.empty()) text += '.';
  return text.append(name_);
}

absl::Status JsonPath::Error(std::string_view rule) const {
  const std::string place = ToString();
  return InvalidField(place.empty() ? "document" : place, rule);
}

}  // namespace hcs::document
