#pragma once
// Nothing in the core throws. What a callback of the application throws, or a container without memory, is caught here and
// nowhere else, and becomes a failure like all others.
#include <type_traits>
#include <utility>

#include "tocsin/error.h"

namespace tocsin {

/// Calls what returns a Result, and returns that; application_failed if it has thrown.
template <class Call>
std::invoke_result_t<Call> attempt(Call&& call) noexcept {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    return Fatal{Reason::application_failed};
  }
}

/// For callbacks whose failure is nobody's business but their own: they only watch, or come when all is over.
template <class Call>
void ignore_failure_of(Call&& call) noexcept {
  (void)attempt([&]() -> Result<Done> {
    std::forward<Call>(call)();
    return Done{};
  });
}

}  // namespace tocsin
