// What a benchmark measured on one host: plain data. docs/formats.md describes the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/statistics.h"
#include "base/units.h"
#include "profile/stability.h"

namespace scission {

/// The machine. Empty text or 0 where it is not known.
struct Host {
  std::string name;
  std::string tier;  ///< "device", "edge", "cloud" or any other word, lower case
  std::string cpu;
  int cores = 0;
  Bytes memory;
  std::string governor;  ///< of the CPU's frequency
  std::string os;
  Seconds startup{0};  ///< what each request takes besides its segment, whatever the model
};

/// The tensors behind a block packed for a link, as measured.
struct CodecFigures {
  std::string codec;  ///< "fp16", "zstd", "int8" (codec/codec.h)
  Bytes bytes;        ///< packed
  Seconds encode{0};  ///< what packing takes on this host
  Seconds decode{0};  ///< what unpacking takes

  bool operator==(const CodecFigures&) const = default;
};

/// The layers between two neighbouring cuts.
struct Block {
  int first_layer = 0;
  int last_layer = 0;
  /// All tensors that cross the cut behind the last layer; of the last block, the model's outputs.
  Bytes output_bytes;
  std::vector<std::string> layer_types;  ///< in the order of the layers; may be empty
  std::int64_t parameters = 0;
  Bytes weight_bytes;
  std::int64_t macs = 0;
  std::int64_t flops = 0;
  /// The most bytes of activations that are alive at once while the block's layers run, those
  /// included that pass by. Not known of imported profiles and of those from older programs.
  std::optional<Bytes> peak_activation_bytes;
  std::vector<CodecFigures>
      codecs;  ///< of `benchmark --codecs`: what its tensors can be packed with
};

/// A contiguous range of layers, run as one model. `samples` are steady-state runs in the order in
/// which they were taken, as measured; there is at least one.
struct MeasuredRange {
  int first_layer = 0;
  int last_layer = 0;
  std::vector<Seconds> samples;
  /// The machine's pace while each sample was taken: above 1 where all took longer than usual. At 1
  /// the whole model takes the median of its own samples, which are taken as plans run it
  /// (bench/watch.h). Empty: 1 throughout.
  std::vector<double> paces;
  /// To what part of it the typical time is known, 95 % (bench/pace.h), by samples of the whole
  /// model beside these. Absent where there are no paces, or fewer than three samples.
  std::optional<double> precision;
  bool is_unstable = false;  ///< taken while the machine was not as it was at other times

  Seconds Median() const;
  std::vector<Seconds> SamplesAtUsualPace() const;
  /// The median of these: what the range is taken to cost.
  Seconds TypicalTime() const { return MedianTime(SamplesAtUsualPace()); }
  Seconds Percentile(double q) const;  ///< 0 <= q <= 1
  /// Of the typical time, in seconds, 95 %: by `precision`, or where there are no paces by
  /// MedianInterval. Nothing where it is not known.
  std::optional<Interval> IntervalOfTypicalTime() const;
};

/// What a run takes longer where the host was idle before it, as in a plan (bench/startup.h):
/// `fixed` + `part` x its time.
struct Startup {
  Seconds fixed{0};
  double part = 0;  ///< 0 to kMostStartupPart
};
inline constexpr double kMostStartupPart = 0.25;

/// One model on one host.
struct ModelProfile {
  std::string model;       ///< lower case
  std::string model_hash;  ///< SHA-256 of the model's contents; empty in imported profiles
  std::string date;        ///< ISO 8601, UTC
  std::string engine;      ///< for example "onnxruntime 1.30.0"
  std::string provider;    ///< "cpu", "webgpu", "cuda"
  int threads = 0;         ///< 0: not known
  int batch_size = 1;
  Bytes input_bytes;  ///< of the model's input tensors

  bool is_pinned = false;  ///< each thread stayed on one core

  std::optional<Stability> stability;          ///< absent where it was not observed
  std::optional<Repeatability> repeatability;  ///< of `benchmark --verify`

  // Once per model, not part of any range. Absent in imported profiles.
  std::optional<Seconds> load_time;        ///< model file to ready session, whole model
  std::optional<Seconds> preprocess_time;  ///< image file to input tensor
  std::optional<Seconds> first_run_time;   ///< the first inference of the whole model
  std::optional<Startup> startup;

  int cuts_left_out = 0;              ///< places between the blocks that are not worth a cut
  std::vector<Block> blocks;          ///< contiguous, in order; at least one
  std::vector<MeasuredRange> ranges;  ///< every block, the whole model, and any others

  /// How far the machine's pace was from the usual one at other times, as a part of it: the
  /// standard deviation that a normal distribution with the 10th and 90th percentiles of the whole
  /// model's samples has. (It may have had two paces, of which a median would know one.) Nothing
  /// where the samples are fewer than 6.
  std::optional<double> PaceDeviation() const;
  /// The range measured for exactly these layers, if there is one.
  const MeasuredRange* FindRange(int first_layer, int last_layer) const;
};

struct Profile {
  std::string file;  ///< where it was read from, for messages
  Host host;
  std::vector<ModelProfile> models;

  const ModelProfile* FindModel(const std::string& lower_case_name) const;
};

}  // namespace scission
