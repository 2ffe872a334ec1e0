// What is left of a connection's secrets in the memory of the process when the connection is over: nothing. The key log says
// what they are.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstring>

#include "core/connection/testing.h"

namespace tocsin::testing {
namespace {

/// Secrets, held so that no search finds them here.
class MaskedSecrets {
 public:
  static constexpr std::size_t bytes_sought = 16;
  static constexpr std::uint8_t mask = 0xa5;

  /// LABEL, client_random and secret in hex, with blanks between.
  void add(std::string_view line) {
    const std::string_view hex = line.substr(line.rfind(' ') + 1);
    std::array<std::uint8_t, bytes_sought> masked_bytes, masked_text;
    for (std::size_t i = 0; i < bytes_sought; ++i) {
      masked_bytes[i] = static_cast<std::uint8_t>((digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1])) ^ mask);
      masked_text[i] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(hex[i]) ^ mask);
    }
    sought_.push_back({std::string(line.substr(0, line.find(' '))), masked_bytes});
    sought_.push_back({std::string(line.substr(0, line.find(' '))) + " in hex", masked_text});
  }
  std::size_t size() const { return sought_.size() / 2; }

  /// What of them is in memory, and where.
  std::vector<std::string> found_in_memory() const {
    constexpr std::size_t chunk_bytes = 1u << 20;
    const std::size_t room_bytes = chunk_bytes + sought_.size() * bytes_sought;  // which is not searched itself
    auto* const room =
        static_cast<std::uint8_t*>(mmap(nullptr, room_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::uint8_t* const bare = room + chunk_bytes;
    for (std::size_t i = 0; i < sought_.size() * bytes_sought; ++i)
      bare[i] = sought_[i / bytes_sought].masked[i % bytes_sought] ^ mask;
    std::vector<std::string> found;
    std::FILE* const maps = std::fopen("/proc/self/maps", "r");
    std::FILE* const memory = std::fopen("/proc/self/mem", "r");
    std::setvbuf(memory, nullptr, _IONBF, 0);
    char line[512];
    while (std::fgets(line, sizeof(line), maps) != nullptr) {
      unsigned long begin = 0, end = 0;
      char rights[5] = {};
      constexpr unsigned long sparse_bytes = 1ul << 32;  // a sanitizer's own
      if (std::sscanf(line, "%lx-%lx %4s", &begin, &end, rights) != 3 || rights[1] != 'w' || end - begin > sparse_bytes)
        continue;
      for (unsigned long at = begin; at < end; at += chunk_bytes - bytes_sought) {
        const std::size_t size = std::min<std::size_t>(chunk_bytes, end - at);
        const auto of_room = reinterpret_cast<unsigned long>(room);
        if (at < of_room + room_bytes && of_room < at + size) continue;
        if (std::fseek(memory, static_cast<long>(at), SEEK_SET) != 0 || std::fread(room, 1, size, memory) != size) break;
        for (std::size_t i = 0; i < sought_.size(); ++i)
          if (memmem(room, size, bare + i * bytes_sought, bytes_sought) != nullptr)
            found.push_back(sought_[i].label + " in " + line);
      }
    }
    std::fclose(maps);
    std::fclose(memory);
    munmap(room, room_bytes);
    return found;
  }

 private:
  struct Sought {
    std::string label;
    std::array<std::uint8_t, bytes_sought> masked;
  };
  static unsigned digit(char hex) { return static_cast<unsigned>(hex <= '9' ? hex - '0' : hex - 'a' + 10); }
  std::vector<Sought> sought_;
};

struct Ending {
  const char* name;
  /// Of a connection whose handshake may be complete. What it leaves is destroyed afterwards, unless that is the point.
  void (*end)(ConnectionPair& pair);
  bool completes = true;
};

const Ending endings[] = {
    {"both_close",
     [](ConnectionPair& pair) {
       EXPECT_TRUE(pair.client().close(pair.client_out));
       EXPECT_TRUE(pair.server().close(pair.server_out));
       pair.pump();
     }},
    {"destroyed_in_the_midst_of_data",
     [](ConnectionPair& pair) { EXPECT_TRUE(pair.client().send(Bytes(100, 1), pair.client_out)); }},
    {"destroyed_in_the_handshake", [](ConnectionPair&) {}, false},
};

class SecretsInMemory : public ::testing::TestWithParam<ProtocolVersion> {
 protected:
  template <class Config>
  Config logged(Config config) {
    config.versions = {GetParam()};
    config.key_log = [this](std::string_view line) { secrets.add(line); };
    return config;
  }
  ConnectionPair pair() { return {logged(client_config()), logged(server_config())}; }
  void expect_nothing_left(const char* ending) {
    EXPECT_GT(secrets.size(), 0u) << ending;
    EXPECT_EQ(secrets.found_in_memory(), std::vector<std::string>()) << ending;
  }
  MaskedSecrets secrets;
};

TEST_P(SecretsInMemory, a_search_finds_what_is_there) {
  ConnectionPair ends = pair();
  ASSERT_TRUE(ends.run_handshake());
  EXPECT_FALSE(secrets.found_in_memory().empty());
}

TEST_P(SecretsInMemory, nothing_is_left_when_both_ends_are_gone) {
  for (const Ending& ending : endings) {
    {
      ConnectionPair ends = pair();
      if (ending.completes)
        ASSERT_TRUE(ends.run_handshake());
      else
        (void)ends.server().receive(ends.client_out.to_peer, now, ends.server_out);
      ending.end(ends);
    }
    if (ending.completes || secrets.size() > 0) expect_nothing_left(ending.name);
  }
}

TEST_P(SecretsInMemory, nothing_is_left_of_ends_that_have_failed_and_are_still_there) {
  using Fail = void (*)(ConnectionPair&);
  const Fail failures[] = {
      [](ConnectionPair& ends) {  // a record that does not open: one fails, the other gets its alert
        (void)ends.server().receive(Bytes{23, 3,  3,  0,  32, 1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                                          15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32},
                                    now, ends.server_out);
        (void)ends.client().receive(ends.server_out.to_peer, now, ends.client_out);
      },
      [](ConnectionPair& ends) {
        (void)ends.server().receive_end_of_stream(ends.server_out);
        (void)ends.client().receive_end_of_stream(ends.client_out);
      },
  };
  for (const Fail fail : failures) {
    ConnectionPair ends = pair();
    ASSERT_TRUE(ends.run_handshake());
    fail(ends);
    ASSERT_NE(ends.server().failure(), nullptr);
    ASSERT_NE(ends.client().failure(), nullptr);
    expect_nothing_left("a failure");
  }
}

TEST_P(SecretsInMemory, nothing_is_left_when_the_client_gives_up_in_the_handshake) {
  ConnectionPair ends = pair();
  (void)ends.server().receive(ends.client_out.to_peer, now, ends.server_out);
  ends.client_out = {};
  if (GetParam() == ProtocolVersion::tls13) {
    ASSERT_GT(secrets.size(), 0u);
  }
  (void)ends.client().close(ends.client_out);
  (void)ends.server().close(ends.server_out);
  EXPECT_EQ(secrets.found_in_memory(), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Versions, SecretsInMemory, ::testing::Values(ProtocolVersion::tls13, ProtocolVersion::tls12),
                         [](const auto& shown) { return shown.param == ProtocolVersion::tls13 ? "tls13" : "tls12"; });

}  // namespace
}  // namespace tocsin::testing
