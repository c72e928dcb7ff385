// Certificates made while the test runs: no file, no date that passes.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace lavapp::test {

struct Identity {
  std::string certificate_pem;
  std::string private_key_pem;
};

struct CertificateWishes {
  std::string names = "DNS:localhost,IP:127.0.0.1";          ///< OpenSSL's words for subjectAltName; empty: none
  std::chrono::seconds valid_from = std::chrono::hours(-1);  ///< counted from now
  std::chrono::seconds valid_until = std::chrono::hours(24);
};

/// An authority of its own, with a fresh key.
class CertificateAuthority {
 public:
  CertificateAuthority();
  ~CertificateAuthority();
  const std::string& pem() const;
  Identity issue(const CertificateWishes& wishes = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Identity self_signed(const CertificateWishes& wishes = {});

}  // namespace lavapp::test
