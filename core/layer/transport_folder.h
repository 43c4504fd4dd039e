// The transport folder: a layer as ImportLayer and ExportLayer carry it on a file
// system. Facts: shared reference `vmcompute-abi.md`, section 2, "Transport folder".
//
//   tombstones.txt          what the layer removes (tombstones.h)
//   Files\...               a file is its attributes (uint32, little-endian) and then
//                           its backup stream; a directory is a real one, with a file
//                           NAME.$wcidirs$ of the same form beside it. A directory that
//                           is a reparse point is that file alone. The times are those
//                           of the file that has the stream.
//   Hives\...               plain files
//   UtilityVM\Files\...     plain files and directories, with their own attributes
//
// What a plain file can keep is what the machine's file system can: on Linux the
// content, the times (rooted_file.h) and whether it is read-only. Its other streams
// are checked, and not kept.

#ifndef HCS_CORE_LAYER_TRANSPORT_FOLDER_H_
#define HCS_CORE_LAYER_TRANSPORT_FOLDER_H_

#include <string_view>

namespace hcs::layer {

inline constexpr char kFilesFolder[] = "Files";
inline constexpr char kHivesFolder[] = "Hives";
inline constexpr char kUtilityVmFolder[] = "UtilityVM";
inline constexpr char kUtilityVmFilesFolder[] = "UtilityVM\\Files";
// Whose times the folders Files and Hives take.
inline constexpr char kDeltaHive[] = "Hives\\System_Delta";
// A directory's metadata is beside it, in the file with this at the end of its name.
inline constexpr char kDirectorySuffix[] = ".$wcidirs$";
// Directly under Files, passed over on reading.
inline constexpr char kRecycleBin[] = "Files\\$Recycle.Bin";

// Where an entry is, which decides how it is kept. The folders' names must have their
// own case: "files" is no part of a layer.
enum class TransportZone {
  kFiles,   // Below Files: attributes and backup stream.
  kPlain,   // A plain file or directory: Files and Hives themselves, below Hives,
            // UtilityVM, UtilityVM\Files and below that.
  kNowhere  // Any other place: no entry of a layer.
};

TransportZone ZoneOf(std::string_view name);

// Files, Hives, UtilityVM or UtilityVM\Files itself.
bool IsTransportRoot(std::string_view name);

// Ends as a directory's metadata does, in whatever case: no entry below Files can be called so.
bool HasDirectorySuffix(std::string_view name);

// Below UtilityVM\Files.
bool IsUtilityVmFile(std::string_view name);

}  // namespace hcs::layer

#endif  // HCS_CORE_LAYER_TRANSPORT_FOLDER_H_
