#pragma once
// The three descriptors that a program is started with.

namespace tocsin::tool {

/// Occupies those of the descriptors 0 to 2 that are closed, so that no socket and no file gets their number and with it what
/// is meant for the terminal. They are on the null device, opened the wrong way round: reading and writing fail as on a closed
/// descriptor. To be called before anything else is opened. Ends the program with status 2 if there is no null device.
void occupy_closed_standard_streams();

}  // namespace tocsin::tool
