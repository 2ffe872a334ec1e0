#pragma once
// The test certificates of this folder (README.md tells what each is), embedded when building: targets read no files.
#include <string_view>

namespace tocsin::testdata {

/// The text of harnesses/testdata/<name>.pem, "server-ecdsa-p256" or "server-ecdsa-p256.key" for example; empty if there is
/// none.
std::string_view pem(std::string_view name);

}  // namespace tocsin::testdata
