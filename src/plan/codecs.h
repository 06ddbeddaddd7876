// Lets plans pack what crosses their hops.
#pragma once

#include <string>
#include <vector>

#include "plan/problem.h"

namespace scission {

/// From now on each hop of `problem` packs the output of a stage with one of `codecs`, or sends it
/// as it is, whichever takes less time (Problem::PackingOf), by what `hosts`, of which the problem
/// was made, have measured of both ends. Time of packing and unpacking is part of the hop's; it
/// counts neither as computing nor as energy. Throws InputError naming `option` where no host has
/// figures for any of the codecs.
void AllowCodecs(const std::string& option, const std::vector<HostProfile>& hosts,
                 const std::vector<std::string>& codecs, Problem& problem);

}  // namespace scission
