#include "core/document/json_syntax.h"

#include <nlohmann/json.hpp>
#include <string>

#include "core/document/invalid_field.h"

namespace hcs::document {
namespace {

// Without what nlohmann puts before its words, which say line and column
// themselves: "[json.exception.parse_error.101] parse error at line 1, column 2: ...".
std::string WithoutPrefix(std::string_view text) {
  text.remove_prefix(text.find("] ") + 2);
  for (const std::string_view prefix : {"parse error at ", "parse error: "}) {
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  return std::string(text);
}

// Reads nothing; stops at the first thing that is wrong.
class SyntaxChecker : public nlohmann::json::json_sax_t {
 public:
  explicit SyntaxChecker(int max_depth) : max_depth_(max_depth) {}

  const std::string& problem() const { return problem_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool key(string_t&) override { return true; }
  bool start_object(size_t) override { return Descend(); }
  bool end_object() override { return Ascend(); }
  bool start_array(size_t) override { return Descend(); }
  bool end_array() override { return Ascend(); }

  bool parse_error(size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    problem_ =
        "must be JSON: " + WithoutPrefix(error.what()) + " (byte " + std::to_string(position) + ")";
    return false;
  }

 private:
  bool Descend() {
    if (++depth_ <= max_depth_) return true;
    problem_ = "must not be deeper than " + std::to_string(max_depth_) + " objects and arrays";
    return false;
  }

  bool Ascend() {
    --depth_;
    return true;
  }

  const int max_depth_;
  int depth_ = 0;
  std::string problem_;
};

}  // namespace

absl::Status ValidateJson(std::string_view text, const JsonLimits& limits, std::string_view field) {
  if (text.size() > limits.bytes) {
    return InvalidField(field, "must not be longer than " + std::to_string(limits.bytes) +
                                   " bytes, is " + std::to_string(text.size()));
  }
  // nlohmann takes a NUL for the end, and would not see what follows it.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return InvalidField(field,
                        "must be JSON: a NUL character (byte " + std::to_string(nul + 1) + ")");
  }
  SyntaxChecker checker(limits.depth);
  if (nlohmann::json::sax_parse(text, &checker)) return absl::OkStatus();
  return InvalidField(field, checker.problem());
}

}  // namespace hcs::document
