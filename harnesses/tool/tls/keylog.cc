#include "harnesses/tool/tls/keylog.h"

#include <fcntl.h>

#include <iostream>
#include <memory>

#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/sockets.h"

namespace tocsin::tool {

std::function<void(std::string_view line)> open_key_log(const std::string& path) {
  const auto file = std::make_shared<Descriptor>(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!*file) throw UsageError("cannot open the key log " + path + ": " + errno_text(errno));
  return [file, path](std::string_view line) {
    const std::string whole = std::string(line) + "\n";
    const IoResult written = write_some(file->get(), bytes_of(whole));
    if (written.bytes != whole.size()) std::cerr << "tocsin: cannot write to the key log " + path + "\n";
  };
}

}  // namespace tocsin::tool
