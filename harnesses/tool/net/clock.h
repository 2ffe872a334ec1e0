#pragma once
// The clocks of the tool, which the core has none of.
#include "tocsin/time.h"

namespace tocsin::tool {

Now current_time();

}  // namespace tocsin::tool
