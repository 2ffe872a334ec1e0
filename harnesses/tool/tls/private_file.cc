#include "harnesses/tool/tls/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/diagnostics.h"

namespace tocsin::tool {

Descriptor open_private_file(const std::string& path, FileUse use, const std::string& what) {
  constexpr mode_t owner_alone = 0600, of_others = 077;
  const auto refuse = [&](const std::string& why) { throw UsageError("cannot open the " + what + " " + path + ": " + why); };
  // O_NONBLOCK: a pipe that nobody reads must not keep us.
  const int flags =
      (use == FileUse::read ? O_RDONLY : O_WRONLY | O_CREAT | O_APPEND) | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor file(open(path.c_str(), flags, owner_alone));
  if (!file && errno == ENOENT && use == FileUse::read) return file;
  if (!file) refuse(errno == ELOOP ? "it is a link" : errno == ENXIO ? "it is no regular file" : errno_text(errno));
  struct stat is {};
  if (fstat(file.get(), &is) != 0) refuse(errno_text(errno));
  if (!S_ISREG(is.st_mode)) refuse("it is no regular file");
  if (is.st_uid != geteuid()) refuse("it belongs to somebody else");
  if ((is.st_mode & of_others) != 0) {
    if (fchmod(file.get(), owner_alone) != 0) refuse("others have access to it");
    diagnostics().say("tocsin: others had access to the " + what + " " + path + "; it is its owner's alone now");
  }
  return file;
}

}  // namespace tocsin::tool
