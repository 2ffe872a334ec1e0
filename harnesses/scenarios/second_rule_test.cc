// A hello that breaks one rule, and a second one in another of its fields: it is still refused, with an alert of one of both.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "harnesses/differential/rules/judge.h"
#include "harnesses/metamorphic/hello.h"
#include "harnesses/scenarios/testing.h"

namespace tocsin::harness {
namespace {

using metamorphic::Extension;
using metamorphic::Hello;

/// A seed that is options and then one hello.
struct Seed {
  std::string name;
  Bytes options;
  metamorphic::Run run;
  Hello hello;
};

std::optional<Seed> read_seed(const std::string& name) {
  const Bytes bytes = corpus_file(name);
  const ByteView body = Input(bytes).body();
  const metamorphic::Flight flight = metamorphic::read_flight(body);
  if (flight.runs.size() != 1 || !flight.rest.empty()) return std::nullopt;
  auto hello = hello_of(flight.runs[0]);
  if (!hello || message_of(*hello) != flight.runs[0].content) return std::nullopt;
  return Seed{name, Bytes(bytes.begin(), bytes.end() - static_cast<std::ptrdiff_t>(body.size())), flight.runs[0],
              std::move(*hello)};
}

/// The field with the change that one of both has made to it; false if both have.
template <class Field>
bool merge(const Field& base, const Field& one, const Field& other, Field& merged) {
  merged = one == base ? other : one;
  return one == base || other == base;
}

/// Nothing where both change the same field, or the extensions differ in more than what is in them.
std::optional<Hello> merge(const Hello& base, const Hello& one, const Hello& other) {
  Hello merged = base;
  merged.extensions.clear();
  bool is_merged =
      merge(base.opening, one.opening, other.opening, merged.opening) &&
      merge(base.cipher_suites, one.cipher_suites, other.cipher_suites, merged.cipher_suites) &&
      merge(base.compression_methods, one.compression_methods, other.compression_methods, merged.compression_methods);
  std::vector<std::uint16_t> types;
  for (const Hello* hello : {&base, &one, &other})
    for (const Extension& extension : hello->extensions)
      if (std::ranges::count(types, extension.type) == 0) types.push_back(extension.type);
  const auto data_of = [](const Hello& hello, std::uint16_t type) {
    const Extension* found = hello.find(type);
    return found == nullptr ? std::nullopt : std::optional(found->data);
  };
  for (const std::uint16_t type : types) {
    std::optional<Bytes> data;
    is_merged = is_merged && merge(data_of(base, type), data_of(one, type), data_of(other, type), data);
    if (data) merged.extensions.push_back({type, *data});
  }
  return is_merged ? std::optional(merged) : std::nullopt;
}

/// That breaks its rule in a way in which it can be merged with another one.
bool can_be_merged(const Seed& repaired, const Seed& broken) {
  const auto alone = merge(repaired.hello, broken.hello, repaired.hello);
  const bool is_in_same_records = broken.run.before == repaired.run.before && broken.run.version == repaired.run.version;
  return broken.options == repaired.options && is_in_same_records && alone && message_of(*alone) == message_of(broken.hello);
}

/// Of the rules of a target, by the seed in which they are not broken.
std::map<Bytes, std::vector<Seed>> broken_seeds(const std::string& target) {
  std::map<Bytes, std::vector<Seed>> all;
  for (const rules::Row& row : rules::all_rows()) {
    const std::string folder = target + "/rule/" + std::string(row.id);
    if (row.target != target) continue;
    const auto repaired = read_seed(folder + "/repaired");
    if (!repaired) continue;
    for (const auto& entry : std::filesystem::directory_iterator("corpus/" + folder)) {
      const auto broken = read_seed(folder + "/" + entry.path().filename().string());
      if (broken && broken->name != repaired->name && can_be_merged(*repaired, *broken))
        all[corpus_file(repaired->name)].push_back(*broken);
    }
  }
  return all;
}

/// How many pairs there were.
std::size_t check_pairs(const std::string& target) {
  std::size_t pairs = 0;
  for (const auto& [repaired, all] : broken_seeds(target)) {
    const ByteView body = Input(repaired).body();
    const Hello base = *hello_of(metamorphic::read_flight(body).runs[0]);
    for (const Seed& one : all)
      for (const Seed& other : all) {
        if (&one <= &other) continue;
        const auto merged = merge(base, one.hello, other.hello);
        metamorphic::Run run = one.run;
        if (!merged || !replace_hello(run, *merged)) continue;
        Bytes input = one.options;
        append(input, bytes_of(metamorphic::Flight{{run}, {}}));
        const Judged judged = judged_for_tocsin(target, Input(input));
        if (!judged.reading) continue;  // nobody can tell
        ++pairs;
        const std::string names = one.name + " and " + other.name;
        for (const Seed* broken : {&one, &other}) {
          const Bytes alone = corpus_file(broken->name);
          const bool must = must_be_refused(*judged_for_tocsin(target, Input(alone)).reading);
          EXPECT_TRUE(!must || must_be_refused(*judged.reading)) << names;
          EXPECT_TRUE(!must || judged.verdict.end == differential::End::rejected) << names;
        }
        const auto deviation = judge(*judged.reading, judged.verdict, "tocsin");
        EXPECT_FALSE(deviation) << names << ": " << deviation->text;
      }
  }
  return pairs;
}

TEST(SecondRule, a_client_hello_that_breaks_two_rules_is_refused_with_an_alert_of_one_of_them) {
  EXPECT_GT(check_pairs("server_first_flight"), 300u);
}

TEST(SecondRule, a_server_hello_that_breaks_two_rules_is_refused_with_an_alert_of_one_of_them) {
  EXPECT_GT(check_pairs("client_first_flight"), 50u);
}

}  // namespace
}  // namespace tocsin::harness
