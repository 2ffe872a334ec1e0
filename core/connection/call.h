#pragma once
// How the calls of a public object enter what is behind it: one at a time, and with an output of their own.
//
// So a callback may do what it likes. What it calls of the object that has called it is refused; what holds that object it may
// destroy, move or assign to, as the object lives until its call is over; and the output of the call it may use for others.
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

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

/// Adds what at the end of to. what may be used up.
template <class T>
void append(std::vector<T>& to, std::vector<T>& what) {
  to.insert(to.end(), std::move_iterator(what.begin()), std::move_iterator(what.end()));
}
inline void append(Datagrams& to, Datagrams& what) {
  append(to.bytes, what.bytes);
  append(to.sizes_bytes, what.sizes_bytes);
}
inline void swap(Datagrams& one, Datagrams& other) noexcept {
  one.bytes.swap(other.bytes);
  one.sizes_bytes.swap(other.sizes_bytes);
}

/// The output of a call, out of the reach of callbacks until the call is over. What they append to the caller's meanwhile comes
/// behind. Output: has `each_list_of(Output&, Output&, visit)`, which calls visit with each of its lists and its twin.
template <class Output>
class Lent {
 public:
  explicit Lent(Output& by) : by_(by) { swap_them(); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() {
    swap_them();
    each_list_of(by_, lent_, [](auto& to, auto& what) {
      if (!what.empty()) append(to, what);
    });
  }
  operator Output&() { return lent_; }

 private:
  // List by list, as every call does it twice: to move whole outputs takes several times as long.
  void swap_them() {
    each_list_of(by_, lent_, [](auto& one, auto& other) { swap(one, other); });
  }

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
