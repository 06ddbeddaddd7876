// scission run: a plan on real workers, predicted beside measured.
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "bench/model_input.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/model_options.h"
#include "cli/options.h"
#include "cli/query_options.h"
#include "cli/replan.h"
#include "cli/security_options.h"
#include "cluster/plan_run.h"
#include "cluster/remote_workers.h"
#include "network/hosts_toml.h"
#include "network/network_csv.h"
#include "report/gnuplot.h"
#include "report/plan_file.h"
#include "report/run_table.h"
#include "report/run_timeline.h"
#include "validate/range_validation.h"
#include "wire/channel.h"
#include "worker/control_service.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDescription =
    "Runs the best plan in PLAN on the workers of its hosts: brings each its layers, sends "
    "requests\n"
    "through the pipeline, compares every answer with the unsplit model's, and shows what was\n"
    "predicted beside what was measured. Where a host fails, the next plan in the file that does\n"
    "without it takes over, or a new one.";

constexpr double kBytesPerMebibyte = 1 << 20;

constexpr const char* kExamples = R"(
Codecs of what crosses a hop: plan (those of predict --codecs), none, zstd (both exact), fp16, int8
(both change values); auto tries none and zstd on every hop and takes the faster,
auto:none,zstd,fp16 those that it names.

Examples:
  $ scission run plan.json --hosts hosts.toml
  $ scission run plan.json model.onnx --hosts hosts.toml --concurrency 4 --requests 200
  $ scission run plan.json --hosts hosts.toml --input cat.jpg --send-image --plot timeline)";

struct RunArguments {
  std::string plan;
  std::string model;
  std::string hosts;
  std::string image;
  bool sends_image = false;
  Load load;
  int requests = 0;  ///< 0: as many as `duration` takes
  double duration = 10;
  double rate = 0;  ///< 0: a closed loop
  std::string arrivals = "poisson";
  std::string codec = "plan";
  double max_message_mib = kDefaultMaxMessageBytes / kBytesPerMebibyte;
  double timeout = 30;
  double load_timeout = 120;
  bool keeps_pipeline = false;
  std::string format = "table";
  std::string plot;
  ModelOptions model_options;
  Security security;
};

void AddLoadOptions(OptionSet& set, RunArguments& arguments) {
  const Option requests =
      set.Add("-r,--requests", arguments.requests,
              fmt::format("How many requests count (default: as many as --duration takes, {} at\n"
                          "least)",
                          kLeastRequests))
          .InRange(1, 1'000'000);
  set.Add("--duration", arguments.duration, "About how long they are sent")
      .ShowDefault()
      .TypeName("SECONDS")
      .InRange(1e-3, 86400.0)
      .Excludes(requests);
  const Option concurrency = set.Add("--concurrency", arguments.load.concurrency,
                                     "So many clients, each of which waits for its answer")
                                 .ShowDefault()
                                 .InRange(1, 1000);
  set.Add("--rate", arguments.rate,
          "Instead: so many requests a second, whether answers are there or not")
      .TypeName("PER_SECOND")
      .InRange(1e-3, 1e6)
      .Excludes(concurrency);
  set.Add("--arrivals", arguments.arrivals,
          "poisson: at random times, as independent clients send; fixed: evenly")
      .ShowDefault()
      .TypeName("poisson|fixed")
      .OneOf({"poisson", "fixed"});
  set.Add("--timeout", arguments.timeout, "The longest that a request may take")
      .ShowDefault()
      .TypeName("SECONDS")
      .InRange(1e-3, 86400.0);
  set.Add("--load-timeout", arguments.load_timeout, "The longest that loading a stage may take")
      .ShowDefault()
      .TypeName("SECONDS")
      .InRange(1e-3, 86400.0);
}

void AddOptions(OptionSet& set, RunArguments& arguments) {
  set.Add("PLAN", arguments.plan, "What predict --save or --format json wrote").Required();
  set.Add("MODEL", arguments.model,
          "The model's ONNX file; may be left out where it is a built-in one");
  set.Add("--hosts", arguments.hosts, "TOML file with the addresses of the workers")
      .TypeName("FILE")
      .Required();
  const Option input =
      set.Add("--input", arguments.image, "An image to run on (default: random input)")
          .TypeName("IMAGE");
  set.AddFlag("--send-image", arguments.sends_image,
              "Send the image as it is, and let the first worker decode it")
      .Needs(input);
  AddLoadOptions(set, arguments);
  set.Add("--codec", arguments.codec, "How tensors are packed for hops, see below")
      .ShowDefault()
      .TypeName("CODEC");
  set.Add("--max-message", arguments.max_message_mib, "The largest message")
      .ShowDefault()
      .TypeName("MIB")
      .InRange(1.0, 2000.0);
  set.AddFlag("--keep", arguments.keeps_pipeline, "Leave the pipeline served");
  set.Add("--format", arguments.format, "table, csv or json")
      .ShowDefault()
      .TypeName("FORMAT")
      .OneOf({"table", "csv", "json"});
  set.Add("--plot", arguments.plot,
          "Draw when which host and link did what as PATH.png and PATH.svg")
      .TypeName("PATH");
  AddModelOptions(set, arguments.model_options);
  AddSecurityOptions(set, arguments.security);
  set.Footer(kExamples);
}

