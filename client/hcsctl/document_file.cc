#include "client/hcsctl/document_file.h"

#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace hcs::ctl {

absl::StatusOr<std::string> ReadDocument(const std::string& command, const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(command, ": cannot read ", path));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace hcs::ctl
