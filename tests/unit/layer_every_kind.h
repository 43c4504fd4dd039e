// A Windows layer in memory that has an entry of every kind.

#ifndef HCS_TESTS_UNIT_LAYER_EVERY_KIND_H_
#define HCS_TESTS_UNIT_LAYER_EVERY_KIND_H_

#include <string>
#include <vector>

#include "core/layer/ea_data.h"
#include "core/layer/reparse_buffer.h"
#include "tests/unit/layer_windows_tar_archive.h"

namespace hcs::layer {

inline std::string Reparse(const ReparsePoint& point) { return BuildReparseBuffer(point).value(); }

// Entries of every kind, each backup stream in the order that the tar's reader gives.
inline std::vector<LayerItem> EveryKindOfItem() {
  using Id = BackupStreamId;
  const std::string security = Stream(Id::kSecurityData, std::string("\1\0\4\x80 owner\xFF", 11));
  const std::string attributes =
      BuildEaData({{0, "$KERNEL.PURGE.A", "1"}, {0, "B", std::string("\0\xFF", 2)}}).value();
  const std::string needed = BuildEaData({{kEaNeeded, "A=B", "1"}}).value();
  std::vector<LayerItem> items = {
      FileItem("Files", kAttributeDirectory, 0, security),
      FileItem("Files\\empty", kAttributeReadOnly | kAttributeHidden, 0, ""),
      FileItem("Files\\data.txt", kAttributeArchive, 5,
               security + Stream(Id::kEaData, attributes) + Stream(Id::kData, "12345") +
                   Stream(Id::kAlternateData, "zone", u":Zone.Identifier:$DATA") +
                   Stream(Id::kAlternateData, "", u":empty:$DATA")),
      FileItem("Files\\needed", kAttributeArchive, 1,
               Stream(Id::kEaData, needed) + Stream(Id::kObjectId, std::string(64, '\x07')) +
                   Stream(Id::kData, "x")),
      FileItem("Files\\\u00C4\u4E16\u754C.txt", kAttributeNormal, 600,
               Stream(Id::kData, std::string(600, 'u'))),
      FileItem("Files\\relative", kAttributeReparsePoint, 0,
               Stream(Id::kReparseData,
                      Reparse(ReparseLink{kSymbolicLinkTag, u"..\\x", u"..\\x", true}))),
      FileItem("Files\\absolute", kAttributeReparsePoint | kAttributeDirectory, 0,
               Stream(Id::kReparseData,
                      Reparse(ReparseLink{kSymbolicLinkTag, u"\\??\\C:\\x", u"C:\\x", false}))),
      FileItem("Files\\junction", kAttributeReparsePoint | kAttributeDirectory, 0,
               security + Stream(Id::kReparseData,
                                 Reparse(ReparseLink{kMountPointTag, u"\\??\\C:\\d", u"C:\\d"}))),
      FileItem("Files\\volume", kAttributeReparsePoint | kAttributeDirectory, 0,
               Stream(Id::kReparseData,
                      Reparse(ReparseLink{kMountPointTag, u"\\??\\Volume{1}\\", u""}))),
      FileItem("Files\\cloud", kAttributeReparsePoint, 3,
               Stream(Id::kReparseData, Reparse(RawReparse{0x9000001A, "tag"})) +
                   Stream(Id::kData, "abc")),
      FileItem("Files\\Sub", kAttributeDirectory, 0,
               Stream(Id::kAlternateData, "of a directory", u":notes:$DATA")),
  };
  LayerItem link;
  link.entry.kind = LayerEntry::Kind::kLink;
  link.entry.name = "Files\\Sub\\link";
  link.entry.link_target = "Files\\data.txt";
  items.push_back(link);
  LayerItem removed;
  removed.entry.kind = LayerEntry::Kind::kRemoved;
  removed.entry.name = "Files\\elsewhere\\gone";
  items.push_back(removed);
  items.push_back(FileItem("Hives", kAttributeDirectory, 0, ""));
  items.push_back(FileItem("Hives\\System_Delta", 0, 4, Stream(Id::kData, "regf")));
  items.push_back(FileItem("UtilityVM", kAttributeDirectory, 0, ""));
  items.push_back(FileItem("UtilityVM\\Files", kAttributeDirectory, 0, ""));
  items.push_back(
      FileItem("UtilityVM\\Files\\bootmgr", kAttributeSystem, 2, Stream(Id::kData, "MZ")));
  return items;
}

}  // namespace hcs::layer

#endif  // HCS_TESTS_UNIT_LAYER_EVERY_KIND_H_
