#pragma once
#include <vector>

namespace tocsin {

/// Empties a list and gives its memory back, which neither clear() nor the assignment of {} does.
template <class T>
void release(std::vector<T>& list) {
  std::vector<T>().swap(list);
}

}  // namespace tocsin
