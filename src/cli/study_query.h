// What a study's plans must be like, checked before anything is measured.
#pragma once

#include <string>
#include <vector>

#include "cli/query_options.h"
#include "model/graph.h"
#include "network/hosts.h"

namespace scission {

struct StudyQuery {
  Problem outline;                 ///< knows the hosts and the layers alone: nothing costs anything
  Query query;                     ///< about `outline`
  std::vector<std::string> hosts;  ///< of the workers: the source, and those that plans may use
};

/// `workers` are names of `facts`; the model has these `layers`. Throws InputError naming the
/// option that is wrong, and NoPlanError naming constraints that no plan of these workers could
/// ever meet.
StudyQuery MakeStudyQuery(const QueryOptions& options, const std::string& model, LayerRange layers,
                          const std::vector<std::string>& workers, const Hosts& facts);

}  // namespace scission
