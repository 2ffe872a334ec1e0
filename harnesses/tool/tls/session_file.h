#pragma once
// `tocsin connect --session FILE`: a file that holds one session between runs.
#include <memory>
#include <string>

#include "tocsin/sessions.h"

namespace tocsin::tool {

/// A store for one session, of whichever server was spoken to last. The file is its owner's alone, as it lets who has it read
/// the session's traffic; it is replaced as a whole, and removed when the session is to be forgotten. UsageError if there is
/// something else than such a file, or it cannot be read. What cannot be written later is reported on stderr.
std::shared_ptr<SessionStore> open_session_file(const std::string& path);

}  // namespace tocsin::tool
