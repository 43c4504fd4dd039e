// The files of a transport folder: what ImportLayer reads and ExportLayer writes. Facts:
// shared reference `vmcompute-abi.md`, section 2, "Transport folder".
//
// Names are the layer's own, in UTF-8. Where the file system has extended attributes, a
// file's four times are in `user.hcsd.times`, in the form that core/layer/rooted_file.h
// gives them: a caller that uses that room loses none.

#ifndef HCS_CORE_EMULATOR_LAYERS_TRANSPORT_FILES_H_
#define HCS_CORE_EMULATOR_LAYERS_TRANSPORT_FILES_H_

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/abi/vmcompute.h"
#include "core/emulator/outcome.h"
#include "core/platform/unique_fd.h"

namespace hcs::emulator {

inline constexpr char kTombstonesFile[] = "tombstones.txt";
// A folder's metadata is in a file beside it, of its name and this.
inline constexpr char kFolderSuffix[] = ".$wcidirs$";
// The attributes (uint32, little-endian) before the backup stream.
inline constexpr size_t kTransportHeaderBytes = 4;

// The four times, and the attributes that the file system itself knows of.
abi::FILE_BASIC_INFO InfoOfTransportFile(int file, const struct stat& status);
// 0, or an errno value. The extended attribute is left out where there is none to be had.
int SetTransportTimes(int file, const abi::FILE_BASIC_INFO& info);

// The removed names, as ImportLayerNext would have them. ERROR_INVALID_DATA without the
// first line, or for a line that begins no name.
Outcome<std::vector<std::u16string>> ParseTombstones(std::string_view text);
// The other way: the file's first line, and the line of one removed name below Files.
std::string TombstonesHeader();
std::string TombstoneLine(std::u16string_view name);

// A regular file, through no link. ERROR_INVALID_DATA for anything else.
Outcome<platform::UniqueFd> OpenTransportFile(int folder, const std::string& name,
                                              struct stat* status);

}  // namespace hcs::emulator

#endif  // HCS_CORE_EMULATOR_LAYERS_TRANSPORT_FILES_H_
