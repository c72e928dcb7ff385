// A key and a certificate for the load server's TLS, made when it starts. Clients are told to accept any.
#pragma once

#include <string>

namespace bench {

struct Identity {
  std::string certificate_pem, private_key_pem;
};
Identity make_identity();

}  // namespace bench
