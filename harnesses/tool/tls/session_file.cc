#include "harnesses/tool/tls/session_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/diagnostics.h"
#include "harnesses/tool/net/sockets.h"
#include "harnesses/tool/tls/private_file.h"

namespace tocsin::tool {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{1} << 20;

class SessionFile final : public SessionStore {
 public:
  explicit SessionFile(std::string path) : path_(std::move(path)) {}

  void keep(ByteView key, ByteView session, UnixSeconds) override {
    Bytes whole;
    whole.reserve(2 + key.size() + session.size());
    Writer out(whole);
    out.vector16(key);
    out.bytes(session);
    const SecretBytes content(std::move(whole));
    std::string fresh = path_ + ".XXXXXX";
    const Descriptor file(mkostemp(fresh.data(), O_CLOEXEC));  // a name that was free, mode 0600
    if (!file) return complain("write");
    const bool is_written = write_some(file.get(), content.view()).bytes == content.view().size();
    if (is_written && may_be_replaced() && rename(fresh.c_str(), path_.c_str()) == 0) return;
    complain("write");
    (void)unlink(fresh.c_str());
  }

  SecretBytes find(ByteView key) override {
    SecretBytes content = read();
    Reader reader(content.view());
    const ByteView kept_key = reader.vector16();
    if (reader.failed() || !std::ranges::equal(kept_key, key)) return {};
    const ByteView session = reader.take(reader.size());
    return SecretBytes(Bytes(session.begin(), session.end()));
  }

  void forget(ByteView key) override {
    if (!find(key).empty()) (void)unlink(path_.c_str());
  }

 private:
  // What it was at the start it may no longer be.
  bool may_be_replaced() const {
    struct stat is {};
    if (lstat(path_.c_str(), &is) != 0) return errno == ENOENT;
    errno = EEXIST;
    return S_ISREG(is.st_mode);
  }

  SecretBytes read() const {
    Descriptor file;
    try {
      file = open_private_file(path_, FileUse::read, "session file");
    } catch (const UsageError& refused) {  // the caller is the core, which knows no exceptions
      diagnostics().say("tocsin: " + std::string(refused.what()));
    }
    if (!file) return {};
    Bytes content(file_bytes_max);
    std::size_t size = 0;
    for (IoResult moved = read_some(file.get(), content); moved.how == IoResult::How::bytes && moved.bytes != 0;
         moved = read_some(file.get(), MutableBytes(content).subspan(size)))
      size += moved.bytes;
    content.resize(size);
    return SecretBytes(std::move(content));
  }
  void complain(const char* what) const {
    diagnostics().say("tocsin: cannot " + std::string(what) + " the session file " + path_ + ": " + errno_text(errno));
  }

  std::string path_;
};

}  // namespace

std::shared_ptr<SessionStore> open_session_file(const std::string& path) {
  (void)open_private_file(path, FileUse::read, "session file");
  return std::make_shared<SessionFile>(path);
}

}  // namespace tocsin::tool
