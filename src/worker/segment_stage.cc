#include "worker/segment_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "wire/datatype.h"
#include "worker/status.h"

namespace scission {
namespace {

using Clock = std::chrono::steady_clock;

/// The process computes one request while the inputs of another one are put beside it.
constexpr std::size_t kMaxRunning = 2;
/// Of an element of type BYTES.
constexpr std::size_t kLengthBytes = 4;
/// Of the messages that wait for a stage.
constexpr double kMaxQueuedBytes = 1 << 30;
/// Loading again after a crash may take so many times what it took first.
constexpr int kReloadTimes = 3;

}  // namespace

/// The slots of the process's shared memory that hold no request and no output that is being sent.
class SegmentStage::Slots : public std::enable_shared_from_this<Slots> {
 public:
  Slots(std::shared_ptr<SegmentProcess> process, int count) : process_(std::move(process)) {
    for (int slot = 0; slot < count; ++slot) free_.push_back(slot);
  }

  /// Free again when the last owner lets go of it: a message that is being sent is one.
  using Lease = std::shared_ptr<const int>;

  /// Null where none is free, or does not become so until `deadline`.
  Lease Acquire(std::optional<Deadline> deadline) {
    std::unique_lock lock(mutex_);
    const auto has_free = [&] { return !free_.empty(); };
    if (deadline ? !changed_.wait_until(lock, *deadline, has_free) : free_.empty()) return nullptr;
    const int slot = free_.back();
    free_.pop_back();
    return {new int(slot), [self = shared_from_this()](const int* released) {
              self->Release(*released);
              delete released;
            }};
  }

  const char* Contents(int slot) const { return process_->Slot(slot); }

 private:
  void Release(int slot) {
    {
      const std::lock_guard lock(mutex_);
      free_.push_back(slot);
    }
    changed_.notify_one();
  }

  const std::shared_ptr<SegmentProcess> process_;  // the memory is its
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> free_;
};

struct SegmentStage::Running {
  std::shared_ptr<InferCall> call;
  Slots::Lease slot;
  std::vector<PackedInput> inputs;
  Clock::time_point begin;  ///< of putting the inputs into the slot
  Seconds copying{0};
};

namespace {

/// A piece of a message that lies in a slot.
grpc::Slice SliceOf(const char* data, std::size_t bytes, const std::shared_ptr<const int>& slot) {
  using Owner = std::shared_ptr<const int>;
  return {const_cast<char*>(data), bytes, [](void* owner) { delete static_cast<Owner*>(owner); },
          new Owner(slot)};
}

}  // namespace

SegmentStage::SegmentStage(SegmentStageOptions options, Handover handover,
                           std::shared_ptr<const void> files, Deadline deadline)
    : options_(std::move(options)),
      handover_(std::move(handover)),
      files_(std::move(files)),
      load_begin_(Clock::now()),
      process_(std::make_shared<SegmentProcess>(options_.process, deadline)),
      load_time_(Clock::now() - load_begin_),
      inputs_(process_->inputs()),
      outputs_(process_->outputs()),
      slots_(std::make_shared<Slots>(process_, process_->slot_count())),
      thread_([this] { Work(); }) {}

SegmentStage::~SegmentStage() {
  Close(Clock::now());
  thread_.join();
}

int SegmentStage::queued() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(queue_.size());
}

int SegmentStage::restarts() const { return process_->restarts(); }

void SegmentStage::Infer(std::shared_ptr<InferCall> call) {
  if (ClaimIdle()) return StartAtOnce(call);
  std::vector<std::shared_ptr<InferCall>> over;
  const grpc::Status refused = Enqueue(call, over);
  for (const auto& other : over) FailAsOver(*other);
  if (!refused.ok()) call->Fail(refused);
}

/// Whoever gets true is the one who starts a request.
bool SegmentStage::ClaimIdle() {
  const std::lock_guard lock(mutex_);
  if (is_closed_ || !is_idle_ || !queue_.empty()) return false;
  is_idle_ = false;
  return true;
}

/// By the thread that brought the request: the process need not wait until this stage's own thread
/// has woken up, which does so meanwhile.
void SegmentStage::StartAtOnce(const std::shared_ptr<InferCall>& call) {
  std::unique_ptr<Running> begun;
  bool is_left = false;  // to the thread, which has the time to wait for a slot or a new process
  try {
    Slots::Lease slot = slots_->Acquire(std::nullopt);
    is_left = slot == nullptr;
    if (!is_left) {
      begun = std::make_unique<Running>(Prepare(call, std::move(slot)));
      is_left = !process_->StartIfAlive(*begun->slot, begun->inputs, OutputCodec(),
                                        call->computes_twice());
    }
  } catch (...) {
    call->Fail(CurrentStatus());
    begun.reset();
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_left) queue_.push_front(call);
    if (begun == nullptr || is_left) {
      is_idle_ = true;
    } else {
      begun_ = std::move(begun);
    }
  }
  changed_.notify_all();
}

