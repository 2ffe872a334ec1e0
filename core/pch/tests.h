// The same for the unit tests.
#include <gtest/gtest.h>

#include "core/pch/std.h"
