// A main for the fuzz targets that runs given inputs once and fuzzes nothing, so that any compiler builds it and the regression
// tests can use it.  usage: fuzz_<target> [--reasons] FILE|FOLDER|-...    Folders are read with their subfolders, sorted by
// path; --reasons prints for each input the Reasons for which something was refused. Exit status: 0, all were run; 1, none was
// found or one could not be read; a failing input ends the process and is named first.
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harnesses/trace/stats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

std::string current;  // the input that is being run, for the message when it ends the process

void name_the_input() {
  const auto say = [](std::string_view text) { static_cast<void>(!write(STDERR_FILENO, text.data(), text.size())); };
  say("replay: failed on ");
  say(current);
  say("\n");
}

void on_signal(int number) {
  name_the_input();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

std::vector<std::string> inputs_of(const std::string& argument) {
  namespace fs = std::filesystem;
  if (argument == "-" || !fs::is_directory(argument)) return {argument};
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(argument))
    if (entry.is_regular_file()) found.push_back(entry.path().string());
  std::sort(found.begin(), found.end());
  return found;
}

void print_reasons(const std::string& path) {
  std::cout << path;
  const auto& reasons = tocsin::harness::stats().reasons;
  for (std::size_t i = 0; i < reasons.size(); ++i)
    if (reasons.test(i)) std::cout << '\t' << tocsin::name_of(static_cast<tocsin::Reason>(i));
  std::cout << '\n';
}

bool run(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) {
      std::cerr << "replay: cannot read " << path << '\n';
      return false;
    }
  }
  std::istream& in = path == "-" ? std::cin : file;
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  // A copy of exactly this size, so that a read past its end does not go unnoticed under a sanitizer.
  const auto exact = std::make_unique<std::uint8_t[]>(content.size());
  std::copy(content.begin(), content.end(), exact.get());
  current = path;
  tocsin::harness::stats().reasons.reset();
  LLVMFuzzerTestOneInput(exact.get(), content.size());
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  // SIGTERM: a hang, ended by the test runner. Faults are the sanitizer's to report, if there is one.
  std::signal(SIGABRT, on_signal);
  std::signal(SIGTERM, on_signal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(name_the_input);
  } else {
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, on_signal);
  }

  std::size_t count = 0;
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool prints_reasons = !arguments.empty() && arguments.front() == "--reasons";
  if (prints_reasons) arguments.erase(arguments.begin());
  for (const std::string& argument : arguments) {
    for (const std::string& path : inputs_of(argument)) {
      if (!run(path)) return 1;
      if (prints_reasons) print_reasons(path);
      ++count;
    }
  }
  if (count == 0) {
    std::cerr << "replay: no input found; give files, folders, or - for standard input\n";
    return 1;
  }
  std::cout << "replay: " << count << (count == 1 ? " input" : " inputs") << '\n';
  return 0;
}
