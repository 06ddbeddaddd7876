#include "runner/segment_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <deque>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "runner/messages.h"
#include "runner/packet_socket.h"
#include "runner/runner_process.h"
#include "runner/shared_memory.h"
#include "runner/slot_layout.h"

namespace scission {
namespace {

constexpr int kMaxSlots = 64;
constexpr std::size_t kMaxStarted = 2;

bool IsSame(const TensorSpec& a, const TensorSpec& b) {
  return a.name == b.name && a.type == b.type && a.shape == b.shape && a.is_dynamic == b.is_dynamic;
}

bool IsSame(const LoadedMessage& a, const LoadedMessage& b) {
  const auto same = [](const TensorSpec& x, const TensorSpec& y) { return IsSame(x, y); };
  return std::equal(a.inputs.begin(), a.inputs.end(), b.inputs.begin(), b.inputs.end(), same) &&
         std::equal(a.outputs.begin(), a.outputs.end(), b.outputs.begin(), b.outputs.end(), same);
}

/// A process that went wrong may say anything; nothing of it may lead beyond the slot.
void Check(const RunOutcome& outcome, const LoadedMessage& model, const SharedMemory& slot) {
  const std::size_t size = slot.Size();
  bool is_good = outcome.outputs.size() == model.outputs.size();
  for (std::size_t i = 0; is_good && i < outcome.outputs.size(); ++i) {
    const PackedOutput& output = outcome.outputs[i];
    is_good = output.offset <= size && output.bytes <= size - output.offset &&
              static_cast<std::size_t>(output.codec) < kCodecs.size() &&
              (model.outputs[i].is_dynamic || output.shape == model.outputs[i].shape);
  }
  if (!is_good) throw std::runtime_error("its outputs are not those of the model");
}

}  // namespace

struct SegmentProcess::State {
  State(SegmentProcessOptions given, Deadline deadline) : options(std::move(given)) {
    if (options.slots < 1 || options.slots > kMaxSlots) {
      throw InputError(fmt::format("there can be 1 to {} slots, not {}", kMaxSlots, options.slots));
    }
    model = Launch(deadline);
    try {
      layout = LayOut(model);
    } catch (const InputError& error) {
      throw InputError(Name(), error.what());
    }
    for (int i = 0; i < options.slots; ++i) slots.emplace_back(layout.fixed_bytes, layout.room);
    SendSlots();
  }

  std::string Name() const { return options.is_probe ? "the probe" : options.model.string(); }

  /// Starts the process and loads the model.
  LoadedMessage Launch(Deadline deadline) {
    process.emplace();
    try {
      return Load(deadline);
    } catch (...) {
      process.reset();
      throw;
    }
  }

  LoadedMessage Load(Deadline deadline) {
    const TemporaryFolder scratch;
    PacketSocket& socket = process->socket();
    socket.Send(
        ToPacket(LoadMessage{options.model, scratch.path(), options.engine, options.preprocessing,
                             options.memory_limit, options.is_probe}));
    switch (socket.Receive(deadline)) {
      case PacketSocket::Status::kTimeout:
        throw InputError(Name(), "is not loaded within the time limit");
      case PacketSocket::Status::kClosed:
        throw InputError(Name(), "the process that ran it " + process->End());
      case PacketSocket::Status::kPacket:
        break;
    }
    if (KindOf(socket.packet()) != MessageKind::kRefused) {
      return FromPacket<LoadedMessage>(socket.packet());
    }
    const auto refused = FromPacket<RefusedMessage>(socket.packet());
    if (refused.text.starts_with(Name())) throw InputError(refused.text);
    throw InputError(Name(), refused.text);
  }

  /// How the process ended, which it does now at the latest; what was started is lost with it.
  std::string End() {
    std::string text = process->End();
    process.reset();
    started.clear();
    return text;
  }

  void SendSlots() {
    std::vector<int> descriptors;
    for (const SharedMemory& slot : slots) descriptors.push_back(slot.descriptor());
    process->socket().Send(ToPacket(SlotsMessage()), descriptors);
  }