/// Where the queue is full, those of its requests that nobody waits for any more make room.
grpc::Status SegmentStage::Enqueue(const std::shared_ptr<InferCall>& call,
                                   std::vector<std::shared_ptr<InferCall>>& over) {
  std::unique_lock lock(mutex_);
  if (is_closed_) return {grpc::StatusCode::UNAVAILABLE, "the stage is being unloaded"};
  if (!HasRoomFor(*call)) {
    const auto rest = std::stable_partition(queue_.begin(), queue_.end(),
                                            [](const auto& other) { return !other->IsOver(); });
    over.assign(rest, queue_.end());
    queue_.erase(rest, queue_.end());
  }
  if (!HasRoomFor(*call)) {
    return {grpc::StatusCode::RESOURCE_EXHAUSTED,
            fmt::format("'{}': {} requests wait already", options_.name, queue_.size())};
  }
  queue_.push_back(call);
  lock.unlock();  // or whoever wakes up would have to wait for it
  changed_.notify_all();
  return grpc::Status::OK;
}

/// One always fits.
bool SegmentStage::HasRoomFor(const InferCall& call) const {
  double bytes = call.timing.received.count;
  for (const auto& other : queue_) bytes += other->timing.received.count;
  return queue_.empty() || (queue_.size() < static_cast<std::size_t>(options_.queue_limit) &&
                            bytes <= kMaxQueuedBytes);
}

void SegmentStage::FailAsOver(InferCall& call) const {
  call.Fail({grpc::StatusCode::DEADLINE_EXCEEDED,
             fmt::format("'{}': the deadline passed while the request waited", options_.name)});
}

void SegmentStage::Close(Deadline deadline) {
  std::deque<std::shared_ptr<InferCall>> broken_off;
  {
    std::unique_lock lock(mutex_);
    is_closed_ = true;
    changed_.notify_all();
    changed_.wait_until(lock, deadline, [&] { return queue_.empty() && is_idle_; });
    broken_off.swap(queue_);
  }
  for (const auto& call : broken_off) {
    call->Fail({grpc::StatusCode::UNAVAILABLE, "the stage is being unloaded"});
  }
}

void SegmentStage::Work() {
  std::deque<Running> running;
  while (Await(running)) {
    while (running.size() < kMaxRunning && BeginOne(running)) {
    }
    if (!running.empty()) Complete(running);
  }
}

/// Until something runs or waits; false where the stage is closed and nothing does.
bool SegmentStage::Await(std::deque<Running>& running) {
  if (!running.empty()) return true;
  std::unique_lock lock(mutex_);
  is_idle_ = true;
  changed_.notify_all();
  changed_.wait(lock, [&] { return begun_ || (is_idle_ && (is_closed_ || !queue_.empty())); });
  if (begun_ == nullptr && queue_.empty()) return false;  // it stays idle: Close() waits for that
  is_idle_ = false;
  if (begun_ != nullptr) {
    running.push_back(std::move(*begun_));
    begun_.reset();
  }
  return true;
}

/// Null where none waits.
std::shared_ptr<InferCall> SegmentStage::Pop() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) return nullptr;
  auto call = std::move(queue_.front());
  queue_.pop_front();
  return call;
}

/// Takes one request out of the queue and starts it, or ends it. False where there is none; or,
/// while another one runs, no slot for it.
bool SegmentStage::BeginOne(std::deque<Running>& running) {
  const bool is_first = running.empty();
  Slots::Lease slot;
  if (!is_first && (slot = slots_->Acquire(std::nullopt)) == nullptr) return false;
  const auto call = Pop();
  if (call == nullptr) return false;
  if (is_first) slot = slots_->Acquire(call->deadline());
  if (slot == nullptr || call->IsOver()) {
    FailAsOver(*call);
    return true;
  }
  try {
    Running begun = Prepare(call, std::move(slot));
    Start(begun);
    running.push_back(std::move(begun));
  } catch (...) {
    call->Fail(CurrentStatus());
  }
  return true;
}

/// Puts its inputs into the slot.
SegmentStage::Running SegmentStage::Prepare(const std::shared_ptr<InferCall>& call,
                                            Slots::Lease slot) {
  Running begun{call, std::move(slot), {}, Clock::now()};
  begun.inputs = PutInputs(*call, *begun.slot);
  begun.copying = Clock::now() - begun.begin;
  call->timing.queue = begun.begin - call->arrival();
  return begun;
}

