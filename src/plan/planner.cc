#include "plan/planner.h"

#include <algorithm>
#include <limits>

#include "plan/search.h"

namespace scission {
namespace {

/// The best candidates seen; the worst of them is on top of the heap.
class BestCandidates {
 public:
  explicit BestCandidates(std::size_t capacity) : capacity_(capacity) {}

  /// Returns the latency that a candidate must not exceed to be of interest.
  Seconds Offer(const Candidate& candidate) {
    if (heap_.size() == capacity_) {
      if (!(candidate < heap_.front())) return heap_.front().latency;
      std::pop_heap(heap_.begin(), heap_.end());
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end());
    if (heap_.size() < capacity_) return Seconds(std::numeric_limits<double>::infinity());
    return heap_.front().latency;
  }

  std::vector<Candidate> Sorted() && {
    std::sort_heap(heap_.begin(), heap_.end());
    return std::move(heap_);
  }

 private:
  std::size_t capacity_;
  std::vector<Candidate> heap_;
};

}  // namespace

std::vector<Plan> BestPlans(const Problem& problem, const Query& query) {
  if (query.result_count == 0) return {};
  BestCandidates best(query.result_count);
  VisitPlans(problem, query, [&](const Candidate& candidate) { return best.Offer(candidate); });
  std::vector<Plan> plans;
  for (const Candidate& candidate : std::move(best).Sorted()) {
    plans.push_back(MakePlan(problem, candidate));
  }
  return plans;
}

}  // namespace scission
