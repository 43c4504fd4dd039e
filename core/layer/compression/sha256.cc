#include "core/layer/compression/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <new>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace hcs::layer {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using OwnedContext = std::unique_ptr<EVP_MD_CTX, FreeContext>;

OwnedContext NewContext() {
  OwnedContext context(EVP_MD_CTX_new());
  if (context == nullptr) throw std::bad_alloc();
  return context;
}

}  // namespace

struct Sha256::Context {
  OwnedContext evp = NewContext();
};

// OpenSSL's calls can only fail here for want of memory, or of the algorithm itself.
Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
}

Sha256::~Sha256() = default;

void Sha256::Update(std::string_view bytes) {
  EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size());
}

std::string Sha256::Digest() const {
  const OwnedContext copy = NewContext();
  std::array<unsigned char, 32> digest{};
  if (EVP_MD_CTX_copy_ex(copy.get(), context_->evp.get()) != 1 ||
      EVP_DigestFinal_ex(copy.get(), digest.data(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return absl::StrCat("sha256:", absl::BytesToHexString(absl::string_view(
                                     reinterpret_cast<const char*>(digest.data()), digest.size())));
}

}  // namespace hcs::layer
