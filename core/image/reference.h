// The names of images, as Docker and Podman read them.

#ifndef HCS_CORE_IMAGE_REFERENCE_H_
#define HCS_CORE_IMAGE_REFERENCE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace hcs::image {

// "REGISTRY/PATH:TAG" or "REGISTRY/PATH@DIGEST". The grammar is that of the distribution
// project's references.
struct Reference {
  // With its registry: "docker.io/library/busybox".
  std::string repository;
  // One of them at least; a reference with a digest means that, whatever its tag.
  std::string tag;
  std::string digest;

  // The whole: "docker.io/library/busybox:latest".
  std::string Text() const;
  // As people write it, without what ParseReference would add but for the tag:
  // "busybox:latest", "someone/tool:1".
  std::string Familiar() const;

  friend bool operator==(const Reference&, const Reference&) = default;
};

// Adds what people leave out: "docker.io" unless the first component is a registry (it has
// a '.' or ':', or is "localhost"), "library" before a single name there, and the tag
// "latest". INVALID_ARGUMENT, naming the text and the rule: a component in upper case or with
// other characters than a-z, 0-9 and single separators (".", "_", "__", "-"s) between them; a
// tag of more than 128 characters or others than A-Z, a-z, 0-9, "_", "." and "-"; more than
// 255 characters of repository; 64 hexadecimal digits alone, which are an id.
absl::StatusOr<Reference> ParseReference(std::string_view text);

}  // namespace hcs::image

#endif  // HCS_CORE_IMAGE_REFERENCE_H_
