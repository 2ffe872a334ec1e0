#include "harnesses/stacks/virtual_time.h"

#include <sys/time.h>

#include <ctime>

namespace tocsin::stacks {
namespace {

thread_local const UseTime* current = nullptr;

}  // namespace

struct TimeOfDay {
  static timeval now() {
    if (current != nullptr) return {current->now_.count() / 1'000'000, current->now_.count() % 1'000'000};
    timespec real{};
    clock_gettime(CLOCK_REALTIME, &real);
    return {real.tv_sec, real.tv_nsec / 1'000};
  }
};

UseTime::UseTime(std::chrono::microseconds since_1970) : now_(since_1970), outer_(current) { current = this; }
UseTime::~UseTime() { current = outer_; }

}  // namespace tocsin::stacks

// The dynamic linker takes the program's own function before libc's, also for libssl.
extern "C" int gettimeofday(timeval* now, void*) noexcept {
  *now = tocsin::stacks::TimeOfDay::now();
  return 0;
}
