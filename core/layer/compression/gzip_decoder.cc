#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

#include "absl/strings/str_cat.h"
#include "core/layer/compression/decoder.h"

namespace hcs::layer {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // The largest window; gzip's header, not zlib's.

uInt Available(size_t size) {
  return static_cast<uInt>(std::min<size_t>(size, std::numeric_limits<uInt>::max()));
}

// Members follow one another; after the last there may be zeros, as on tapes and from
// tools that pad to blocks.
class GzipDecoder : public Decoder {
 public:
  GzipDecoder() {
    if (inflateInit2(&stream_, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  absl::Status Decode(std::string_view& input, absl::Span<char> output, size_t& written) override {
    written = 0;
    while (!input.empty() || in_member_) {
      if (!in_member_ && !BeginMember(input)) continue;
      const size_t left = input.size();
      const size_t before = written;
      if (absl::Status status = Inflate(input, output, written); !status.ok()) return status;
      if (written == output.size()) break;
      if (in_member_ && input.size() == left && written == before) break;
    }
    return absl::OkStatus();
  }

  bool AtBoundary() const override { return !in_member_; }

 private:
  // False: a byte of padding was taken instead.
  bool BeginMember(std::string_view& input) {
    if (first_ended_ && input.front() == '\0') {
      input.remove_prefix(1);
      padding_ = true;
      return false;
    }
    in_member_ = true;
    return true;
  }

  absl::Status Inflate(std::string_view& input, absl::Span<char> output, size_t& written) {
    if (padding_) return absl::DataLossError("bytes other than zeros follow the last member");
    // zlib does not write to its input, though its type would allow it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = Available(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(output.data() + written);
    stream_.avail_out = Available(output.size() - written);
    const uInt in_before = stream_.avail_in;
    const uInt out_before = stream_.avail_out;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    input.remove_prefix(in_before - stream_.avail_in);
    written += out_before - stream_.avail_out;
    if (result == Z_STREAM_END) {
      in_member_ = false;
      first_ended_ = true;
      inflateReset(&stream_);
      return absl::OkStatus();
    }
    // Z_BUF_ERROR says that there was nothing to do: more input is needed.
    if (result == Z_OK || result == Z_BUF_ERROR) return absl::OkStatus();
    if (result == Z_MEM_ERROR) return absl::ResourceExhaustedError("out of memory");
    return absl::DataLossError(stream_.msg != nullptr ? stream_.msg : "not in the gzip format");
  }

  z_stream stream_{};
  bool in_member_ = false;
  bool first_ended_ = false;
  bool padding_ = false;
};

}  // namespace

std::unique_ptr<Decoder> MakeGzipDecoder() { return std::make_unique<GzipDecoder>(); }

}  // namespace hcs::layer
