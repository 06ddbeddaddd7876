// What of a request becomes a file's name or an address.
#pragma once

#include <string>

#include "scission.pb.h"
#include "wire/security.h"

namespace scission {

/// Whether `name` can be a file's name and a word of a command line: printable, of 1 to 200 bytes,
/// without '/', and not starting with '.' or '-'.
bool IsPlainName(const std::string& name);

/// Throws InputError starting with `place` where `name` is not plain.
void RequirePlainName(const std::string& place, const std::string& name);

/// Throws InputError where only one of the two of external data is there, or the name is not that
/// of a file beside the model, `model_file`.
void CheckDataName(const std::string& data_name, const std::string& data_sha256,
                   const std::string& model_file);

/// Throws InputError where a stage has no name, or one that is reserved ("scission.probe" and
/// others that begin so), no work, half a segment or a negative number, or calls addresses that
/// are none or that `security` does not allow.
void Check(const v1::LoadRequest& request, const Security& security);

/// The same for a link.
void Check(const v1::ProbeLinkRequest& request, const Security& security, int max_message_bytes);

}  // namespace scission
