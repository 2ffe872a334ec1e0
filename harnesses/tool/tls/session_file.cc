#include "harnesses/tool/tls/session_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/sockets.h"

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
    const std::string fresh = path_ + ".new";
    (void)unlink(fresh.c_str());
    const Descriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool is_written = file && write_some(file.get(), content.view()).bytes == content.view().size();
    if (!is_written || rename(fresh.c_str(), path_.c_str()) != 0) complain("write");
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
  SecretBytes read() const {
    const Descriptor file(open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) {
      if (errno != ENOENT) complain("read");
      return {};
    }
    Bytes content(file_bytes_max);
    std::size_t size = 0;
    for (IoResult moved = read_some(file.get(), content); moved.how == IoResult::How::bytes && moved.bytes != 0;
         moved = read_some(file.get(), MutableBytes(content).subspan(size)))
      size += moved.bytes;
    content.resize(size);
    return SecretBytes(std::move(content));
  }
  void complain(const char* what) const {
    std::cerr << "tocsin: cannot " << what << " the session file " << path_ << ": " << errno_text(errno) << "\n";
  }

  std::string path_;
};

}  // namespace

std::shared_ptr<SessionStore> open_session_file(const std::string& path) { return std::make_shared<SessionFile>(path); }

}  // namespace tocsin::tool
