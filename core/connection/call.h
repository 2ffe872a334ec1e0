#pragma once
// How the calls of a public object enter what is behind it: one at a time, and with an output of their own.
//
// So a callback may do what it likes. What it calls of the object that has called it is refused; what holds that object it may
// destroy, move or assign to, as the object lives until its call is over; and the output of the call it may use for others.
#include <memory>
#include <type_traits>
#include <utility>

#include "tocsin/datagrams.h"
#include "tocsin/error.h"

namespace tocsin {

/// What can be entered derives from it.
class Enterable {
 public:
  /// Marks it as entered as long as it lives.
  class Entry {
   public:
    explicit Entry(Enterable& of) : of_(of) { of_.is_entered_ = true; }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    ~Entry() { of_.is_entered_ = false; }

   private:
    Enterable& of_;
  };
  bool is_entered() const { return is_entered_; }

 private:
  bool is_entered_ = false;
};

/// Calls it with what is behind a public object. of: null if that was moved from or consumed. Errors: Misuse already_consumed,
/// called_from_callback; those of the call.
template <class Of, class Call>
std::invoke_result_t<Call, Of&> enter(std::shared_ptr<Of> of, Call&& call) {
  if (!of) return Misuse::already_consumed;
  if (of->is_entered()) return Misuse::called_from_callback;
  const Enterable::Entry entry(*of);
  return std::forward<Call>(call)(*of);
}

inline void append(Datagrams& to, const Datagrams& what) {
  append(to.bytes, what.bytes);
  to.sizes_bytes.insert(to.sizes_bytes.end(), what.sizes_bytes.begin(), what.sizes_bytes.end());
}

/// The output of a call, out of the reach of callbacks until the call is over. What they append to the caller's meanwhile comes
/// behind.
template <class Output>
class Lent {
 public:
  explicit Lent(Output& by) : by_(by) { std::swap(by_, lent_); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() {
    std::swap(by_, lent_);
    append_output(by_, lent_);
  }
  operator Output&() { return lent_; }

 private:
  Output& by_;
  Output lent_;
};

/// The same, with the output that the caller gave.
template <class Of, class Output, class Call>
std::invoke_result_t<Call, Of&, Output&> enter(const std::shared_ptr<Of>& of, Output& out, Call&& call) {
  return enter(of, [&](Of& entered) {
    Lent<Output> lent(out);
    return std::forward<Call>(call)(entered, static_cast<Output&>(lent));
  });
}

}  // namespace tocsin
