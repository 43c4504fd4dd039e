// Tar archives of any kind. Promises: what is read can be written, and is read as the same then;
// how the bytes are cut changes nothing; ends and errors are told again (ReadTar asks); the
// limits hold.

#include "core/layer/tar/pax_records.h"
#include "tests/fuzz/target.h"
#include "tests/unit/layer_tar_archive.h"

namespace hcs::fuzz {
namespace {

using layer::Member;
using layer::ReadArchive;
using layer::TarLimits;

// So small that an input of some kilobytes can break them.
TarLimits SmallLimits() {
  return {.max_name_bytes = 200,
          .max_extension_bytes = 600,
          .max_global_bytes = 300,
          .max_records = 5,
          .end_may_be_missing = true};
}

void CheckLimits(const ReadArchive& archive, const TarLimits& limits, size_t input_size) {
  size_t content = 0;
  for (const Member& member : archive.members) {
    const layer::TarEntry& entry = member.entry;
    Require(!entry.name.empty() && entry.name.size() <= limits.max_name_bytes, "names are bounded");
    Require(entry.link_name.size() <= limits.max_name_bytes, "targets of links are bounded");
    Require(entry.records.size() <= limits.max_records, "the count of records is bounded");
    size_t bytes = 0;
    for (const layer::PaxRecord& record : entry.records) bytes += record.value.size();
    Require(bytes <= limits.max_extension_bytes + limits.max_global_bytes, "records are bounded");
    Require(entry.name.find('\0') == std::string::npos, "names have no NUL");
    content += member.content.size();
  }
  Require(content <= input_size, "content is what was there");
}

void CheckWrittenAgain(const ReadArchive& archive) {
  const std::string bytes = layer::WriteTar(archive.members);
  const ReadArchive again = layer::ReadTar(bytes, bytes.size() + 1);
  RequireOk(again.error, "what is written is an archive");
  Require(again.members == archive.members, "what is written is read as the same");
  Require(layer::WriteTar(again.members) == bytes, "the same members are the same bytes");
}

void CheckReading(std::string_view input, const TarLimits& limits) {
  const ReadArchive archive = layer::ReadTar(input, input.size() + 1, limits);
  const ReadArchive cut = layer::ReadTar(input, PieceBytes(input), limits);
  if (absl::IsInternal(archive.error)) RequireOk(archive.error, "events come in order");
  Require(archive.error == cut.error, "cutting the bytes changes no error");
  Require(archive.members == cut.members, "cutting the bytes changes no member");
  CheckLimits(archive, limits, input.size());
  if (archive.error.ok()) CheckWrittenAgain(archive);
}

}  // namespace

void RunOne(std::string_view input) {
  CheckReading(input, TarLimits());
  CheckReading(input, SmallLimits());
}

std::vector<std::string> Seeds() {
  using layer::RawMember;
  const std::string long_names = RawMember('L', "././@LongLink", std::string(150, 'n') + '\0') +
                                 RawMember('K', "././@LongLink", std::string(150, 't') + '\0') +
                                 RawMember('2', "short", "") + layer::TarEnd();
  std::string body;
  layer::AppendPaxRecord("uid", "7", &body);
  layer::AppendPaxRecord("V.a", "1", &body);
  const std::string global = RawMember('g', "global", body) + RawMember('0', "one", "content") +
                             RawMember('x', "own", "6 V.a=\n") + RawMember('0', "two", "") +
                             layer::TarEnd();
  std::string base256 = RawMember('5', "directory/", "");
  base256 = layer::WithField(base256, 108, std::string("\x80\0\0\x01\0\0\0\0", 8));
  base256 = layer::WithField(base256, 136, std::string(11, '\xFF') + '\xFE');
  std::string v7 = layer::WithField(RawMember('0', "old/", ""), 257, std::string(8, '\0'));
  v7 = layer::WithField(v7, 156, std::string(1, '\0'));
  std::vector<std::string> seeds = {long_names, global, base256 + v7 + layer::TarEnd(),
                                    layer::WriteTar(layer::EveryMember())};
  for (const Member& member : layer::EveryMember()) seeds.push_back(layer::WriteTar({member}));
  return seeds;
}

}  // namespace hcs::fuzz
