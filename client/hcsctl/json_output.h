// The contract's messages as JSON for scripts: protobuf's own JSON, as grpcurl prints it,
// but 64-bit numbers are numbers, fields with their default value are there, and members
// that only the host knows (`unknown_json`) stand where the host had them. A policy of
// HNS is written as HNS has it, with its Type.

#ifndef HCS_CLIENT_HCSCTL_JSON_OUTPUT_H_
#define HCS_CLIENT_HCSCTL_JSON_OUTPUT_H_

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace hcs::ctl {

// One line, without its end.
std::string ToJson(const google::protobuf::Message& message);

// `elements`, each JSON, as one array.
std::string JsonArray(const std::vector<std::string>& elements);

template <typename Messages>
std::string ArrayOf(const Messages& messages) {
  std::vector<std::string> elements;
  elements.reserve(messages.size());
  for (const auto& message : messages) elements.push_back(ToJson(message));
  return JsonArray(elements);
}

// `object` with `member` (JSON) added to it or, if it has one of that name, replaced.
std::string WithMember(const std::string& object, const std::string& name,
                       const std::string& member);

// The same JSON on several lines, for people.
std::string Indented(const std::string& json);

}  // namespace hcs::ctl

#endif  // HCS_CLIENT_HCSCTL_JSON_OUTPUT_H_
