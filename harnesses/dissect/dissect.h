#pragma once
// A dissector of its own, apart from the core's decoders: it reads records, handshake messages and extensions as far as the
// bytes make sense, says where and why they do not, and goes on behind that.
#include "harnesses/dissect/messages.h"

namespace tocsin::dissect {

struct Document {
  std::vector<Node> nodes;        // they cover the input
  Bytes stream;                   // what the handshake records hold; the messages look into it
  std::vector<Message> messages;  // also those over several records, whose parts stand apart in the nodes
};

/// What one end sent: records. Protected ones are shown as such.
Document dissect_records(ByteView input);
/// Handshake messages without records around them.
Document dissect_messages(ByteView input);

struct Fault {
  const Node* node;
  std::string path;  // "TLSPlaintext.ClientHello.extensions.cookie.length"
};
/// All, in the order of the input. They point into the nodes.
std::vector<Fault> faults_of(const std::vector<Node>& nodes);

/// One line for each record: "handshake: ClientHello of 192 bytes".
std::vector<std::string> outline(ByteView records);

}  // namespace tocsin::dissect
