#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "core/image/archive_writer.h"
#include "core/image/archived_image.h"
#include "tests/unit/image_test_archive.h"

namespace hcs::image {
namespace {

using Catch::Matchers::Contains;

v1::ImagePlatform Platform(const std::string& os, const std::string& version = "") {
  v1::ImagePlatform platform;
  platform.set_os(os);
  platform.set_architecture("amd64");
  if (!version.empty()) platform.set_os_version(version);
  return platform;
}

const PlatformWish kAny{.order = {Platform("linux"), Platform("windows")}, .strict = false};

// What an archive gives; its spool stays as long.
struct Archive {
  TestFolder folder;
  std::unique_ptr<ArchiveSpool> spool;
  absl::StatusOr<std::vector<ArchivedImage>> images = absl::UnknownError("not read");

  explicit Archive(const std::string& bytes, const PlatformWish& wish = kAny) {
    auto opened = ArchiveSpool::Open(folder.path());
    REQUIRE(opened.ok());
    spool = *std::move(opened);
    const absl::Status spooled = SpoolAll(spool.get(), bytes, 10'000);
    REQUIRE(spooled.ok());
    images = ReadImages(*spool, wish);
  }
  explicit Archive(const Members& members, const PlatformWish& wish = kAny)
      : Archive(layer::WriteTar(members), wish) {}

  std::string Error() const { return std::string(images.status().message()); }
  const ArchivedImage& Only() const {
    INFO(images.status());
    REQUIRE(images.ok());
    REQUIRE(images->size() == 1);
    return images->front();
  }
};

std::string LayerTar(const std::string& file) {
  return layer::WriteTar({TestFile(file, "content of " + file)});
}

std::vector<std::string> Names(const ArchivedImage& image) {
  std::vector<std::string> names;
  for (const Reference& reference : image.references) names.push_back(reference.Familiar());
  return names;
}

using Strings = std::vector<std::string>;

TEST_CASE("an OCI layout gives its image") {
  TestImage image({LayerTar("a"), LayerTar("b")}, {{"Entrypoint", {"/bin/sh", "-c"}},
                                                   {"Cmd", {"echo hi"}},
                                                   {"Env", {"A=1", "B=2"}},
                                                   {"User", "1000:users"},
                                                   {"WorkingDir", "/srv"},
                                                   {"Labels", {{"k", "v"}}},
                                                   {"ExposedPorts", {{"80/tcp", Json::object()}}},
                                                   {"Healthcheck", {{"Test", {"NONE"}}}}});
  image.configuration["created"] = "2024-05-06T07:08:09.123456789Z";
  image.configuration["history"] = {{{"created_by", "ADD a"}},
                                    {{"created_by", "ENV A=1"}, {"empty_layer", true}}};
  const Archive archive(OciArchive(image, "localhost/x:1"));
  const ArchivedImage& read = archive.Only();
  CHECK(Names(read) == Strings{"localhost/x:1"});
  CHECK(read.manifest_document == image.ManifestText());
  CHECK(DigestOf(read.configuration_document) == image.Id());
  const v1::ImageExecution& config = read.configuration.config();
  CHECK(Strings(config.entrypoint().begin(), config.entrypoint().end()) ==
        Strings{"/bin/sh", "-c"});
  CHECK(config.cmd(0) == "echo hi");
  CHECK(config.env(1) == "B=2");
  CHECK(config.user() == "1000:users");
  CHECK(config.working_dir() == "/srv");
  CHECK(config.labels().at("k") == "v");
  CHECK(config.exposed_ports().contains("80/tcp"));
  CHECK_THAT(config.unknown_json(), Contains("Healthcheck"));
  CHECK(read.configuration.history(1).empty_layer());
  CHECK(read.configuration.created().nanos() == 123'456'789);
  REQUIRE(read.layers.size() == 2);
  CHECK(read.layers[0].diff_id == DigestOf(image.layers[0]));
  CHECK(read.layers[1].blob.size == image.layers[1].size());
  CHECK(PlatformOf(read.configuration).os() == "linux");
}

TEST_CASE("an image of an OCI layout may have several names or none") {
  const TestImage image({LayerTar("a")});
  Members members{OciLayoutFile()};
  image.AddBlobsTo(&members);
  Json other = image.Descriptor();
  other["annotations"]["io.containerd.image.name"] = "docker.io/library/y:2";
  other["annotations"]["org.opencontainers.image.ref.name"] = "2";
  members.push_back(IndexOf(Json::array(
      {Named(image.Descriptor(), "x"), other, Named(image.Descriptor(), "no reference")})));
  CHECK(Names(Archive(members).Only()) == Strings{"x:latest", "y:2"});
  CHECK(Names(Archive(OciArchive(image, "")).Only()).empty());
}

TEST_CASE("one of several platforms is taken") {
  const std::string versions[] = {"10.0.14393.1", "10.0.17763.5", "10.0.17763.10", "10.0.20348.1"};
  Members members{OciLayoutFile()};
  Json manifests = Json::array();
  Strings ids;
  for (const std::string& version : versions) {
    TestImage image({LayerTar(version)});
    image.configuration["os"] = "windows";
    image.configuration["os.version"] = version;
    image.AddBlobsTo(&members);
    Json descriptor = image.Descriptor();
    descriptor["platform"] = {
        {"os", "windows"}, {"architecture", "amd64"}, {"os.version", version}};
    manifests.push_back(descriptor);
    ids.push_back(image.Id());
  }
  TestImage linux_image({LayerTar("linux")});
  linux_image.AddBlobsTo(&members);
  manifests.push_back(linux_image.Descriptor());
  manifests.back()["platform"] = {{"os", "linux"}, {"architecture", "amd64"}};
  // What a builder says of it, and a platform that the archive does not have.
  manifests.push_back(DescriptorFor("application/vnd.oci.image.manifest.v1+json", "attestation"));
  manifests.back()["platform"] = {{"os", "unknown"}, {"architecture", "unknown"}};
  manifests.push_back(DescriptorFor("application/vnd.oci.image.manifest.v1+json", "elsewhere"));
  manifests.back()["platform"] = {{"os", "linux"}, {"architecture", "arm64"}};
  const std::string index = Json{{"schemaVersion", 2}, {"manifests", manifests}}.dump();
  members.push_back(TestFile(BlobPath(DigestOf(index)), index));
  members.push_back(IndexOf(
      Json::array({Named(DescriptorFor("application/vnd.oci.image.index.v1+json", index), "x")})));

  const auto chosen = [&](const PlatformWish& wish) {
    const Archive archive(members, wish);
    return DigestOf(archive.Only().configuration_document);
  };
  CHECK(chosen(kAny) == linux_image.Id());
  CHECK(chosen({.order = {Platform("windows", "10.0.17763.1")}}) == ids[2]);
  CHECK(chosen({.order = {Platform("windows", "10.0.18362.1")}}) == ids[2]);
  CHECK(chosen({.order = {Platform("windows")}}) == ids[3]);
  CHECK(chosen({.order = {Platform("windows", "10.0.9600.1"), Platform("linux")}}) ==
        linux_image.Id());
  const Archive none(members, {.order = {Platform("windows", "10.0.9600.1")}});
  CHECK(absl::IsNotFound(none.images.status()));
  CHECK_THAT(none.Error(), Contains("no image is for windows/amd64 (10.0.9600.1)") &&
                               Contains("windows/amd64 (10.0.17763.10)") &&
                               Contains("linux/amd64"));
}

TEST_CASE("a single image is taken whatever it is for, unless a platform was asked for") {
  TestImage image({LayerTar("a")});
  image.configuration["architecture"] = "riscv64";
  const std::string bytes = OciArchive(image, "x");
  CHECK(Archive(bytes).Only().configuration.architecture() == "riscv64");
  const Archive refused(bytes, {.order = {Platform("linux")}, .strict = true});
  CHECK(absl::IsNotFound(refused.images.status()));
}

TEST_CASE("a base layer that an archive leaves out is named") {
  TestImage image({"base", LayerTar("b")});
  image.manifest["layers"][0]["mediaType"] =
      "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
  image.manifest["layers"][0]["urls"] = {"https://example.test/base"};
  Members members{OciLayoutFile(), IndexOf(Json::array({image.Descriptor()}))};
  image.AddBlobsTo(&members);
  CHECK(Archive(members).Only().layers.size() == 2);
  std::erase_if(members, [](const auto& member) { return member.content == "base"; });
  const Archive archive(members);
  CHECK(absl::IsFailedPrecondition(archive.images.status()));
  CHECK_THAT(archive.Error(), Contains("layer 1 of 2, " + DigestOf("base")) &&
                                  Contains("https://example.test/base"));
}

TEST_CASE("broken OCI layouts are refused, naming what is wrong") {
  TestImage image({LayerTar("a")});
  Members members{OciLayoutFile()};
  std::string wanted;
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  SECTION("no index") { wanted = "neither an index.json"; }
  SECTION("an index that is no JSON") {
    members.push_back(TestFile("index.json", "{"));
    wanted = "index.json: ";
  }
  SECTION("an index of nothing") {
    members.push_back(IndexOf(Json::array()));
    wanted = "it names no image";
  }
  SECTION("a bad digest") {
    Json descriptor = image.Descriptor();
    descriptor["digest"] = "sha256:../../../etc/passwd";
    members.push_back(IndexOf(Json::array({descriptor})));
    wanted = "index.json: manifests[0].digest: must be \"sha256:\"";
  }
  SECTION("another schema") {
    image.manifest["schemaVersion"] = 1;
    image.AddBlobsTo(&members);
    members.push_back(IndexOf(Json::array({image.Descriptor()})));
    wanted = "schemaVersion: must be 2, is 1";
  }
  SECTION("an artifact that is no image") {
    members.push_back(IndexOf(Json::array({DescriptorFor("application/x", "x")})));
    members.push_back(TestFile(BlobPath(DigestOf("x")), "x"));
    wanted = "its media type, \"application/x\"";
  }
  SECTION("a layer of another kind") {
    image.manifest["layers"][0]["mediaType"] = "application/x-encrypted";
    image.AddBlobsTo(&members);
    members.push_back(IndexOf(Json::array({image.Descriptor()})));
    wanted = "its media type, \"application/x-encrypted\"";
  }
  SECTION("fewer layers than diff ids") {
    image.configuration["rootfs"]["diff_ids"].push_back(DigestOf("x"));
    image.AddBlobsTo(&members);
    members.push_back(IndexOf(Json::array({image.Descriptor()})));
    wanted = "has 2 diff ids (rootfs.diff_ids), and its manifest 1 layers";
  }
  SECTION("a missing layer") {
    image.AddBlobsTo(&members);
    members.pop_back();
    members.push_back(IndexOf(Json::array({image.Descriptor()})));
    wanted = "no blob " + DigestOf(image.layers[0]);
    code = absl::StatusCode::kNotFound;
  }
  SECTION("a member of another type") {
    image.configuration["config"]["Env"] = "A=1";
    image.AddBlobsTo(&members);
    members.push_back(IndexOf(Json::array({image.Descriptor()})));
    wanted = "config.Env: must be an array, is a string";
  }
  const Archive archive(members);
  CHECK(archive.images.status().code() == code);
  CHECK_THAT(archive.Error(), Contains(wanted));
}

TEST_CASE("indexes without end are refused") {
  Members members{OciLayoutFile()};
  std::string inner = TestImage({LayerTar("a")}).ManifestText();
  std::string type = "application/vnd.oci.image.manifest.v1+json";
  for (int depth = 0; depth < 7; ++depth) {
    members.push_back(TestFile(BlobPath(DigestOf(inner)), inner));
    inner = Json{{"schemaVersion", 2}, {"manifests", {DescriptorFor(type, inner)}}}.dump();
    type = "application/vnd.oci.image.index.v1+json";
  }
  members.push_back(TestFile("index.json", inner));
  CHECK_THAT(Archive(members).Error(), Contains("indexes more than 4 deep"));
}

// As docker save writes it, with a layer that two images have as a link.
Members DockerArchive(const TestImage& one, const TestImage& two) {
  const Json manifest = {{{"Config", "one.json"},
                          {"RepoTags", {"busybox:1", "busybox:2"}},
                          {"Layers", {"1/layer.tar"}}},
                         {{"Config", "two.json"},
                          {"RepoTags", nullptr},
                          {"Layers", {"1b\\layer.tar", "2/layer.tar"}}}};
  return {TestFile("one.json", one.ConfigurationText()),
          TestDirectory("1"),
          TestFile("1/VERSION", "1.0"),
          TestFile("1/layer.tar", one.layers[0]),
          TestLink(layer::TarType::kSymbolicLink, "1b/layer.tar", "../1/layer.tar"),
          TestFile("2/layer.tar", two.layers[1]),
          TestFile("two.json", two.ConfigurationText()),
          TestFile("manifest.json", manifest.dump()),
          TestFile("repositories", "{}")};
}

TEST_CASE("a docker-archive gives its images") {
  const TestImage one({LayerTar("a")});
  const TestImage two({LayerTar("a"), LayerTar("b")});
  const Archive archive(DockerArchive(one, two));
  REQUIRE(archive.images.ok());
  REQUIRE(archive.images->size() == 2);
  const ArchivedImage& first = archive.images->at(0);
  CHECK(Names(first) == Strings{"busybox:1", "busybox:2"});
  CHECK(first.manifest.config().digest() == one.Id());
  const ArchivedImage& second = archive.images->at(1);
  CHECK(second.references.empty());
  CHECK(second.layers[0].blob.digest == first.layers[0].blob.digest);
  CHECK(second.layers[1].diff_id == DigestOf(two.layers[1]));
  CHECK(Json::parse(second.manifest_document)["layers"][1]["digest"] == DigestOf(two.layers[1]));
}

TEST_CASE("broken docker-archives are refused, naming what is wrong") {
  const TestImage image({LayerTar("a")});
  const auto error = [&](const Json& manifest) {
    return Archive(Members{TestFile("c.json", image.ConfigurationText()),
                           TestFile("l.tar", image.layers[0]),
                           TestFile("manifest.json", manifest.dump())})
        .Error();
  };
  CHECK_THAT(error({{{"Config", "../c.json"}, {"Layers", {"l.tar"}}}}),
             Contains("manifest.json: [0].Config") && Contains("\"..\""));
  CHECK_THAT(error({{{"Config", "c.json"}, {"Layers", {"/etc/passwd"}}}}),
             Contains("manifest.json: [0].Layers[0]") && Contains("absolute"));
  CHECK_THAT(error({{{"Config", "c.json"}, {"Layers", {"gone.tar"}}}}), Contains("'gone.tar'"));
  CHECK_THAT(error({{{"Config", "c.json"}, {"Layers", Json::array()}}}), Contains("1 diff ids"));
  CHECK_THAT(error({{{"Config", "c.json"}, {"Layers", {"l.tar"}}, {"RepoTags", {"Bad Name"}}}}),
             Contains("manifest.json: [0].RepoTags[0]"));
  CHECK_THAT(error(Json::array()), Contains("names no image"));
  CHECK_THAT(error({{"Config", "c.json"}}), Contains("must be an array, is an object"));
}

std::string WriteAll(ArchiveWriter* writer) {
  std::string bytes;
  std::string piece;
  for (;;) {
    const auto more = writer->Next(&piece);
    REQUIRE(more.ok());
    if (!*more) return bytes;
    CHECK(piece.size() < 3 * ArchiveWriter::kPieceBytes);
    bytes += piece;
  }
}

TEST_CASE("what is written is read again, whole") {
  const TestFolder blobs;
  std::vector<ImageContent> contents;
  const std::string large = layer::WriteTar({TestFile("large", std::string(1'000'000, 'z'))});
  const TestImage images[] = {TestImage({large, LayerTar("a")}), TestImage({large})};
  for (const TestImage& image : images) {
    for (const std::string& tar : image.layers) {
      std::ofstream(blobs.path() / DigestHex(DigestOf(tar)), std::ios::binary) << tar;
    }
    Archive archive(OciArchive(image, ""));
    contents.push_back({archive.Only().manifest_document,
                        archive.Only().configuration_document,
                        archive.Only().manifest,
                        {}});
  }
  contents[0].references = {*ParseReference("one:1"), *ParseReference("localhost/one:2")};
  auto writer = ArchiveWriter::Open(contents, blobs.path());
  REQUIRE(writer.ok());
  const std::string bytes = WriteAll(writer->get());
  CHECK(bytes.size() == (*writer)->total_bytes());
  CHECK(bytes.size() < 1'100'000);

  const Archive archive(bytes);
  REQUIRE(archive.images.ok());
  REQUIRE(archive.images->size() == 2);
  for (size_t i = 0; i < 2; ++i) {
    const ArchivedImage& read = archive.images->at(i);
    CHECK(read.manifest_document == contents[i].manifest_document);
    CHECK(read.configuration_document == contents[i].configuration_document);
    CHECK(read.layers.size() == images[i].layers.size());
  }
  CHECK(Names(archive.images->at(0)) == Strings{"one:1", "localhost/one:2"});

  // As a docker without OCI reads it.
  Members members = layer::ReadTar(bytes, bytes.size()).members;
  std::erase_if(members, [](const auto& member) { return member.entry.name == "index.json"; });
  const Archive docker(members);
  REQUIRE(docker.images.ok());
  CHECK(docker.images->at(1).manifest.config().digest() == images[1].Id());
  CHECK(Names(docker.images->at(0)) == Strings{"one:1", "localhost/one:2"});

  std::filesystem::remove(blobs.path() / DigestHex(DigestOf(large)));
  CHECK(absl::IsNotFound(ArchiveWriter::Open(contents, blobs.path()).status()));
}

}  // namespace
}  // namespace hcs::image
