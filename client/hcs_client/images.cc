#include "client/hcs_client/images.h"

#include <grpcpp/support/sync_stream.h>

#include <thread>

#include "client/hcs_client/connection.h"

namespace hcs::client {
namespace {

using Stub = v1::ImageService::Stub;
using ImportStream = grpc::ClientReaderWriter<v1::ImportImageRequest, v1::ImportImageResponse>;

constexpr int kPageSize = 1000;

// Writes until the archive's end, or until the daemon takes no more: it then says why.
absl::Status Send(ImportStream& stream, const v1::ImportImageStart& start,
                  const Images::Source& source) {
  v1::ImportImageRequest request;
  *request.mutable_start() = start;
  while (stream.Write(request)) {
    if (request.has_done()) return absl::OkStatus();
    absl::StatusOr<std::string> piece = source();
    if (!piece.ok()) return piece.status();
    if (piece->empty()) {
      request.mutable_done();
    } else {
      request.set_content(*std::move(piece));
    }
  }
  return absl::OkStatus();
}

// What comes down, until the stream's end.
void Receive(ImportStream& stream, const Images::OnProgress& progress,
             v1::ImportImageResult* result) {
  v1::ImportImageResponse response;
  while (stream.Read(&response)) {
    if (response.has_progress()) progress(response.progress());
    if (response.has_result()) *result = std::move(*response.mutable_result());
  }
}

}  // namespace

absl::StatusOr<v1::ImportImageResult> Images::Import(const v1::ImportImageStart& start,
                                                     const Source& source,
                                                     const OnProgress& progress,
                                                     const CallOptions& options) const {
  grpc::ClientContext context;
  Apply(options, context);
  const auto stream = connection_->images.ImportImage(&context);
  v1::ImportImageResult result;
  std::thread receiver([&] { Receive(*stream, progress, &result); });
  const absl::Status sent = Send(*stream, start, source);
  if (!sent.ok()) context.TryCancel();
  receiver.join();
  const grpc::Status finished = stream->Finish();
  if (!sent.ok()) return sent;
  if (!finished.ok()) return ToAbslStatus(finished);
  return result;
}

absl::Status Images::Export(const std::vector<std::string>& images,
                            const std::function<void(int64_t)>& on_size, const Sink& sink,
                            const CallOptions& options) const {
  v1::ExportImageRequest request;
  for (const std::string& image : images) request.add_images(image);
  grpc::ClientContext context;
  Apply(options, context);
  const auto stream = connection_->images.ExportImage(&context, request);
  v1::ExportImageResponse response;
  absl::Status taken;
  while (taken.ok() && stream->Read(&response)) {
    if (response.has_size()) on_size(response.size());
    if (response.has_content()) taken = sink(response.content());
  }
  if (!taken.ok()) context.TryCancel();
  const grpc::Status finished = stream->Finish();
  return taken.ok() ? ToAbslStatus(finished) : taken;
}

absl::StatusOr<std::vector<v1::Image>> Images::List(const CallOptions& options) const {
  v1::ListImagesRequest request;
  request.set_page_size(kPageSize);
  std::vector<v1::Image> images;
  do {
    auto page = Call(connection_->images, &Stub::ListImages, request, options);
    if (!page.ok()) return page.status();
    for (v1::Image& image : *page->mutable_images()) images.push_back(std::move(image));
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return images;
}

absl::StatusOr<v1::GetImageResponse> Images::Get(const std::string& image,
                                                 const CallOptions& options) const {
  v1::GetImageRequest request;
  request.set_image(image);
  return Call(connection_->images, &Stub::GetImage, request, options);
}

absl::StatusOr<v1::RemoveImageResponse> Images::Remove(const std::string& image, bool force,
                                                       const CallOptions& options) const {
  v1::RemoveImageRequest request;
  request.set_image(image);
  request.set_force(force);
  request.set_request_id(options.request_id);
  return Call(connection_->images, &Stub::RemoveImage, request, options);
}

absl::StatusOr<v1::Image> Images::Tag(const std::string& image, const std::string& reference,
                                      const CallOptions& options) const {
  v1::TagImageRequest request;
  request.set_image(image);
  request.set_reference(reference);
  request.set_request_id(options.request_id);
  auto response = Call(connection_->images, &Stub::TagImage, request, options);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_image());
}

}  // namespace hcs::client