Codec SegmentStage::OutputCodec() const {
  return handover_.next == nullptr ? Codec::kNone : handover_.next->codec();
}

void SegmentStage::Start(const Running& running) {
  process_->Start(*running.slot, running.inputs, OutputCodec(), StartDeadline(),
                  running.call->computes_twice());
}

/// Starting may be starting again.
Deadline SegmentStage::StartDeadline() const {
  return std::max(RunDeadline(), Clock::now() + kReloadTimes * load_time_);
}

Deadline SegmentStage::RunDeadline() const {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(options_.longest_run);
}

std::vector<PackedInput> SegmentStage::PutInputs(const InferCall& call, int slot) {
  const TensorMessage& message = call.message();
  std::vector<PackedInput> inputs;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const WireTensor* tensor = message.Find(inputs_[i].name);
    if (tensor == nullptr) {
      throw InputError(fmt::format("the input '{}' is missing", Printable(inputs_[i].name, 100)));
    }
    inputs.push_back(PutInput(message, *tensor, i, slot));
  }
  RefuseOthers(message);
  return inputs;
}

/// Inputs that neither the model takes nor a later stage does are a mistake of the caller.
void SegmentStage::RefuseOthers(const TensorMessage& message) const {
  for (const WireTensor& tensor : message.tensors) {
    const std::string& name = tensor.spec.name;
    const auto has_name = [&](const TensorSpec& spec) { return spec.name == name; };
    if (std::any_of(inputs_.begin(), inputs_.end(), has_name)) continue;
    const auto& passing = handover_.selected;
    if (std::find(passing.begin(), passing.end(), name) != passing.end()) continue;
    throw InputError(fmt::format("there is no input '{}'", Printable(name, 100)));
  }
}

PackedInput SegmentStage::PutInput(const TensorMessage& message, const WireTensor& tensor,
                                   std::size_t index, int slot) {
  const TensorSpec& expected = inputs_[index];
  const bool is_image = tensor.spec.type == ElementType::kString &&
                        !options_.process.preprocessing.empty() && tensor.spec.shape == Shape{1};
  const std::string place = fmt::format("input '{}'", Printable(expected.name, 100));
  const bool fits = options_.process.is_probe ||
                    (tensor.spec.type == expected.type && tensor.spec.shape == expected.shape);
  if (!is_image && !fits) {
    throw InputError(place, fmt::format("is {} {}, not {} {}", DatatypeOf(tensor.spec.type),
                                        ToText(tensor.spec.shape), DatatypeOf(expected.type),
                                        ToText(expected.shape)));
  }
  if (is_image && tensor.bytes < kLengthBytes) throw InputError(place, "has no element");
  const std::size_t skipped = is_image ? kLengthBytes : 0;
  const std::size_t bytes = tensor.bytes - skipped;
  if (bytes > process_->MaxInputBytes(index)) {
    throw InputError(
        place, fmt::format("has {} bytes, more than {}", bytes, process_->MaxInputBytes(index)));
  }
  message.Copy(tensor, process_->Input(slot, index, bytes), skipped);
  return {bytes, tensor.codec, is_image};
}

/// Of the request that was started first.
void SegmentStage::Complete(std::deque<Running>& running) {
  Running first = std::move(running.front());
  running.pop_front();
  try {
    const RunOutcome outcome = process_->Wait(RunDeadline());
    StageTiming& timing = first.call->timing;
    timing.unpack = outcome.unpack + first.copying;
    timing.compute = outcome.compute;
    if (first.call->computes_twice()) timing.alone = outcome.alone;
    timing.pack = outcome.pack;
    handover_.Pass(first.call, Take(first, outcome));
  } catch (const ProcessError&) {
    first.call->Fail(CurrentStatus());
    StartAgain(running);
  } catch (...) {
    first.call->Fail(CurrentStatus());
  }
}

/// They were lost with the process, through no fault of theirs.
void SegmentStage::StartAgain(std::deque<Running>& running) {
  std::deque<Running> lost;
  lost.swap(running);
  for (Running& request : lost) {
    try {
      Start(request);
      running.push_back(std::move(request));
    } catch (...) {
      request.call->Fail(CurrentStatus());
    }
  }
}

std::vector<OutgoingTensor> SegmentStage::Take(const Running& running,
                                               const RunOutcome& outcome) const {
  std::vector<OutgoingTensor> tensors;
  for (std::size_t i = 0; i < outcome.outputs.size(); ++i) {
    const PackedOutput& output = outcome.outputs[i];
    OutgoingTensor tensor{outputs_[i], output.codec, {}};
    tensor.spec.shape = output.shape;
    tensor.contents.push_back(
        SliceOf(slots_->Contents(*running.slot) + output.offset, output.bytes, running.slot));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace scission
