#include <onnxruntime_session_options_config_keys.h>

#include "base/error.h"
#include "engine/ort_session.h"
#include "engine/ort_values.h"
#include "engine/random_input.h"
#include "engine/session.h"

namespace scission {
namespace {

std::vector<TensorSpec> SpecsOfOneRun(Ort::Session& session, const SegmentModel& segment,
                                      std::uint64_t seed) {
  const TensorMap inputs = RandomInputs(segment.inputs, seed);
  std::vector<const char*> input_names;
  std::vector<Ort::Value> input_values;
  for (const auto& [name, value] : inputs) {
    input_names.push_back(name.c_str());
    input_values.push_back(Wrap(value.spec, value.data.data(), value.data.size()));
  }
  std::vector<const char*> output_names;
  for (const TensorSpec& output : segment.outputs) output_names.push_back(output.name.c_str());
  const std::vector<Ort::Value> outputs =
      session.Run(Ort::RunOptions(), input_names.data(), input_values.data(), input_values.size(),
                  output_names.data(), output_names.size());
  std::vector<TensorSpec> specs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    specs.push_back(SpecOf(segment.outputs[i].name, outputs[i]));
  }
  return specs;
}

}  // namespace

std::vector<TensorSpec> TraceShapes(const SegmentModel& segment) {
  // Two runs are not worth optimising for, and what is made for them need not stay in the arena.
  Ort::SessionOptions options = MakeOptions({});
  options.SetGraphOptimizationLevel(ORT_DISABLE_ALL);
  options.AddConfigEntry(kOrtSessionOptionsConfigDisablePrepacking, "1");
  options.AddConfigEntry(kOrtSessionOptionsConfigUseEnvAllocators, "0");
  std::vector<Ort::Value> weights;
  Ort::Session session = MakeSession(segment, std::move(options), Provider::kCpu, weights);
  try {
    std::vector<TensorSpec> specs = SpecsOfOneRun(session, segment, /*seed=*/0);
    const std::vector<TensorSpec> others = SpecsOfOneRun(session, segment, /*seed=*/1);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      specs[i].is_dynamic = specs[i].shape != others[i].shape;
    }
    return specs;
  } catch (const Ort::Exception& error) {
    throw InputError("a trial run to learn the shapes fails: " + FirstLine(error));
  }
}

}  // namespace scission
