#include "core/emulator/documents/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace hcs::emulator {
namespace {

// The deepest nesting of arrays and objects, counted without building anything.
size_t NestingDepth(std::string_view text) {
  size_t depth = 0;
  size_t deepest = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

Status InvalidJson(std::string message) {
  return {abi::VMCOMPUTE_INVALID_JSON, std::move(message)};
}

}  // namespace

Outcome<Json> ParseDocument(std::string_view text) {
  if (text.empty()) return Json::object();
  if (text.size() > kMaxDocumentBytes) {
    return InvalidJson("the document is larger than " + std::to_string(kMaxDocumentBytes) +
                       " bytes");
  }
  if (NestingDepth(text) > kMaxDocumentDepth) {
    return InvalidJson("the document is nested deeper than " + std::to_string(kMaxDocumentDepth) +
                       " levels");
  }
  try {
    Json json = Json::parse(text);
    if (!json.is_object()) return InvalidJson("the document is not a JSON object");
    return json;
  } catch (const Json::exception& error) {
    return InvalidJson(error.what());
  }
}

std::string JsonToText(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ResultDocument(const Status& status) {
  return JsonToText({{"Error", status.code}, {"ErrorMessage", status.message}});
}

}  // namespace hcs::emulator
