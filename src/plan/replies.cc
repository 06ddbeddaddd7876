#include "plan/replies.h"

#include <cassert>

namespace scission {

std::vector<std::pair<int, int>> CountReplies(Problem& problem) {
  assert(!problem.returns_output && !problem.counts_replies());
  std::vector<std::pair<int, int>> without_reverse;
  problem.one_way = problem.links;
  for (int from = 0; from < problem.host_count(); ++from) {
    for (int to = 0; to < problem.host_count(); ++to) {
      const std::size_t row = static_cast<std::size_t>(from) * problem.hosts.size();
      std::optional<Link>& link = problem.links[row + static_cast<std::size_t>(to)];
      if (!link) continue;
      const std::optional<Link>& back = problem.FindOneWay(to, from);
      if (back) {
        link->latency += TransferTime(problem.BytesBefore(problem.block_count(), to), *back);
        continue;
      }
      without_reverse.emplace_back(from, to);
      link.reset();
    }
  }
  return without_reverse;
}

}  // namespace scission