  void Restart(Deadline deadline) {
    ++restarts;
    try {
      if (!IsSame(Launch(deadline), model)) {
        throw InputError(Name(), "has other inputs and outputs than before");
      }
    } catch (const InputError& error) {  // of the file here, not of the request
      process.reset();
      throw ProcessError(std::string("the process that ran it cannot be started again: ") +
                         error.what());
    }
    SendSlots();
  }

  void Start(const RunMessage& request, Deadline deadline) {
    assert(started.size() < kMaxStarted);
    assert(request.slot >= 0 && request.slot < options.slots);
    const std::string packet = ToPacket(request);
    // With one in line, its Wait() comes first, and tells what became of the process.
    if (!Send(packet) && started.empty()) {
      process.reset();
      Restart(deadline);
      process->socket().Send(packet);
    }
    started.push_back(request.slot);
  }

  bool StartIfAlive(const RunMessage& request) {
    assert(started.empty());
    if (!Send(ToPacket(request))) return false;
    started.push_back(request.slot);
    return true;
  }

  bool Send(const std::string& packet) { return process && process->socket().Send(packet); }

  RunOutcome Wait(Deadline deadline) {
    assert(!started.empty() && process);
    switch (process->socket().Receive(deadline)) {
      case PacketSocket::Status::kTimeout:
        End();
        throw ProcessTimeout("the process that ran it gave no answer in time and was ended");
      case PacketSocket::Status::kClosed:
        throw ProcessError("the process that ran it " + End());
      case PacketSocket::Status::kPacket:
        break;
    }
    const int slot = started.front();
    started.pop_front();
    try {
      return Outcome(process->socket().packet(), slots.at(static_cast<std::size_t>(slot)));
    } catch (const InputError&) {
      throw;
    } catch (const EngineError&) {
      throw;
    } catch (const std::exception& error) {
      End();
      throw ProcessError(std::string("the process that ran it was ended: ") + error.what());
    }
  }

  RunOutcome Outcome(std::string_view packet, const SharedMemory& slot) const {
    if (KindOf(packet) == MessageKind::kFailed) {
      const auto failed = FromPacket<FailedMessage>(packet);
      if (failed.is_request_at_fault) throw InputError(failed.text);
      throw EngineError(failed.text);
    }
    RunOutcome outcome = FromPacket<DoneMessage>(packet).outcome;
    Check(outcome, model, slot);
    return outcome;
  }

  SegmentProcessOptions options;
  LoadedMessage model;
  SlotLayout layout;
  std::vector<SharedMemory> slots;
  std::optional<RunnerProcess> process;
  std::deque<int> started;  ///< the slots of requests, in their order
  std::atomic<int> restarts = 0;
};

SegmentProcess::SegmentProcess(SegmentProcessOptions options, Deadline deadline)
    : state_(std::make_unique<State>(std::move(options), deadline)) {}
SegmentProcess::~SegmentProcess() = default;

const std::vector<TensorSpec>& SegmentProcess::inputs() const { return state_->model.inputs; }
const std::vector<TensorSpec>& SegmentProcess::outputs() const { return state_->model.outputs; }
int SegmentProcess::slot_count() const { return state_->options.slots; }
int SegmentProcess::restarts() const { return state_->restarts; }

char* SegmentProcess::Input(int slot, std::size_t index, [[maybe_unused]] std::size_t bytes) {
  const SlotArea& area = state_->layout.inputs.at(index);
  assert(bytes <= area.bytes);
  return state_->slots.at(static_cast<std::size_t>(slot)).data() + area.offset;
}

std::size_t SegmentProcess::MaxInputBytes(std::size_t index) const {
  return state_->layout.inputs.at(index).bytes;
}

const char* SegmentProcess::Slot(int slot) const {
  return state_->slots.at(static_cast<std::size_t>(slot)).data();
}

void SegmentProcess::Start(int slot, const std::vector<PackedInput>& inputs, Codec output_codec,
                           Deadline deadline, bool computes_twice) {
  state_->Start({slot, output_codec, computes_twice, inputs}, deadline);
}

bool SegmentProcess::StartIfAlive(int slot, const std::vector<PackedInput>& inputs,
                                  Codec output_codec, bool computes_twice) {
  return state_->StartIfAlive({slot, output_codec, computes_twice, inputs});
}

RunOutcome SegmentProcess::Wait(Deadline deadline) { return state_->Wait(deadline); }

}  // namespace scission