std::vector<Codec> ParseCodecs(const std::string& text) {
  if (text == "plan") return {};
  if (text == "auto") return {Codec::kNone, Codec::kZstd};
  if (!text.starts_with("auto:")) return {ParseCodec("--codec", text)};
  std::vector<Codec> codecs;
  for (const std::string& name : Split(text.substr(text.find(':') + 1), ',')) {
    codecs.push_back(ParseCodec("--codec", name));
  }
  return codecs;
}

Plan ToPlan(const PlanFile& file) {
  Plan plan;
  plan.latency = file.latency;
  plan.entry = file.entry;
  plan.source = file.source();
  plan.stages = file.stages;
  plan.hops = file.hops;
  return plan;
}

/// An encoded image in the place of the tensor that the plan has sent.
struct ImageInput {
  Bytes tensor;
  Bytes image;  ///< 0: the tensor is sent
};

void SendLess(const ImageInput& input, const Link& link, Seconds& time, Plan& plan) {
  const Seconds saved = TransferTime(input.tensor, link) - TransferTime(input.image, link);
  time -= saved;
  plan.latency -= saved;
}

/// What the source is handed, and what it sends where the plan's first hop carries the input. False
/// where a link is not known that either takes; nothing is changed then.
bool SendImageInstead(const ImageInput& input, const PlansFile& file, Plan& plan) {
  const bool counts_entry = plan.entry.count() > 0;
  const bool is_sent_on = plan.source != plan.stages.front().host;
  if (!counts_entry && !is_sent_on) return true;
  const PlanSources sources = SourcesOf(file);
  if (sources.network.empty()) return false;
  std::vector<std::string> warnings;
  const Network network = ReadNetwork(sources.network, warnings);
  const Link* own = network.Find(plan.source, plan.source);
  const Link* link = is_sent_on ? network.Find(plan.source, plan.hops.front().to) : nullptr;
  if ((counts_entry && own == nullptr) || (is_sent_on && link == nullptr)) return false;
  if (counts_entry) SendLess(input, *own, plan.entry, plan);
  if (!is_sent_on) return true;
  Hop& hop = plan.hops.front();
  SendLess({hop.bytes, input.image}, *link, hop.time, plan);
  hop.bytes = input.image;
  return true;
}

/// What is run, and what it is compared with.
struct Subject {
  Model model;
  TensorMap inputs;
  TensorMap expected;
  std::string image;  ///< its file's bytes; empty: not sent
};

TensorMap RunUnsplit(const Model& model, const TensorMap& inputs) {
  Session session(ExtractSegment(model, WholeOf(model.graph())), {});
  session.SetInputs(inputs);
  session.Run();
  TensorMap outputs;
  session.GetOutputs(outputs);
  return outputs;
}

Subject MakeSubject(const RunArguments& arguments, const std::vector<PlanFile>& plans) {
  LoadOptions load = ToLoadOptions(arguments.model_options);
  load.trace_shapes = TraceShapes;
  Subject subject{OpenModel(arguments.model, load), {}, {}, {}};
  RequireModel(subject.model, plans.front(), arguments.plan);
  for (const PlanFile& plan : plans) {
    std::vector<int> last_layers;
    for (const Stage& stage : plan.stages) last_layers.push_back(stage.last_layer);
    RequireCuts(subject.model.graph(), last_layers, arguments.plan);
  }
  subject.inputs = MakeInput(subject.model, arguments.image).values;
  if (arguments.sends_image) {
    subject.image = ReadFile(arguments.image);
    if (subject.model.batch_size() != 1) throw InputError("--send-image", "sends a batch of one");
  }
  subject.expected = RunUnsplit(subject.model, subject.inputs);
  return subject;
}

ImageInput InputOf(const Subject& subject) {
  ImageInput input{{}, {static_cast<double>(subject.image.size())}};
  for (const auto& [name, value] : subject.inputs) {
    input.tensor += Bytes{static_cast<double>(value.data.size())};
  }
  return input;
}

/// What a prediction leaves out of what is measured.
std::vector<std::string> NotesOn(const PlanFile& plan) {
  std::vector<std::string> notes;
  const Plan first = ToPlan(plan);
  if (!first.hops.empty() && !plan.counts_replies) {
    notes.emplace_back(
        ReturnHop(first)
            ? "the plan has the output sent straight back to the source; here it returns through "
              "the stages (predict --replies counts that)"
            : "the prediction leaves the answer's way back out (predict --replies counts it)");
  }
  return notes;
}

