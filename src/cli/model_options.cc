#include "cli/model_options.h"

#include "base/child.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"

namespace scission {

void AddModelOptions(OptionSet& set, ModelOptions& options) {
  set.Add("-b,--batch-size", options.batch_size,
          "Size of the batch dimension, where the model leaves it free (default 1)")
      .InRange(1, 65536);
  set.Add("--dim", options.dimensions,
          "Size of another free dimension, by its name or as INPUT:AXIS; may be repeated")
      .TypeName("NAME=N")
      .OneValueEach();
  set.Add("--max-cut-tensors", options.max_cut_tensors,
          "Cut also where up to this many tensors cross (default 1)")
      .InRange(1, 64);
}

LoadOptions ToLoadOptions(const ModelOptions& options) {
  LoadOptions load;
  if (options.batch_size > 0) load.batch_size = options.batch_size;
  for (const std::string& text : options.dimensions) {
    const auto equals = text.rfind('=');
    const auto size =
        equals == std::string::npos ? std::nullopt : ParseInteger(Trim(text.substr(equals + 1)));
    if (!size || *size < 1 || *size > INT32_MAX) {
      throw InputError("--dim " + text, "must be NAME=N with a positive N");
    }
    load.dimensions[std::string(Trim(text.substr(0, equals)))] = *size;
  }
  return load;
}

int RunIsolated(const std::string& model, const std::function<int()>& command) {
  const ChildResult result = RunInChild([&] { return RunGuarded(command); });
  if (result.was_interrupted) return kInterrupted;
  if (result.signal != 0) {
    throw InputError(model, "the process that loaded it " + result.CrashText());
  }
  return result.exit_code;
}

}  // namespace scission
