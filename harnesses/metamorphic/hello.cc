#include "harnesses/metamorphic/hello.h"

#include <algorithm>

#include "core/base/reader.h"
#include "core/base/writer.h"
#include "core/record/header.h"

namespace tocsin::metamorphic {
namespace {

std::vector<Extension> read_extensions(Reader& reader) {
  std::vector<Extension> extensions;
  for (Reader block(reader.vector16()); !block.empty();) {
    Extension& extension = extensions.emplace_back();
    extension.type = block.u16();
    const ByteView data = block.vector16();
    extension.data.assign(data.begin(), data.end());
    if (block.failed()) reader.fail();
  }
  return extensions;
}

void write_extensions(const std::vector<Extension>& extensions, Writer& writer) {
  writer.with_length(2, [&] {
    for (const Extension& extension : extensions) {
      writer.u16(extension.type);
      writer.vector16(extension.data);
    }
  });
}

}  // namespace

const Extension* Hello::find(std::uint16_t wanted) const {
  const auto found = std::ranges::find(extensions, wanted, &Extension::type);
  return found == extensions.end() ? nullptr : &*found;
}
Extension* Hello::find(std::uint16_t wanted) { return const_cast<Extension*>(std::as_const(*this).find(wanted)); }

std::optional<Hello> read_hello(ByteView message) {
  Reader reader(message);
  Hello hello{.type = static_cast<HandshakeType>(reader.u8()),
              .opening = {},
              .cipher_suites = {},
              .compression_methods = {},
              .extensions = {}};
  const bool is_client_hello = hello.type == HandshakeType::client_hello;
  if (!is_client_hello && hello.type != HandshakeType::server_hello) return std::nullopt;
  Reader body(reader.vector24());
  constexpr std::size_t version_bytes = 2, random_bytes = 32;
  Writer opening(hello.opening);
  opening.bytes(body.take(version_bytes + random_bytes));
  opening.vector8(body.vector8());
  Reader suites(is_client_hello ? body.vector16() : body.take(2));
  while (!suites.empty()) hello.cipher_suites.push_back(suites.u16());
  const ByteView compression = is_client_hello ? body.vector8() : body.take(1);
  hello.compression_methods.assign(compression.begin(), compression.end());
  hello.extensions = read_extensions(body);
  if (!reader.done() || !body.done() || suites.failed()) return std::nullopt;
  return hello;
}

std::optional<Bytes> message_of(const Hello& hello) {
  Bytes message;
  Writer writer(message);
  const bool is_client_hello = hello.type == HandshakeType::client_hello;
  writer.u8(static_cast<std::uint8_t>(hello.type));
  writer.with_length(3, [&] {
    writer.bytes(hello.opening);
    const auto write_suites = [&] {
      for (const std::uint16_t suite : hello.cipher_suites) writer.u16(suite);
    };
    if (is_client_hello) {
      writer.with_length(2, write_suites);
      writer.vector8(hello.compression_methods);
    } else {
      write_suites();
      writer.bytes(hello.compression_methods);
    }
    write_extensions(hello.extensions, writer);
  });
  if (writer.overflowed()) return std::nullopt;
  return message;
}

std::optional<Hello> hello_of(const Run& run) {
  ByteView content = run.content;
  const auto message = dissect::take_message(content);
  return message ? read_hello(message->bytes) : std::nullopt;
}

bool replace_hello(Run& run, const Hello& hello) {
  const auto message = message_of(hello);
  if (!message) return false;
  const std::size_t old_bytes = message_ends(run.content).at(0), new_bytes = message->size();
  const auto last = std::ranges::lower_bound(run.ends, old_bytes);  // the record in which the hello ends
  if (new_bytes != old_bytes) {
    const std::size_t begin = last == run.ends.begin() ? 0 : *(last - 1);
    if (*last != old_bytes || new_bytes <= begin || new_bytes - begin > record::plaintext_bytes_max) return false;
    for (auto end = last; end != run.ends.end(); ++end) *end += new_bytes - old_bytes;
  }
  run.content.erase(run.content.begin(), run.content.begin() + static_cast<std::ptrdiff_t>(old_bytes));
  run.content.insert(run.content.begin(), message->begin(), message->end());
  return true;
}

}  // namespace tocsin::metamorphic
