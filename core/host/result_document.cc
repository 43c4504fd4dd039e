#include "core/host/result_document.h"

#include <nlohmann/json.hpp>
#include <string>

#include "core/document/document.h"

namespace hcs::host {
namespace {

using nlohmann::json;

void ReadEvents(const json& events, v1::HostError* error) {
  for (const json& event : events) {
    v1::ErrorEvent read;
    if (!event.is_object() || !document::FromJson(event.dump(), &read).ok()) continue;
    *error->add_events() = std::move(read);
  }
}

}  // namespace

void ReadResultDocument(std::string_view text, v1::HostError* error) {
  error->set_raw_document(std::string(text));
  if (!document::ValidateJson(text).ok()) return;
  const json result = json::parse(text);
  if (!result.is_object()) return;
  for (const char* name : {"Error", "ErrorMessage"}) {
    const auto message = result.find(name);
    if (message != result.end() && message->is_string()) {
      error->set_message(message->get<std::string>());
    }
  }
  if (const auto events = result.find("ErrorEvents");
      events != result.end() && events->is_array()) {
    ReadEvents(*events, error);
  }
}

}  // namespace hcs::host
