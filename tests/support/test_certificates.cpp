#include "support/test_certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace lavapp::test {
namespace {

struct Free {
  void operator()(BIO* p) const { BIO_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void check(bool ok, const std::string& what) {
  if (!ok) throw std::runtime_error("test certificate: " + what);
}

template <class Write>
std::string written(Write&& write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  check(bio && write(bio.get()) == 1, "PEM");
  std::string text(static_cast<std::size_t>(BIO_pending(bio.get())), '\0');
  BIO_read(bio.get(), text.data(), static_cast<int>(text.size()));
  return text;
}
std::string pem_text(X509* certificate) {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}
std::string pem_text(EVP_PKEY* key) {
  return written([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

Key new_key() {
  Key key(EVP_EC_gen("P-256"));
  check(key != nullptr, "key");
  return key;
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  check(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

/// Without an issuer it signs itself.
Certificate new_certificate(const std::string& common_name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key,
                            const CertificateWishes& wishes, bool authority) {
  static long serial = 0;
  Certificate certificate(X509_new());
  check(certificate != nullptr, "certificate");
  X509* x = certificate.get();
  if (!issuer) issuer = x;
  X509_set_version(x, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x), static_cast<long>(wishes.valid_from.count()));
  X509_gmtime_adj(X509_getm_notAfter(x), static_cast<long>(wishes.valid_until.count()));
  X509_set_pubkey(x, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(issuer));
  extend(x, issuer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  extend(x, issuer, NID_subject_key_identifier, "hash");
  extend(x, issuer, NID_authority_key_identifier, "keyid");
  if (authority) extend(x, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  if (!wishes.names.empty()) extend(x, issuer, NID_subject_alt_name, wishes.names);
  check(X509_sign(x, issuer_key, EVP_sha256()) != 0, "signature");
  return certificate;
}

}  // namespace

struct CertificateAuthority::Impl {
  Key key = new_key();
  Certificate certificate;
  std::string pem;
};

CertificateAuthority::CertificateAuthority() : impl_(std::make_unique<Impl>()) {
  CertificateWishes wishes;
  wishes.names = {};
  impl_->certificate =
      new_certificate("lavapp test authority", impl_->key.get(), nullptr, impl_->key.get(), wishes, true);
  impl_->pem = pem_text(impl_->certificate.get());
}
CertificateAuthority::~CertificateAuthority() = default;

const std::string& CertificateAuthority::pem() const { return impl_->pem; }

Identity CertificateAuthority::issue(const CertificateWishes& wishes) const {
  const auto key = new_key();
  const auto certificate =
      new_certificate("lavapp test", key.get(), impl_->certificate.get(), impl_->key.get(), wishes, false);
  return {pem_text(certificate.get()), pem_text(key.get())};
}

Identity self_signed(const CertificateWishes& wishes) {
  const auto key = new_key();
  const auto certificate = new_certificate("lavapp test", key.get(), nullptr, key.get(), wishes, false);
  return {pem_text(certificate.get()), pem_text(key.get())};
}

}  // namespace lavapp::test
