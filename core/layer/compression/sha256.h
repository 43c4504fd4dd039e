// SHA-256 of bytes that come in pieces, as OCI writes it.

#ifndef HCS_CORE_LAYER_COMPRESSION_SHA256_H_
#define HCS_CORE_LAYER_COMPRESSION_SHA256_H_

#include <memory>
#include <string>
#include <string_view>

namespace hcs::layer {

// Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();

  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(std::string_view bytes);

  // "sha256:" and 64 hexadecimal digits, of all bytes so far. More may follow.
  std::string Digest() const;

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_COMPRESSION_SHA256_H_
