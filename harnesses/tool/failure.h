#pragma once
// How the tools give up. The kind decides the exit status; the text is the one line that the user sees.
#include <cerrno>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string>

namespace tocsin::tool {

/// The command line, a file or an address cannot be used. Exit status 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The network did not do what it should. Exit status 1.
struct NetworkError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The exit status of who has written all to standard output: 0, or 1 if that failed, which is told.
inline int status_of_output() {
  if (std::cout) return 0;
  std::cerr << "tocsin: cannot write to standard output\n";
  return 1;
}

inline std::string errno_text(int error) { return std::strerror(error); }

}  // namespace tocsin::tool
