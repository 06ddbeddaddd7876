#include "cli/security_options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace scission {

void AddSecurityOptions(CLI::App& app, Security& security) {
  app.add_option(
         "--tls-cert", security.certificate,
         "This host's certificate (PEM); with the next two: TLS, where both ends prove who\n"
         "they are. 'scission certs' makes all three")
      ->type_name("FILE");
  app.add_option("--tls-key", security.key, "The certificate's private key (PEM)")
      ->type_name("FILE");
  app.add_option("--tls-ca", security.authority, "The CA whose certificates are trusted (PEM)")
      ->type_name("FILE");
  app.add_flag("--insecure", security.allows_plaintext,
               "Allow connections beyond this machine without TLS: others on the way can read and\n"
               "change what is sent, and whoever reaches a worker can use it");
}

}  // namespace scission
