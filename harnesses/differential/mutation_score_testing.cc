#include "harnesses/differential/mutation_score_testing.h"

#include <algorithm>
#include <vector>

#include "harnesses/differential/facts.h"

namespace tocsin::differential {
namespace {

constexpr Reason all_reasons[] = {
#define X(name, alert, clause, sentence) Reason::name,
    TOCSIN_REASONS(X)
#undef X
};

std::vector<AlertDescription> all_alerts() {
  std::vector<AlertDescription> alerts;
  for (unsigned byte = 0; byte < 256; ++byte)
    if (alert_name(static_cast<AlertDescription>(byte)) != "unknown") alerts.push_back(static_cast<AlertDescription>(byte));
  return alerts;
}

enum class Whose : std::uint8_t { tocsin, openssl };

Verdict ended(Verdict verdict, End end, std::optional<AlertDescription> alert, std::optional<Reason> why) {
  verdict.end = end;
  verdict.alert.reset();
  if (alert) verdict.alert = stacks::AlertSeen{2, static_cast<std::uint8_t>(*alert), true};
  verdict.why = why;
  return verdict;
}

// Every end that a verdict may have which has come as far.
void add_ends(const Verdict& as_far, const Verdict& agreed, Whose whose, std::vector<Verdict>& verdicts) {
  for (const End end : {End::waiting, End::complete, End::told}) verdicts.push_back(ended(as_far, end, {}, {}));
  for (const AlertDescription alert : all_alerts()) {
    if (whose == Whose::openssl || agreed.why) verdicts.push_back(ended(as_far, End::rejected, alert, agreed.why));
  }
  if (whose == Whose::openssl) return verdicts.push_back(ended(as_far, End::rejected, {}, {}));
  for (const Reason why : all_reasons) {
    verdicts.push_back(ended(as_far, End::rejected, alert_for(why), why));
    verdicts.push_back(ended(as_far, End::rejected, {}, why));
  }
}

bool is_same(const Verdict& one, const Verdict& other) {
  const auto number_of = [](const Verdict& verdict) { return verdict.alert ? verdict.alert->description + 0 : -1; };
  return one.end == other.end && one.retried == other.retried && one.answered == other.answered &&
         number_of(one) == number_of(other) && one.version == other.version && one.cipher_suite == other.cipher_suite &&
         one.group == other.group && one.application_protocol == other.application_protocol;
}

// Another version, suite, group or protocol of what is otherwise the same.
void add_parameters(const Verdict& agreed, std::vector<Verdict>& verdicts) {
  const auto add = [&](auto Verdict::*field, auto value) {
    verdicts.push_back(agreed);
    verdicts.back().*field = value;
  };
  using enum CipherSuite;
  for (const CipherSuite suite : {aes_128_gcm_sha256, aes_256_gcm_sha384, chacha20_poly1305_sha256,
                                  ecdhe_ecdsa_aes_128_gcm_sha256, ecdhe_rsa_aes_256_gcm_sha384})
    add(&Verdict::cipher_suite, suite);
  for (const NamedGroup group : {NamedGroup::secp256r1, NamedGroup::secp384r1, NamedGroup::x25519}) add(&Verdict::group, group);
  if (!agreed.answered) return;
  for (const ProtocolVersion version : {ProtocolVersion::tls12, ProtocolVersion::tls13}) add(&Verdict::version, version);
  for (const char* protocol : {"", "another"}) add(&Verdict::application_protocol, std::string(protocol));
}

std::vector<Verdict> mutants_of(const Verdict& agreed, Whose whose, stacks::Role role) {
  std::vector<Verdict> verdicts;
  for (const bool retried : {false, true})
    for (const bool answered : {false, true}) {
      Verdict as_far = agreed;
      as_far.retried = retried;
      as_far.answered = answered;
      add_ends(as_far, agreed, whose, verdicts);
      if (role != stacks::Role::server || !answered || agreed.answered) continue;
      for (const ProtocolVersion version : {ProtocolVersion::tls12, ProtocolVersion::tls13}) {
        as_far.version = version;
        add_ends(as_far, agreed, whose, verdicts);
      }
    }
  if (agreed.answered || agreed.retried) add_parameters(agreed, verdicts);
  std::erase_if(verdicts, [&](const Verdict& verdict) { return is_same(verdict, agreed); });
  return verdicts;
}

void judge(const Case& mutant, const InputFacts& input, std::span<const Divergence> rows, MutationScore& score) {
  ++score.mutants;
  const auto differences = differences_between(mutant.tocsin, mutant.openssl);
  if (differences.empty()) ++score.excused_by[taken_for_equal];
  const Facts facts(mutant, input);
  bool is_excused = differences.empty();
  for (const Difference difference : differences)
    for (const Divergence* row : entries_for(facts, difference, rows)) {
      is_excused = true;
      ++score.excused_by[row->id];
    }
  if (is_excused) ++score.excused;
}

}  // namespace

void add_mutants_of(const Case& agreed, std::span<const Divergence> rows, MutationScore& score) {
  if (!differences_between(agreed.tocsin, agreed.openssl).empty()) return;
  ++score.cases;
  Case mutant = agreed;
  mutant.tocsin.peer = mutant.openssl.peer = nullptr;
  const Case original = mutant;
  mutant.tocsin.retried = mutant.openssl.retried = true;
  const InputFacts of_retried(mutant);
  mutant.openssl.retried = false;
  const InputFacts of_others(mutant);
  const auto judge_as = [&](const Verdict& tocsin, const Verdict& openssl) {
    mutant.tocsin = tocsin;
    mutant.openssl = openssl;
    judge(mutant, tocsin.retried && openssl.retried ? of_retried : of_others, rows, score);
  };
  for (const Verdict& verdict : mutants_of(original.tocsin, Whose::tocsin, agreed.role)) judge_as(verdict, original.openssl);
  for (const Verdict& verdict : mutants_of(original.openssl, Whose::openssl, agreed.role)) judge_as(original.tocsin, verdict);
}

std::string MutationScore::text() const {
  std::vector<std::pair<std::string_view, std::size_t>> rows(excused_by.begin(), excused_by.end());
  std::ranges::stable_sort(rows, [](const auto& one, const auto& other) { return one.second > other.second; });
  std::string lines = std::to_string(excused) + " mutants excused by " + std::to_string(rows.size()) + " rows, of " +
                      std::to_string(mutants) + " mutants of " + std::to_string(cases) + " seeds\n";
  for (const auto& [row, count] : rows) lines.append(std::to_string(count)).append(" ").append(row).append("\n");
  return lines;
}

}  // namespace tocsin::differential
