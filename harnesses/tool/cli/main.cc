// The command `tocsin`: what it takes, and what it says when that does not fit.
#include <CLI/CLI.hpp>
#include <bit>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <new>

#include "harnesses/checkers/linked_stacks.h"
#include "harnesses/stacks/openssl/context.h"
#include "harnesses/tool/cli/manual.h"
#include "harnesses/tool/failure.h"
#include "harnesses/tool/net/standard_streams.h"
#include "harnesses/tool/probe/probe.h"
#include "harnesses/tool/read/explain.h"
#include "harnesses/tool/read/replay.h"
#include "harnesses/tool/read/report.h"
#include "harnesses/tool/tls/connect.h"
#include "harnesses/tool/tls/serve.h"

namespace tocsin::tool {
namespace {

constexpr int timeout_ms_max = 1'000'000'000;
constexpr int exit_failure = 1, exit_usage = 2;

void add_common(CLI::App& command, CommonOptions& options) {
  command.add_option("--alpn", options.application_protocols, "application protocols by preference, as in h2,http/1.1");
  auto* dtls = command.add_flag("--dtls", options.is_dtls, "DTLS 1.2 over UDP");
  command
      .add_option("--mtu", options.datagram_bytes_max, "how many bytes a datagram may have, without the headers of IP and UDP")
      ->check(CLI::Range(256, 65507))
      ->needs(dtls)
      ->capture_default_str();
  command
      .add_option("--cid", options.connection_id_bytes,
                  "negotiate connection ids (RFC 9146), with one of so many bytes in what is received; 0: none there, but the "
                  "peer's in what is sent")
      ->check(CLI::Range(0, 64))
      ->needs(dtls);
  command.add_option("--tls", options.versions,
                     "versions of TLS, of 1.2,1.3; the highest that both ends have is taken (default: 1.3)");
  command.add_option("--groups", options.groups, "key exchange groups by preference, of x25519,secp256r1,secp384r1");
  command.add_option("--suites", options.cipher_suites,
                     "cipher suites by preference, of "
                     "TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256,TLS_AES_256_GCM_SHA384, and of TLS 1.2 "
                     "TLS_ECDHE_{ECDSA,RSA}_WITH_{AES_128_GCM_SHA256,AES_256_GCM_SHA384,CHACHA20_POLY1305_SHA256}");
  command.add_option("--keylog", options.key_log_path, "append secrets to this file, in SSLKEYLOGFILE format");
  command
      .add_option("--record-size-limit", options.preferences.record_size_limit,
                  "the largest record to receive, in bytes (RFC 8449)")
      ->check(CLI::Range(64, 16385));
  command.add_option("--padding", options.preferences.padding_block_bytes, "pad records to whole blocks of this many bytes")
      ->check(CLI::Range(0, 16384));
  command.add_option("--handshake-timeout-ms", options.handshake_timeout_ms, "0: none")
      ->check(CLI::Range(0, timeout_ms_max))
      ->capture_default_str();
  command.add_option("--idle-timeout-ms", options.idle_timeout_ms, "0: none")
      ->check(CLI::Range(0, timeout_ms_max))
      ->capture_default_str();
  command.add_option("--export-label", options.export_label, "show keying material exported with this label (RFC 9846 7.5)")
      ->check([](const std::string& label) { return label.size() > 249 ? "a label has at most 249 bytes" : ""; });
  command.add_option("--export-bytes", options.export_bytes, "how much of it")
      ->check(CLI::Range(1, 8160))
      ->capture_default_str();
  command
      .add_option("--session-lifetime-s", options.session_lifetime_s,
                  "TLS 1.2: how long after its full handshake a session may be resumed")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  command.add_flag("-v,--verbose", options.is_verbose, "tell on standard error what was agreed on");
}

void add_serve(CLI::App& command, ServeOptions& options) {
  options.idle_timeout_ms = 60'000;
  command
      .add_option("--listen", options.listen, "[ADDRESS:]PORT; port 0 takes a free one, which the first line of output tells")
      ->capture_default_str();
  command.add_option("--cert", options.certificate_paths, "PEM file, the server's certificate first; may be repeated")
      ->required()
      ->allow_extra_args(false);
  command.add_option("--key", options.key_paths, "PEM file, one for each --cert, in the same order")
      ->required()
      ->allow_extra_args(false);
  auto* client_ca = command.add_option("--client-ca", options.client_trust_path,
                                       "ask clients for a certificate by an authority in this PEM file or hashed directory");
  command
      .add_option_function<std::string>(
          "--client-auth",
          [&options](const std::string& wanted) {
            options.client_authentication =
                wanted == "optional" ? ClientAuthentication::optional : ClientAuthentication::required;
          },
          "what becomes of a client without one: required (the default) refuses it, optional serves it")
      ->check(CLI::IsMember({"optional", "required"}))
      ->needs(client_ca);
  command
      .add_option_function<std::string>(
          "--accept",
          [&options](const std::string& way) {
            options.entry_point = way == "acceptor" ? EntryPoint::acceptor : EntryPoint::direct;
          },
          "how to accept: direct, or acceptor, which reads the ClientHello first")
      ->check(CLI::IsMember({"direct", "acceptor"}));
  auto* www = command.add_flag_callback(
      "--www", [&options] { options.service = Service::status_page; }, "answer HTTP requests with a page about the connection");
  command
      .add_flag_callback(
          "--echo", [&options] { options.service = Service::echo; }, "send back what is received")
      ->excludes(www);
  auto* tickets =
      command.add_flag("--tickets", options.gives_tickets, "TLS 1.2: give tickets to resume sessions with (RFC 5077)");
  command
      .add_option("--ticket-secret", options.ticket_secret_path,
                  "tickets under a secret of 32 to 64 bytes in this file, for servers that take each other's tickets")
      ->excludes(tickets);
  command
      .add_option("--session-cache", options.session_cache_size,
                  "TLS 1.2: keep so many sessions for clients that want no ticket; 0: none")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command.add_flag("--once", options.is_once, "end after one connection, with exit status 1 if it failed");
  command
      .add_option("--max-connections", options.connections_max,
                  "at the same time; then the oldest handshake gives way, or others wait")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  add_common(command, options);
}

MaxFragmentLength max_fragment_length_of(std::size_t bytes) {
  return static_cast<MaxFragmentLength>(std::countr_zero(bytes) - 8);  // RFC 6066 4: 1 is 2^9
}

void add_connect(CLI::App& command, ConnectOptions& options) {
  command.add_option("address", options.address, "HOST:PORT or [IPv6]:PORT")->required();
  auto* ca = command.add_option("--ca", options.trust_path, "trust the authorities in this PEM file or hashed directory only");
  command.add_option("--name", options.server_name, "the name to ask for and to check, instead of HOST");
  command
      .add_flag_callback(
          "--insecure-accept-any-certificate", [&options] { options.trust = Trust::anyone; },
          "trust whoever answers: anyone in the path can read and change everything")
      ->excludes(ca);
  command
      .add_option("--cert", options.certificate_paths,
                  "PEM file for a server that asks for a certificate, the client's own first; may be repeated")
      ->allow_extra_args(false);
  command.add_option("--key", options.key_paths, "PEM file, one for each --cert, in the same order")->allow_extra_args(false);
  command.add_option("--session", options.session_path,
                     "TLS 1.2: resume the session in this file, if it is this server's, and keep the next one there");
  command
      .add_option("--key-shares", options.key_shares, "how many groups get a key share at once; 0 asks for a HelloRetryRequest")
      ->check(CLI::Range(0, 3))
      ->capture_default_str();
  command
      .add_option_function<std::size_t>(
          "--max-fragment-length",
          [&options](std::size_t bytes) { options.preferences.max_fragment_length = max_fragment_length_of(bytes); },
          "ask for records of no more bytes in both directions (RFC 6066 4): 512, 1024, 2048 or 4096")
      ->check(CLI::IsMember(std::vector<std::size_t>{512, 1024, 2048, 4096}));
  command.add_flag("--update-keys", options.is_updating_keys, "change the keys of both directions after the handshake");
  command.add_flag("--wait", options.is_waiting, "at the end of the input wait for the server's end before closing");
  add_common(command, options);
}

void add_explain(CLI::App& command, ExplainOptions& options) {
  command.add_option("file", options.path, "raw bytes, or hex with spaces, colons or commas; - is standard input")
      ->capture_default_str();
  auto* hex = command.add_flag_callback(
      "--hex", [&options] { options.encoding = Encoding::hex; }, "the file is hex");
  command
      .add_flag_callback(
          "--raw", [&options] { options.encoding = Encoding::raw; }, "the file is not hex")
      ->excludes(hex);
  command
      .add_option_function<std::string>(
          "--role",
          [&options](const std::string& role) { options.sender = role == "server" ? Sender::server : Sender::client; },
          "who sent these bytes: client or server; otherwise the first message decides")
      ->check(CLI::IsMember({"client", "server"}));
  auto* messages = command.add_flag_callback(
      "--messages", [&options] { options.form = Form::messages; }, "handshake messages without records around them");
  command
      .add_option(
          "--keylog", options.key_log_path,
          "a file in SSLKEYLOGFILE format, with whose secrets the protected records are opened and shown behind the rest")
      ->excludes(messages);
  command
      .add_flag("--corpus", options.is_corpus_input,
                "an input of server_first_flight or client_first_flight: show the options in front of it, too")
      ->excludes(messages);
  command.add_flag(
      "--json", options.is_json,
      "one JSON document: bytes, encoding, form, sender, options (with --corpus), fields (name, offset, length, value, "
      "number, fault, hex or fields), faults (offset, path, fault), protected (with --keylog: records, fields, stopped), core "
      "(check, verdict, taken_bytes, error)");
}

void add_replay(CLI::App& command, ReplayOptions& options) {
  std::string names;
  for (const std::string& name : target_names()) names += (names.empty() ? "" : ", ") + name;
  command.add_option("target", options.target, "one of " + names)->required();
  command.add_option("file", options.path, "an input, as found under corpus/ and findings/; - is standard input")
      ->capture_default_str();
  command.add_flag("--json", options.is_json,
                   "one JSON document: target, file, bytes, steps (by member step: input, chunk, call, return, payload, note, "
                   "comparison), checks, finding (null, or what was found)");
}

void add_report(CLI::App& command, ReportOptions& options) {
  command.add_option("row", options.row, "a rule (RULES.md) or a row of the ledger (DIVERGENCES.md), as in extension_repeated")
      ->required();
  command.add_option("--corpus", options.corpus, "where the seeds are")->capture_default_str();
}

void add_probe(CLI::App& command, ProbeOptions& options) {
  command.footer(
      "A line for each rule: as permitted, deviates (what it did, what was due, the clause, the seed that shows it), or not "
      "applicable, as where the stack does not take the rule's repaired seed.\n"
      "Exit status: 0 if nothing deviates, 1 if something does or the server does not answer, 2 for a wrong command line or a "
      "shim that breaks the protocol.");
  command.add_option("address", options.server.address,
                     "HOST:PORT of a TLS server; its first answers are tried, each on a connection of its own");
  command.add_option("--pipe", options.command,
                     "a shell command that starts a stack's shim, which speaks the protocol of harnesses/stacks/PIPE.md");
  std::vector<std::string> stacks;
  for (const harness::LinkedStack& linked : harness::linked_stacks()) stacks.emplace_back(linked.name);
  command.add_option("--stack", options.stack, "a stack that is linked: " + CLI::detail::join(stacks, ", "))
      ->check(CLI::IsMember(stacks));
  command.add_option("--rule", options.rules, "this rule (RULES.md) alone; may be repeated")->allow_extra_args(false);
  command.add_option("--json", options.json_path,
                     "write to this file: stack, version, counts, and for each rule its clause, verdict and inputs");
  command.add_option("--corpus", options.corpus, "where the seeds are")->capture_default_str();
  command.add_option("--timeout-ms", options.answer_timeout_ms, "of an answer of the shim")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command
      .add_option_function<int>(
          "--quiet-ms", [&options](int ms) { options.server.quiet = std::chrono::milliseconds(ms); },
          "how long a server that says nothing is waited for (default: 300)")
      ->check(CLI::Range(1, 60'000));
  command
      .add_option_function<int>(
          "--rate", [&options](int a_second) { options.server.interval = std::chrono::milliseconds(1000 / a_second); },
          "connections a second at most (default: 50)")
      ->check(CLI::Range(1, 1000));
  command.add_flag_callback(
      "--i-am-allowed-to-test-this-host", [&options] { options.server.hosts = Hosts::any; },
      "try an address that is not this machine's");
}

std::string versions() {
  std::string stacks;
  for (const harness::LinkedStack& linked : harness::linked_stacks())
    if (linked.stack != nullptr)
      stacks += (stacks.empty() ? "" : ", ") + linked.stack->name() + " " + linked.stack->version();
  return "tocsin " TOCSIN_VERSION "\nlibcrypto " + std::string(stacks::openssl_version()) + "\nstacks: " + stacks;
}

int run(int argc, char** argv) {
  CLI::App app(
      "A TLS 1.3 server and client whose errors say what happened, which alert was sent, and which RFC clause asks for it; and "
      "readers for what fuzzing finds.",
      "tocsin");
  app.set_version_flag("--version", versions, "Print the versions of tocsin and of what is linked, and exit");
  app.require_subcommand(0, 1);  // it is missed below, after a word that is none has been named
  ServeOptions serve_options;
  ConnectOptions connect_options;
  ExplainOptions explain_options;
  ReplayOptions replay_options;
  ReportOptions report_options;
  ProbeOptions probe_options;
  CLI::App* serve_command = app.add_subcommand("serve", "accept TLS connections");
  CLI::App* connect_command = app.add_subcommand("connect", "connect the standard streams to a TLS server");
  CLI::App* explain_command =
      app.add_subcommand("explain", "read TLS records field by field, and say where tocsin refuses them and why");
  CLI::App* replay_command = app.add_subcommand(
      "replay", "run one input of a fuzz target, and say what each side did, step by step; exit status 1 for a finding");
  CLI::App* report_command = app.add_subcommand(
      "report", "write a bug report about the OpenSSL that is linked, with a program in C that shows the bug; exit status 1 if it is not there");
  CLI::App* probe_command = app.add_subcommand(
      "probe", "try the rules of the RFCs on a TLS stack, and say which it breaks; exit status 1 if it breaks one");
  CLI::App* manual_command = app.add_subcommand("manual", "write the manual page, in roff");
  CLI::App* completions_command =
      app.add_subcommand("completions", "write what a shell needs to complete the words of a command");
  std::string shell;
  completions_command->add_option("shell", shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
  add_serve(*serve_command, serve_options);
  add_connect(*connect_command, connect_options);
  add_explain(*explain_command, explain_options);
  add_replay(*replay_command, replay_options);
  add_report(*report_command, report_options);
  add_probe(*probe_command, probe_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked_for_help) {
    return app.exit(asked_for_help);
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  if (serve_command->parsed()) return serve(serve_options);
  if (explain_command->parsed()) return explain(explain_options);
  if (replay_command->parsed()) return replay(replay_options);
  if (probe_command->parsed()) return probe(probe_options);
  if (report_command->parsed()) std::_Exit(report(report_options));  // without the counters of a fuzz target
  if (manual_command->parsed() || completions_command->parsed()) {
    std::cout << (manual_command->parsed() ? manual_page(app, TOCSIN_VERSION)
                  : shell == "bash"        ? bash_completions(app)
                                           : zsh_completions(app));
    return 0;
  }
  if (!connect_command->parsed())
    throw UsageError("a subcommand is needed: serve, connect, explain, replay, report or probe (--help tells more)");
  if (!connect_options.trust_path.empty()) connect_options.trust = Trust::path;
  return connect(connect_options);
}

}  // namespace
}  // namespace tocsin::tool

int main(int argc, char** argv) {
  using namespace tocsin::tool;
  occupy_closed_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);  // a peer or a pipe that has gone is an error of one write
  try {
    return run(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "tocsin: " << error.what() << "\n";
    return exit_usage;
  } catch (const NetworkError& error) {
    std::cerr << "tocsin: " << error.what() << "\n";
    return exit_failure;
  } catch (const std::bad_alloc&) {
    std::cerr << "tocsin: out of memory\n";
    return exit_failure;
  }
}
