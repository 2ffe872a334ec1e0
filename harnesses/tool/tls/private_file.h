#pragma once
// Files that the tool writes secrets into: their owner's alone, and files indeed.
#include <string>

#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

enum class FileUse { read, append };

/// Opens a regular file that belongs to who runs the program; append makes it if it is not there. Not through a link, no
/// device, no pipe. Others lose their access to it, which is told on stderr. what: names it in messages, as in "key log". None
/// if there is none to read; UsageError for everything else that it cannot be.
Descriptor open_private_file(const std::string& path, FileUse use, const std::string& what);

}  // namespace tocsin::tool
