#include "cluster/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <thread>

#include "base/random.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// A wait is cut into pieces so long, to notice that the load is over.
constexpr std::chrono::milliseconds kNap(50);

/// The load while it runs: what its threads share.
class Sending {
 public:
  Sending(const Load& load, const std::function<void(std::size_t, std::size_t)>& send,
          const std::function<bool()>& is_cancelled)
      : load_(load), send_(send), is_cancelled_(is_cancelled) {
    if (load.rate) due_ = ArrivalTimes(load.requests, *load.rate, load.arrivals, load.seed);
  }

  LoadResult Run() {
    start_ = Clock::now();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < ClientCount(load_); ++i) {
      threads.emplace_back([this, i] { Serve(i); });
    }
    for (std::thread& thread : threads) thread.join();
    if (exception_) std::rethrow_exception(exception_);
    Finish();
    return std::move(result_);
  }

 private:
  Seconds Now() const { return Clock::now() - start_; }
  bool IsOver() const { return is_over_ || (is_cancelled_ && is_cancelled_()); }

  void Serve(std::size_t client) {
    while (!IsOver()) {
      const std::size_t number = next_++;
      if (number >= load_.requests) return;
      if (!due_.empty() && !WaitUntil(due_[number])) return;
      Send(number, client);
    }
  }

  /// False where the load ended meanwhile.
  bool WaitUntil(Seconds due) const {
    while (!IsOver()) {
      const Seconds left = due - Now();
      if (left.count() <= 0) return true;
      std::this_thread::sleep_for(std::min(left, Seconds(kNap)));
    }
    return false;
  }

  void Send(std::size_t number, std::size_t client) {
    RequestSlot slot;
    slot.number = number;
    slot.begin = Now();
    slot.due = due_.empty() ? slot.begin : due_[number];
    try {
      send_(number, client);
      slot.end = Now();
      const std::lock_guard lock(mutex_);
      result_.answered.push_back(slot);
    } catch (const RequestError& error) {
      const std::lock_guard lock(mutex_);
      if (error.kind() == FailureKind::kBusy) {
        ++result_.rejected;
        return;
      }
      is_over_ = true;
      if (!result_.failure) result_.failure = error;
    } catch (...) {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
      exception_ = std::current_exception();
    }
  }

  void Finish() {
    auto& answered = result_.answered;
    if (answered.empty()) return;
    Seconds first = answered.front().due;
    Seconds last{0};
    for (const RequestSlot& slot : answered) {
      first = std::min(first, slot.due);
      last = std::max(last, slot.end);
    }
    result_.duration = last - first;
    std::sort(answered.begin(), answered.end(),
              [](const RequestSlot& a, const RequestSlot& b) { return a.number < b.number; });
  }

  const Load& load_;
  const std::function<void(std::size_t, std::size_t)>& send_;
  const std::function<bool()>& is_cancelled_;
  std::vector<Seconds> due_;  ///< of an open loop
  Clock::time_point start_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> is_over_ = false;
  std::mutex mutex_;  ///< of the two below
  LoadResult result_;
  std::exception_ptr exception_;
};

}  // namespace

std::size_t ClientCount(const Load& load) {
  const int most = load.rate ? kMaxOpenConnections : load.concurrency;
  return std::min(static_cast<std::size_t>(most), load.requests);
}

std::vector<Seconds> ArrivalTimes(std::size_t count, double rate, Arrivals arrivals,
                                  std::uint64_t seed) {
  Random random(seed);
  std::vector<Seconds> times;
  Seconds time{0};
  for (std::size_t i = 0; i < count; ++i) {
    times.push_back(time);
    time +=
        Seconds(arrivals == Arrivals::kFixed ? 1 / rate : -std::log1p(-random.Uniform()) / rate);
  }
  return times;
}

LoadResult RunLoad(const Load& load, const std::function<void(std::size_t, std::size_t)>& send,
                   const std::function<bool()>& is_cancelled) {
  return Sending(load, send, is_cancelled).Run();
}

}  // namespace scission
