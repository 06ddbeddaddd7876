#include "cli/security_options.h"

#include "cli/options.h"

namespace scission {

void AddSecurityOptions(OptionSet& set, Security& security) {
  set.Add("--tls-cert", security.certificate,
          "This host's certificate (PEM); with the next two: TLS, where both ends prove who\n"
          "they are. 'scission certs' makes all three")
      .TypeName("FILE");
  set.Add("--tls-key", security.key, "The certificate's private key (PEM)").TypeName("FILE");
  set.Add("--tls-ca", security.authority, "The CA whose certificates are trusted (PEM)")
      .TypeName("FILE");
  set.AddFlag("--insecure", security.allows_plaintext,
              "Allow connections beyond this machine without TLS: others on the way can read and\n"
              "change what is sent, and whoever reaches a worker can use it");
}

}  // namespace scission
