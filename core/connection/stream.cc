#include "tocsin/stream.h"

#include <algorithm>
#include <utility>

#include "core/connection/pump.h"

namespace tocsin {
namespace {

constexpr std::size_t piece_bytes_max = 65536;

// What a callback gave, for the Pump. A count that cannot be is the caller's mistake, and no reason to run off a buffer's end.
IoResult moved(const Transferred& transferred, std::size_t bytes_max, IoResult::How if_none) {
  if (!transferred) return {.how = IoResult::How::broken, .bytes = 0, .error = transferred.error()};
  if (*transferred == 0) return {.how = if_none, .bytes = 0, .error = {0, "no bytes were taken"}};
  if (*transferred > bytes_max) return {.how = IoResult::How::broken, .bytes = 0, .error = {0, "more bytes than there are"}};
  return {.how = IoResult::How::bytes, .bytes = *transferred, .error = {}};
}

/// What a callback gave, or that it threw.
template <class Callback, class Buffer>
Transferred result_of(const Callback& callback, Buffer buffer) {
  Transferred transferred = TransportError{0, "the callback threw an exception"};
  ignore_failure_of([&] { transferred = callback(buffer); });
  return transferred;
}

Error truncation() { return Fatal{Reason::transport_truncated}; }

}  // namespace

StreamError::StreamError(Error tls) : kind_(tls == truncation() ? Kind::truncated : Kind::tls), tls_(tls) {}

std::string StreamError::describe() const {
  const TransportError* failed = transport();
  if (failed == nullptr) return tls_->describe();
  std::string text = kind_ == Kind::read_failed ? "transport: reading failed" : "transport: writing failed";
  if (!failed->text.empty()) text.append(": ").append(failed->text);
  if (failed->code != 0) text.append(" (").append(std::to_string(failed->code)).append(")");
  return text;
}

Stream::Stream(Transport transport)
    : pump_(std::make_shared<Pump>(
          [read = std::move(transport.read)](MutableBytes into) {
            return moved(result_of(read, into), into.size(), IoResult::How::end_of_stream);
          },
          [write = std::move(transport.write)](ByteView from) {
            return moved(result_of(write, from), from.size(), IoResult::How::broken);
          },
          std::move(transport.now))) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Stream Stream::server(Transport transport, std::shared_ptr<const ServerConfig> config) {
  Stream stream(std::move(transport));
  stream.pump_->serve(std::move(config));
  return stream;
}

Stream Stream::server(Transport transport, ChooseConfig choose, const Limits& limits) {
  Stream stream(std::move(transport));
  stream.pump_->serve(std::move(choose), limits);
  return stream;
}

Stream Stream::server(Transport transport, Accepted accepted, std::shared_ptr<const ServerConfig> config, Output unsent) {
  Stream stream(std::move(transport));
  stream.pump_->serve(std::move(accepted), std::move(config), std::move(unsent));
  return stream;
}

Stream Stream::client(Transport transport, std::shared_ptr<const ClientConfig> config, std::string_view server_name) {
  Stream stream(std::move(transport));
  stream.pump_->connect(std::move(config), server_name);
  return stream;
}

namespace {

// Called by those that send: they report a failed write; read does not, as long as it has something better.
StreamOutcome written(Pump& pump) {
  const std::optional<StreamError> failed = pump.write_failure();
  if (!failed) return Done{};
  pump.fail(*failed);
  return *failed;
}

StreamOutcome complete_handshake(Pump& pump) {
  pump.flush();
  for (;;) {
    if (pump.failure()) return *pump.failure();
    TOCSIN_TRY(written(pump));
    if (pump.is_handshake_complete()) return Done{};
    (void)pump.read_once();
    (void)pump.take_events();  // what they tell can be asked for; kept, they would be without limit
  }
}

Result<std::size_t, StreamError> read_from(Pump& pump, MutableBytes into) {
  pump.flush();
  for (;;) {
    if (const std::size_t bytes = pump.take_application_data(into); bytes > 0) return bytes;
    if (pump.failure()) return *pump.failure();
    if (!pump.is_handshake_complete()) {
      (void)complete_handshake(pump);  // it leaves its failure where we look next, behind the data
      continue;
    }
    if (pump.connection()->is_closed_by_peer()) return std::size_t{0};
    (void)pump.read_once();
    (void)pump.take_events();
  }
}

StreamOutcome write_to(Pump& pump, ByteView application_data) {
  TOCSIN_TRY(complete_handshake(pump));
  do {
    const ByteView piece = application_data.first(std::min(application_data.size(), piece_bytes_max));
    TOCSIN_TRY(pump.send(piece));
    TOCSIN_TRY(written(pump));
    application_data = application_data.subspan(piece.size());
  } while (!application_data.empty());
  return Done{};
}

}  // namespace

StreamOutcome Stream::handshake() { return enter(pump_, &complete_handshake); }

Result<std::size_t, StreamError> Stream::read(MutableBytes into) {
  return enter(pump_, [&](Pump& pump) -> Result<std::size_t, StreamError> {
    if (into.empty()) return std::size_t{0};
    return read_from(pump, into);
  });
}

StreamOutcome Stream::write(ByteView application_data) {
  return enter(pump_, [&](Pump& pump) { return write_to(pump, application_data); });
}

StreamOutcome Stream::close() {
  return enter(pump_, [](Pump& pump) -> StreamOutcome {
    TOCSIN_TRY(pump.close());
    return written(pump);
  });
}

StreamOutcome Stream::update_keys(KeyUpdateRequest request) {
  return enter(pump_, [&](Pump& pump) -> StreamOutcome {
    TOCSIN_TRY(pump.update_keys(request));
    return written(pump);
  });
}

StreamOutcome Stream::export_keying_material(std::string_view label, std::optional<ByteView> context, MutableBytes out_key) {
  return enter(pump_, [&](Pump& pump) { return pump.export_keying_material(label, context, out_key); });
}

bool Stream::is_handshake_complete() const { return pump_ && pump_->is_handshake_complete(); }

const Negotiated& Stream::negotiated() const {
  static const Negotiated nothing{};
  return connection() != nullptr ? connection()->negotiated() : nothing;
}

const StreamError* Stream::failure() const { return pump_ && pump_->failure() ? &*pump_->failure() : nullptr; }
const Connection* Stream::connection() const { return pump_ ? pump_->connection() : nullptr; }

}  // namespace tocsin
