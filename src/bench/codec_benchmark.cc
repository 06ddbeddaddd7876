#include "bench/codec_benchmark.h"

#include <algorithm>
#include <string>

#include "base/statistics.h"
#include "bench/measure.h"
#include "codec/codec.h"

namespace scission {
namespace {

template <typename Work>
Seconds TimeOf(int repeats, const Work& work) {
  std::vector<Seconds> samples;
  for (int i = 0; i <= repeats; ++i) {
    const Seconds start = SteadyClock().Now();
    work();
    if (i > 0) samples.push_back(SteadyClock().Now() - start);
  }
  return MedianTime(samples);
}

/// Adds what packing `tensor` takes.
void Measure(const TensorValue& tensor, Codec codec, int repeats, CodecFigures& figures) {
  const ElementType type = tensor.spec.type;
  std::string packed(MaxEncodedBytes(codec, tensor.data.size()), '\0');
  std::string unpacked(tensor.data.size(), '\0');
  std::size_t size = 0;
  figures.encode +=
      TimeOf(repeats, [&] { size = Encode(codec, type, tensor.data, packed.data()); });
  const std::string_view part(packed.data(), size);
  figures.decode +=
      TimeOf(repeats, [&] { Decode(codec, type, part, unpacked.data(), unpacked.size()); });
  figures.bytes += Bytes{static_cast<double>(size)};
}

}  // namespace

std::vector<CodecFigures> MeasureCodecs(const std::vector<const TensorValue*>& tensors,
                                        int repeats) {
  std::vector<CodecFigures> all;
  for (const Codec codec : kCodecs) {
    const auto can_have = [codec](const TensorValue* tensor) {
      return codec != Codec::kNone && Usable(codec, tensor->spec.type) == codec;
    };
    if (std::none_of(tensors.begin(), tensors.end(), can_have)) continue;
    CodecFigures& figures = all.emplace_back();
    figures.codec = ToText(codec);
    for (const TensorValue* tensor : tensors) {
      const Codec usable = Usable(codec, tensor->spec.type);
      if (usable == Codec::kNone) {
        figures.bytes += Bytes{static_cast<double>(tensor->data.size())};
      } else {
        Measure(*tensor, usable, repeats, figures);
      }
    }
  }
  return all;
}

}  // namespace scission