RunnablePlans PlansToRun(const PlansFile& file, const Hosts& hosts, const ImageInput& input,
                         std::vector<std::string>& notes) {
  RunnablePlans runnable;
  runnable.model = file.plans.front().model;
  bool knows_link = true;
  for (const PlanFile& plan : file.plans) {
    runnable.plans.push_back(ToPlan(plan));
    if (input.image.count > 0) {
      knows_link = SendImageInstead(input, file, runnable.plans.back()) && knows_link;
    }
  }
  if (!knows_link) notes.emplace_back("the prediction has the tensor sent, not the image");
  runnable.plan_anew = [&file, &hosts, input](const auto& without) {
    std::string reason;
    auto plan = PlanAnew(file, hosts, without, reason);
    if (!plan) Tell("no new plan: " + reason);
    if (plan && input.image.count > 0) SendImageInstead(input, file, *plan);
    return plan;
  };
  return runnable;
}

InferenceRequest MakeRequest(const Subject& subject, const std::string& model) {
  if (subject.image.empty()) return {model, subject.inputs};
  return {model, subject.inputs.begin()->first, subject.image};
}

void RequireSafeAddresses(const Hosts& hosts, const Security& security) {
  for (const HostFacts& host : hosts.hosts) {
    if (host.address.empty()) continue;
    RequireSafe(fmt::format("{}: host '{}'", hosts.file, host.name), host.address, security);
  }
}

void Print(const RunReport& report, const RunArguments& arguments) {
  std::cout << (arguments.format == "csv"    ? RunCsv(report)
                : arguments.format == "json" ? RunJson(report)
                                             : RunText(report));
  if (arguments.plot.empty()) return;
  if (!PlotTimeline(report, PicturePath(arguments.plot))) {
    Tell("no picture: the stages did not tell their times");
  }
}

/// In the child process: gRPC's threads must not be forked.
int RunInThisProcess(const RunArguments& arguments, const PlansFile& file, const Hosts& hosts) {
  NoteInterrupts();
  const ChannelOptions channel{arguments.security,
                               static_cast<int>(arguments.max_message_mib * kBytesPerMebibyte)};
  CheckSecurity(channel.security);
  RequireSafeAddresses(hosts, channel.security);
  const Subject subject = MakeSubject(arguments, file.plans);
  RunOptions options;
  options.load = arguments.load;
  if (arguments.requests > 0) {
    options.load.requests = static_cast<std::size_t>(arguments.requests);
  } else {
    options.duration = Seconds(arguments.duration);
  }
  if (arguments.rate > 0) options.load.rate = arguments.rate;
  if (arguments.arrivals == "fixed") options.load.arrivals = Arrivals::kFixed;
  options.codecs = ParseCodecs(arguments.codec);
  options.keeps_pipeline = arguments.keeps_pipeline;
  if (arguments.sends_image) options.deploy.preprocessing = Name(PreprocessingOf(subject.model));
  std::vector<std::string> notes = NotesOn(file.plans.front());
  const RunnablePlans plans = PlansToRun(file, hosts, InputOf(subject), notes);
  const InferenceRequest request = MakeRequest(subject, plans.model);
  SegmentFolder segments(subject.model);
  RemoteWorkers workers(channel, Seconds(arguments.load_timeout));
  const Connect connect = [&](const PipelineStage& entry) -> SendRequest {
    const auto client = std::make_shared<InferenceClient>(entry.host, entry.address, channel);
    return [client, &request, timeout = Seconds(arguments.timeout)](Computes computes) {
      return client->Infer(request, timeout, computes);
    };
  };
  RunReport report;
  try {
    report = RunPlans(plans, subject.expected, options,
                      {hosts, segments, workers, connect, Tell, WasInterrupted, NetworkId()});
  } catch (const RequestError& error) {  // nobody's fault that we know of
    Tell(fmt::format("error: {}", error.what()));
    return kInternalFailure;
  }
  if (report.requests == 0) return kInterrupted;
  report.notes.insert(report.notes.end(), notes.begin(), notes.end());
  if (options.load.rate) {
    report.notes.push_back(fmt::format("requests came at {} a second, {}", *options.load.rate,
                                       arguments.arrivals == "fixed" ? "evenly"
                                                                     : "as a Poisson "
                                                                       "process"));
  }
  Print(report, arguments);
  if (WasInterrupted()) return kInterrupted;
  return report.wrong > 0 ? kInternalFailure : kDone;
}

std::string ModelOf(const RunArguments& arguments, const PlanFile& plan) {
  if (!arguments.model.empty()) return arguments.model;
  if (IsBuiltIn(plan.model)) return plan.model;
  throw InputError(arguments.plan, "its model '" + plan.model +
                                       "' is not a built-in one; give the MODEL's file as well");
}

}  // namespace

int RunRun(const std::vector<std::string>& given) {
  RunArguments arguments;
  OptionSet set(kDescription, "run");
  AddOptions(set, arguments);
  if (!set.Parse(given)) return kDone;
  const Hosts hosts = ReadHosts(arguments.hosts);
  const PlansFile file = ReadUnchangedPlans(arguments.plan);
  if (file.options) FromWords(file.path.string(), *file.options);  // now, not when a host is lost
  ParseCodecs(arguments.codec);
  arguments.model = ModelOf(arguments, file.plans.front());
  RequireModel(arguments.model);
  return RunIsolated(arguments.model, [&] { return RunInThisProcess(arguments, file, hosts); });
}

}  // namespace scission
