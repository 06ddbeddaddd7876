// How fast tensors are packed and unpacked, and what is left of them.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstring>
#include <string>

#include "base/random.h"
#include "codec/codec.h"

namespace scission {
namespace {

/// As what crosses a cut behind a ReLU: half of it zeros, the rest half a bell.
std::string Activations(std::size_t bytes) {
  Random random(1);
  std::string values(bytes, '\0');
  for (std::size_t i = 0; i + sizeof(float) <= bytes; i += sizeof(float)) {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += random.Uniform();
    const auto value = static_cast<float>(std::max(0.0, sum));
    std::memcpy(values.data() + i, &value, sizeof(value));
  }
  return values;
}

void Describe(benchmark::State& state, Codec codec, std::size_t bytes, std::size_t packed) {
  state.SetLabel(ToText(codec));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));  // unpacked
  state.counters["ratio"] = static_cast<double>(packed) / static_cast<double>(bytes);
}

void Pack(benchmark::State& state) {
  const Codec codec = kCodecs.at(static_cast<std::size_t>(state.range(0)));
  const std::string values = Activations(static_cast<std::size_t>(state.range(1)));
  std::string packed(MaxEncodedBytes(codec, values.size()), '\0');
  std::size_t size = 0;
  for (auto _ : state) {
    size = Encode(codec, ElementType::kFloat, values, packed.data());
    benchmark::DoNotOptimize(packed.data());
    benchmark::ClobberMemory();
  }
  Describe(state, codec, values.size(), size);
}

void Unpack(benchmark::State& state) {
  const Codec codec = kCodecs.at(static_cast<std::size_t>(state.range(0)));
  std::string values = Activations(static_cast<std::size_t>(state.range(1)));
  std::string packed(MaxEncodedBytes(codec, values.size()), '\0');
  packed.resize(Encode(codec, ElementType::kFloat, values, packed.data()));
  for (auto _ : state) {
    Decode(codec, ElementType::kFloat, packed, values.data(), values.size());
    benchmark::DoNotOptimize(values.data());
    benchmark::ClobberMemory();
  }
  Describe(state, codec, values.size(), packed.size());
}

BENCHMARK(Pack)->ArgsProduct({{0, 1, 2, 3}, {1 << 20}})->Unit(benchmark::kMicrosecond);
BENCHMARK(Unpack)->ArgsProduct({{0, 1, 2, 3}, {1 << 20}})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace scission
