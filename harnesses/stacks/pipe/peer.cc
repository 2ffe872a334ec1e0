#include "harnesses/stacks/pipe/peer.h"

#include <algorithm>

#include "harnesses/testdata/testdata.h"

namespace tocsin::stacks::pipe {
namespace {

constexpr std::uint64_t server_number = 1, client_number = 2;

bool flag_of(const Message& message, Tag tag, bool otherwise) {
  const auto value = message.number(tag, 1);
  if (value && *value > 1) throw Broken("field " + std::to_string(static_cast<unsigned>(tag)) + " is neither 0 nor 1");
  return value ? *value == 1 : otherwise;
}

std::optional<AlertSeen> alert_of(const Message& message, Tag tag) {
  const auto value = message.number(tag, 2);
  if (!value) return std::nullopt;
  return AlertSeen{static_cast<std::uint8_t>(*value >> 8), static_cast<std::uint8_t>(*value & 0xff), false};
}

Bytes bytes_in(const Message& message, Tag tag, std::size_t bytes_max) {
  const ByteView value = message.find(tag, bytes_max).value_or(ByteView());
  return {value.begin(), value.end()};
}

void expect(const Message& message, MessageType type) {
  if (message.type() != type)
    throw Broken("it answers with a message of type " + std::to_string(static_cast<unsigned>(message.type())) + " instead of " +
                 std::to_string(static_cast<unsigned>(type)));
}

template <class Code>
void add_codes(MessageWriter& to, Tag tag, const std::vector<Code>& codes) {
  for (const Code code : codes) to.number(tag, static_cast<std::uint16_t>(code), 2);
}

void add_key(MessageWriter& to, std::string_view file_name) {
  if (file_name.empty()) return;
  to.add(Tag::certificate, testdata::pem(file_name));
  to.add(Tag::private_key, testdata::pem(std::string(file_name) + ".key"));
}

void add_config(MessageWriter& to, Role role, const PeerConfig& config) {
  add_codes(to, Tag::version, config.versions);
  add_codes(to, Tag::cipher_suite, suites_of(config));
  add_codes(to, Tag::group, config.groups);
  add_codes(to, Tag::signature_scheme, config.signature_schemes);
  for (const std::string& protocol : config.application_protocols) to.add(Tag::application_protocol, protocol);
  to.number(Tag::middlebox_compatibility, config.middlebox_compatibility ? 1 : 0, 1);
  if (role == Role::server) {
    add_key(to, file_name_of(config.certificate));
    if (config.client_authentication == ClientAuthentication::none) return;
    to.number(Tag::client_authentication, config.client_authentication == ClientAuthentication::optional ? 1 : 2, 1);
    to.add(Tag::authority, testdata::pem("client-ca"));
  } else {
    add_key(to, file_name_of(config.client_certificate));
    to.add(Tag::authority, testdata::pem("ca"));
    to.add(Tag::server_name, config.server_name);
    if (config.max_fragment_length != MaxFragmentLength::none)
      to.number(Tag::max_fragment_length, static_cast<std::uint8_t>(config.max_fragment_length), 1);
  }
}

}  // namespace

Welcome read_welcome(ByteView bytes) {
  const Message message(bytes);
  expect(message, MessageType::welcome);
  if (const auto version = message.number(Tag::protocol, 2).value_or(0); version != protocol_version)
    throw Broken("it speaks version " + std::to_string(version) + " of the protocol, and not " +
                 std::to_string(protocol_version));
  Welcome welcome{message.text(Tag::name), message.text(Tag::name_version), {}, {}};
  for (const std::uint64_t role : message.numbers(Tag::role, 1)) {
    if (role != server_number && role != client_number) throw Broken("it names a role " + std::to_string(role));
    welcome.roles.push_back(role == server_number ? Role::server : Role::client);
  }
  for (const std::uint64_t version : message.numbers(Tag::version, 2))
    welcome.versions.push_back(static_cast<ProtocolVersion>(version));
  for (const std::uint64_t feature : message.numbers(Tag::feature, 1)) {
    if (feature == static_cast<std::uint8_t>(Feature::deterministic)) welcome.is_deterministic = true;
    if (feature == static_cast<std::uint8_t>(Feature::updates_keys)) welcome.updates_keys = true;
  }
  if (welcome.name.empty()) throw Broken("it does not say its name");
  return welcome;
}

State read_state(ByteView bytes) {
  const Message message(bytes);
  if (message.type() == MessageType::cannot) throw Unsupported(message.text(Tag::failure));
  expect(message, MessageType::state);
  State state;
  const auto status = message.number(Tag::status, 1);
  if (!status || *status > static_cast<std::uint64_t>(Status::failed)) throw Broken("it tells no status that there is");
  state.status = static_cast<Status>(*status);
  state.is_done = flag_of(message, Tag::is_done, true);
  state.is_closed = flag_of(message, Tag::is_closed, false);
  state.output = bytes_in(message, Tag::output, message_bytes_max);
  state.data = bytes_in(message, Tag::data, message_bytes_max);
  state.server_handshake_secret = bytes_in(message, Tag::server_handshake_secret, secret_bytes_max);
  state.failure = message.text(Tag::failure);
  state.alert_sent = alert_of(message, Tag::alert_sent);
  state.alert_received = alert_of(message, Tag::alert_received);
  return state;
}

PipePeer::PipePeer(Channel& channel, std::uint32_t number, bool updates_keys, ByteView make)
    : channel_(channel), number_(number), updates_keys_(updates_keys) {
  call(make);
}

MessageWriter PipePeer::request(MessageType type) const {
  MessageWriter writer(type);
  writer.number(Tag::end, number_, 4);
  return writer;
}

bool PipePeer::call(ByteView message) {
  State now = read_state(channel_.exchange(message));
  const Status before = state_.status;
  if (before != Status::handshaking && now.status != before && now.status != Status::failed)
    throw Broken("it takes back that the handshake is complete, or has failed");
  output_bytes_ += now.output.size() + now.data.size();
  if (output_bytes_ > output_bytes_max)
    throw Broken("an end of it has written more than " + std::to_string(output_bytes_max) + " bytes");
  wire_alerts_.note(now.output);
  append(output_, now.output);
  append(data_, now.data);
  const bool is_news = now.alert_sent && now.alert_sent != state_.alert_sent &&
                       now.alert_sent->level == static_cast<std::uint8_t>(AlertLevel::fatal);
  if (is_news && !now.output.empty() && wire_alerts_.may_end_protected()) alert_told_ = now.alert_sent;
  if (now.server_handshake_secret.empty()) now.server_handshake_secret = std::move(state_.server_handshake_secret);
  if (!now.alert_sent) now.alert_sent = state_.alert_sent;
  if (!now.alert_received) now.alert_received = state_.alert_received;
  state_ = std::move(now);
  return state_.is_done;
}

void PipePeer::receive(ByteView from_other_end) {
  if (status() != Status::failed && !from_other_end.empty())
    call(request(MessageType::receive).add(Tag::bytes, from_other_end).finish());
}

void PipePeer::receive_end_of_stream() {
  if (status() != Status::failed) call(request(MessageType::end_of_stream).finish());
}

bool PipePeer::send(ByteView application_data) {
  return status() == Status::complete && call(request(MessageType::send).add(Tag::bytes, application_data).finish());
}

bool PipePeer::update_keys(KeyUpdateRequest request_of_other) {
  if (!updates_keys_ || status() != Status::complete) return false;
  const bool is_requested = request_of_other == KeyUpdateRequest::update_requested;
  return call(request(MessageType::update_keys).number(Tag::update_requested, is_requested ? 1 : 0, 1).finish());
}

bool PipePeer::close() { return status() == Status::complete && call(request(MessageType::close).finish()); }

std::optional<AlertSeen> PipePeer::alert_sent() const {
  return wire_alerts_.in_plaintext() ? wire_alerts_.in_plaintext() : alert_told_;
}

bool PipePeer::may_have_sent_alert() const {
  return status() == Status::failed && !alert_sent() && wire_alerts_.may_end_protected();
}

PipeStack::PipeStack(Channel& channel) : channel_(channel) {
  welcome_ =
      read_welcome(channel_.exchange(MessageWriter(MessageType::hello).number(Tag::protocol, protocol_version, 2).finish()));
}

PeerConfig PipeStack::adapted(PeerConfig config) const {
  config.key_shares = 1;
  config.record_size_limit = 0;
  config.padding_block_bytes = 0;
  return config;
}

std::unique_ptr<Peer> PipeStack::make(Role role, const PeerConfig& config, std::uint64_t seed) {
  if (std::ranges::find(welcome_.roles, role) == welcome_.roles.end())
    throw Unsupported(role == Role::server ? "it is no server" : "it is no client");
  for (const ProtocolVersion version : config.versions)
    if (std::ranges::find(welcome_.versions, version) == welcome_.versions.end())
      throw Unsupported("it does not speak " + std::string(name_of(version)));
  if (std::exchange(is_one_made_, false))
    read_state(channel_.exchange(MessageWriter(MessageType::release).number(Tag::end, ends_, 4).finish()));
  MessageWriter writer(MessageType::make);
  writer.number(Tag::end, ends_ + 1, 4).number(Tag::role, role == Role::server ? server_number : client_number, 1);
  writer.number(Tag::seed, seed, 8);
  add_config(writer, role, config);
  auto peer = std::make_unique<PipePeer>(channel_, ends_ + 1, welcome_.updates_keys, writer.finish());
  ++ends_;
  is_one_made_ = true;
  return peer;
}

}  // namespace tocsin::stacks::pipe
