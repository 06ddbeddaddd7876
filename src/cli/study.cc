// scission study: measures live hosts and links, and plans until the plan rests on measurements.
#include <fmt/format.h>

#include <iostream>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/model_options.h"
#include "cli/options.h"
#include "cli/security_options.h"
#include "cli/study_world.h"
#include "engine/session.h"
#include "network/hosts_toml.h"
#include "network/network_csv.h"
#include "report/plan_explain.h"
#include "report/prediction_lines.h"
#include "zoo/open_model.h"

namespace scission {
namespace {

constexpr const char* kDescription =
    "Measures MODEL on every worker in the hosts file and the links between them, plans, measures\n"
    "exactly the segments that the best plans run, and plans again until the best plan rests on\n"
    "measurements alone. Answers count as in predict --replies. All is kept in DIR: the same "
    "command\n"
    "goes on where one was interrupted, and what is asked of the plans may be another then.";

constexpr const char* kExamples = R"(
Examples:
  $ scission study resnet50 --hosts hosts.toml -o study
  $ scission study resnet50 --hosts hosts.toml -o study --objective energy --max-latency 0.5
  $ scission run study/plans.json --hosts hosts.toml)";

struct StudyArguments {
  StudySettings settings;
  std::string output;
  Security security;
};

void AddOptions(OptionSet& set, StudyArguments& arguments) {
  StudySettings& settings = arguments.settings;
  set.Add("MODEL", settings.model, "A built-in model or an ONNX file").Required();
  set.Add("--hosts", settings.query.hosts_file,
          "TOML file with names, tiers and addresses of workers, and what they cost")
      .TypeName("FILE")
      .Required();
  set.Add("-o,--output", arguments.output, "The folder of the study").TypeName("DIR").Required();
  set.Add("--effort", settings.effort, "As of benchmark: quick, normal (default), full, exhaustive")
      .TypeName("LEVEL")
      .OneOf({"quick", "normal", "full", "exhaustive"});
  set.Add("-r,--repeats", settings.repeats, "Samples of every range (default: as needed)")
      .InRange(1, 10000);
  set.Add("--link-rounds", settings.link_rounds,
          "Samples of each message size of a link (default: as network measure)")
      .InRange(1, 1000);
  AddModelOptions(set, settings.model_options);
  AddQueryOptions(set, settings.query);
  AddSecurityOptions(set, arguments.security);
  set.Footer(std::string(kQueryHelp) + kExamples);
}

/// The hosts with workers; each needs a tier, as its profile does.
std::vector<std::string> WorkersIn(const Hosts& hosts, const Security& security) {
  std::vector<std::string> names;
  for (const HostFacts& host : hosts.hosts) {
    if (host.address.empty() || host.hosted) continue;
    const std::string place = fmt::format("{}: host '{}'", hosts.file, host.name);
    if (host.tier.empty() || host.tier.find_first_of("-/.") != std::string::npos) {
      throw InputError(place, "needs a tier, a word without '-', '/' and '.'");
    }
    RequireNetworkName(place, host.name);
    if (host.name.find('/') != std::string::npos) {
      throw InputError(place, "its name must not have '/'");
    }
    RequireSafe(place, host.address, security);
    names.push_back(host.name);
  }
  if (names.empty()) throw InputError(hosts.file, "has no host with an address");
  return names;
}

std::string SourceOf(const Hosts& hosts, const std::vector<std::string>& workers,
                     const std::string& wanted) {
  std::vector<std::string> devices;
  for (const std::string& name : workers) {
    if (name == wanted) return name;
    if (hosts.Find(name)->tier == "device") devices.push_back(name);
  }
  if (wanted.empty() && devices.size() == 1) return devices.front();
  throw InputError("--source", wanted.empty()
                                   ? "is needed: there is not exactly one host of the tier device"
                                   : fmt::format("there is no host '{}' with an address in {}",
                                                 Printable(wanted, 60), hosts.file));
}

/// Servers that run no worker, which nobody can ask to measure.
std::vector<std::string> OtherServers(const Hosts& hosts) {
  std::vector<std::string> names;
  for (const HostFacts& host : hosts.hosts) {
    if (host.hosted) names.push_back(host.name);
  }
  return names;
}

std::string Report(const LiveStudy& study, const StudyResult& result,
                   const std::vector<std::string>& other_servers) {
  std::string text =
      PredictionLines(study.prediction()) + "\n" + ExplainPlans(study.prediction()) + "\n";
  text += fmt::format("{} after {} round{} of planning\n",
                      result.is_measured ? "the best plan rests on measured segments alone"
                                         : "the best plan still rests on estimates",
                      result.rounds, result.rounds == 1 ? "" : "s");
  for (const HostLoss& loss : result.losses) {
    text += fmt::format("without {}: {}\n", loss.host, Printable(loss.reason, 500));
  }
  if (!other_servers.empty()) {
    text += fmt::format("left out, as other servers (engine = \"oip\") cannot be measured: {}\n",
                        Printable(Join(other_servers, ", "), 500));
  }
  for (const std::string& note : result.notes) text += Printable(note, 500) + "\n";
  for (const std::string& host : study.UnstableHosts()) {
    text += fmt::format("{} was disturbed while it measured: its times may be wrong\n", host);
  }
  return text;
}

/// In the child process: gRPC's threads must not be forked. The model is opened once, so that what
/// is wrong with it or its options is told before anything is measured.
int RunInThisProcess(StudySettings settings, const Hosts& hosts,
                     const std::vector<std::string>& workers, const Security& security) {
  LayerRange layers;
  {
    LoadOptions load = ToLoadOptions(settings.model_options);
    load.trace_shapes = TraceShapes;
    const Model model = OpenModel(settings.model, load);
    settings.model_hash = model.Hash();
    settings.batch_size = model.batch_size();
    layers = WholeOf(model.graph());
  }
  StudyQuery query = MakeStudyQuery(settings.query, settings.model_name, layers, workers, hosts);
  const std::vector<std::string> used = query.hosts;
  LiveStudy study(settings, std::move(query), hosts, {security}, Tell);
  StudyResult result;
  try {
    result = RunStudy(used, settings.query.source, study, Tell);
  } catch (const HostError& error) {
    throw NoPlanError(fmt::format("the source cannot take part: {}", error.what()));
  }
  const std::string report = Report(study, result, OtherServers(hosts));
  WriteFileAtomically(settings.folder / "report.txt", report);
  std::cout << report << "plans: " << study.PlansFile().string() << "\n";
  return study.UnstableHosts().empty() ? kDone : kUnstable;
}

}  // namespace

int RunStudyCommand(const std::vector<std::string>& given) {
  StudyArguments arguments;
  OptionSet set(kDescription, "study");
  AddOptions(set, arguments);
  if (!set.Parse(given)) return kDone;
  StudySettings& settings = arguments.settings;
  RequireModel(settings.model);
  const bool is_built_in = IsBuiltIn(settings.model);
  if (is_built_in) settings.model = ToLower(settings.model);
  settings.model_name = is_built_in ? settings.model : ModelNameOf(settings.model);
  settings.folder = arguments.output;
  settings.query.counts_replies = true;
  CheckSecurity(arguments.security);
  const Hosts hosts = ReadHosts(settings.query.hosts_file);
  const std::vector<std::string> workers = WorkersIn(hosts, arguments.security);
  settings.query.source = SourceOf(hosts, workers, settings.query.source);
  return RunIsolated(settings.model, [&] {
    return RunInThisProcess(settings, hosts, workers, arguments.security);
  });
}

}  // namespace scission
