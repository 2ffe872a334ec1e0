// Precompiled for all rooms, whose files spend half of their compilation on these. Nobody includes it: each file says
// itself what it needs, and is built without this one where -Db_pch=false, as ci/build fuzz does.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
