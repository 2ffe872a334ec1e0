// What the sanitizers do unless ASAN_OPTIONS and UBSAN_OPTIONS say otherwise. Each costs executions per second, or saves them.
extern "C" {

// malloc_context_size: where memory was allocated is told by two frames. Thirty, the default, cost up to a fifth of the executions;
// to see them, replay the input with ASAN_OPTIONS=malloc_context_size=30.
__attribute__((used, visibility("default"))) const char* __asan_default_options() { return "malloc_context_size=2"; }

__attribute__((used, visibility("default"))) const char* __ubsan_default_options() { return "print_stacktrace=1"; }
}
