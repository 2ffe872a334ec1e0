#pragma once
// Where a record is opened: behind the end of the caller's application data, so that what is delivered need not be copied.
#include <cstddef>

#include "tocsin/bytes.h"

namespace tocsin {

class OpeningRoom {
 public:
  explicit OpeningRoom(Bytes& application_data) : data_(application_data), end_bytes_(application_data.size()) {}
  OpeningRoom(const OpeningRoom&) = delete;
  OpeningRoom& operator=(const OpeningRoom&) = delete;
  /// Takes back what was not delivered.
  ~OpeningRoom() { data_.resize(end_bytes_); }

  /// Room for one record of the step.
  MutableBytes lend(std::size_t size_bytes) {
    data_.resize(end_bytes_ + size_bytes);
    return MutableBytes(data_).subspan(end_bytes_);
  }
  /// The first bytes of the room are application data of the caller from now on.
  void deliver(std::size_t size_bytes) { end_bytes_ += size_bytes; }

 private:
  Bytes& data_;
  std::size_t end_bytes_;  // of what is the caller's
};

}  // namespace tocsin
