// The parts of a name.

#ifndef HCS_CORE_IMAGE_SPLIT_H_
#define HCS_CORE_IMAGE_SPLIT_H_

#include <string_view>
#include <vector>

namespace hcs::image {

// Views into `text`, one more than it has separators; empty ones too.
inline std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_SPLIT_H_
