#include "core/emulator/channel/frame_channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace hcs::emulator {
namespace {

using platform::UniqueFd;

constexpr size_t kHeaderBytes = 2 * sizeof(uint32_t);
constexpr size_t kReadBytes = 16 << 10;
constexpr int kReadsPerTurn = 64;

void AppendUint32(uint32_t value, std::string* bytes) {
  for (int shift = 0; shift < 32; shift += 8) {
    bytes->push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

uint32_t ReadUint32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) {
    value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

// Space for one SCM_RIGHTS message, aligned as the kernel wants it.
union ControlBuffer {
  cmsghdr header;
  std::array<char, CMSG_SPACE(kMaxFrameDescriptors * sizeof(int))> bytes;
};

void AttachDescriptors(const std::vector<UniqueFd>& descriptors, ControlBuffer* control,
                       msghdr* message) {
  if (descriptors.empty()) return;
  std::array<int, kMaxFrameDescriptors> numbers{};
  for (size_t i = 0; i < descriptors.size(); ++i) numbers[i] = descriptors[i].get();
  const size_t size = descriptors.size() * sizeof(int);
  message->msg_control = control->bytes.data();
  message->msg_controllen = CMSG_SPACE(size);
  cmsghdr* header = CMSG_FIRSTHDR(message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(size);
  std::memcpy(CMSG_DATA(header), numbers.data(), size);
}

void TakeDescriptors(msghdr* message, std::vector<UniqueFd>* descriptors) {
  for (cmsghdr* header = CMSG_FIRSTHDR(message); header != nullptr;
       header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      descriptors->emplace_back(number);
    }
  }
}

}  // namespace

FrameChannel::FrameChannel(UniqueFd socket) : socket_(std::move(socket)) {
  const int flags = fcntl(socket_.get(), F_GETFL);
  fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK);
}

bool FrameChannel::Send(std::string_view text, std::vector<UniqueFd> descriptors) {
  if (text.size() > kMaxFrameBytes || descriptors.size() > kMaxFrameDescriptors) return false;
  if (backlog_bytes_ > kMaxBacklogBytes) return false;
  Outgoing message;
  message.bytes.reserve(kHeaderBytes + text.size());
  AppendUint32(static_cast<uint32_t>(text.size()), &message.bytes);
  AppendUint32(static_cast<uint32_t>(descriptors.size()), &message.bytes);
  message.bytes.append(text);
  message.descriptors = std::move(descriptors);
  backlog_bytes_ += message.bytes.size();
  outgoing_.push_back(std::move(message));
  return Flush();
}

bool FrameChannel::Flush() {
  size_t done = 0;
  while (done < outgoing_.size()) {
    const Outgoing& message = outgoing_[done];
    const ssize_t sent = SendOnce(message, sent_of_first_);
    if (sent < 0) return false;
    if (sent == 0) break;
    sent_of_first_ += static_cast<size_t>(sent);
    backlog_bytes_ -= static_cast<size_t>(sent);
    if (sent_of_first_ < message.bytes.size()) continue;
    sent_of_first_ = 0;
    ++done;
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<ptrdiff_t>(done));
  if (outgoing_.empty()) outgoing_.shrink_to_fit();
  return true;
}

ssize_t FrameChannel::SendOnce(const Outgoing& message, size_t offset) {
  iovec part{const_cast<char*>(message.bytes.data()) + offset, message.bytes.size() - offset};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  ControlBuffer control{};
  if (offset == 0) AttachDescriptors(message.descriptors, &control, &header);
  ssize_t sent = -1;
  do {
    sent = sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  // ETOOMANYREFS: too many descriptors are in flight; they drain as peers read.
  if (sent < 0 && (errno == EAGAIN || errno == ETOOMANYREFS)) return 0;
  return sent;
}

bool FrameChannel::Receive(std::vector<Frame>* frames) {
  for (int turn = 0; turn < kReadsPerTurn; ++turn) {
    const ReadResult result = ReadOnce();
    if (!TakeFrames(frames)) return false;
    if (result == ReadResult::kEnd) return false;
    if (result == ReadResult::kNothing) break;
  }
  // There may be thousands of channels, nearly all of them silent.
  if (incoming_.empty()) incoming_.shrink_to_fit();
  if (incoming_descriptors_.empty()) incoming_descriptors_.shrink_to_fit();
  return true;
}

FrameChannel::ReadResult FrameChannel::ReadOnce() {
  std::array<char, kReadBytes> buffer;
  iovec part{buffer.data(), buffer.size()};
  ControlBuffer control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  const ssize_t size = recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (size < 0) {
    return errno == EAGAIN || errno == EINTR ? ReadResult::kNothing : ReadResult::kEnd;
  }
  TakeDescriptors(&header, &incoming_descriptors_);
  if (size == 0 || (header.msg_flags & MSG_CTRUNC) != 0) return ReadResult::kEnd;
  incoming_.append(buffer.data(), static_cast<size_t>(size));
  return ReadResult::kSome;
}

bool FrameChannel::TakeFrames(std::vector<Frame>* frames) {
  size_t position = 0;
  while (incoming_.size() - position >= kHeaderBytes) {
    const std::string_view rest = std::string_view(incoming_).substr(position);
    const size_t length = ReadUint32(rest);
    const size_t count = ReadUint32(rest.substr(sizeof(uint32_t)));
    if (length > kMaxFrameBytes || count > kMaxFrameDescriptors) return false;
    if (rest.size() - kHeaderBytes < length) break;
    if (incoming_descriptors_.size() < count) return false;
    Frame frame{std::string(rest.substr(kHeaderBytes, length)), {}};
    const auto end = incoming_descriptors_.begin() + static_cast<ptrdiff_t>(count);
    frame.descriptors.assign(std::make_move_iterator(incoming_descriptors_.begin()),
                             std::make_move_iterator(end));
    incoming_descriptors_.erase(incoming_descriptors_.begin(), end);
    frames->push_back(std::move(frame));
    position += kHeaderBytes + length;
  }
  incoming_.erase(0, position);
  return true;
}

}  // namespace hcs::emulator
