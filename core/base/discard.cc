#include "tocsin/discard.h"

namespace tocsin {

#define X(name, clause, sentence) \
  case DiscardReason::name:       \
    return #name;
std::string_view name_of(DiscardReason why) {
  switch (why) { TOCSIN_DISCARD_REASONS(X) }
  __builtin_unreachable();
}
#undef X
#define X(name, clause, sentence) \
  case DiscardReason::name:       \
    return clause;
std::string_view clause_of(DiscardReason why) {
  switch (why) { TOCSIN_DISCARD_REASONS(X) }
  __builtin_unreachable();
}
#undef X
#define X(name, clause, sentence) \
  case DiscardReason::name:       \
    return sentence;
std::string_view sentence_of(DiscardReason why) {
  switch (why) { TOCSIN_DISCARD_REASONS(X) }
  __builtin_unreachable();
}
#undef X

}  // namespace tocsin
