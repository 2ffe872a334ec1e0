// The same for the unit tests.
#include <gtest/gtest.h>

#include "harnesses/pch/std.h"
