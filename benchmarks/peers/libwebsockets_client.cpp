#include <libwebsockets.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "meter.hpp"
#include "peer.hpp"

namespace {

PeerLoad load;
bench::Meter* meter = nullptr;
std::vector<unsigned char> out;  ///< LWS_PRE bytes of room, then the text.
std::size_t message_size = 0;
bool finished = false, failed = false;

int on_event(lws* wsi, lws_callback_reasons reason, void*, void* in, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
      if (load.echo()) lws_callback_on_writable(wsi);
      break;
    case LWS_CALLBACK_CLIENT_WRITEABLE: {
      std::memset(out.data() + LWS_PRE, 'x', load.size);  // the library masks it in place
      const int written = lws_write(wsi, out.data() + LWS_PRE, load.size, LWS_WRITE_TEXT);
      if (written < static_cast<int>(load.size)) return failed = true, -1;
      break;
    }
    case LWS_CALLBACK_CLIENT_RECEIVE:
      message_size += size;
      if (!lws_is_final_fragment(wsi)) break;
      finished = meter->hit(std::exchange(message_size, 0));
      if (finished) return -1;
      if (load.echo()) lws_callback_on_writable(wsi);
      break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
      std::fprintf(stderr, "libwebsockets: %s\n", in != nullptr ? static_cast<const char*>(in) : "could not connect");
      failed = true;
      break;
    case LWS_CALLBACK_CLIENT_CLOSED: failed = !finished; break;
    default: break;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  load = read_arguments(argc, argv);
  bench::Meter one(load.messages);
  meter = &one;
  out.resize(LWS_PRE + load.size);
  lws_set_log_level(0, nullptr);

  const lws_protocols protocols[] = {{"", on_event, 0, 128 * 1024, 0, nullptr, 0}, {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
  const lws_extension extensions[] = {
      {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits"},
      {nullptr, nullptr, nullptr}};
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols;
  info.pt_serv_buf_size = 128 * 1024;
  if (load.tls()) info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  if (load.deflate()) info.extensions = extensions;
  lws_context* const context = lws_create_context(&info);
  if (context == nullptr) return 1;

  lws_client_connect_info to{};
  to.context = context;
  to.address = to.host = to.origin = "127.0.0.1";
  to.port = load.port;
  to.path = "/";
  if (load.tls()) to.ssl_connection = LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK | LCCSCF_ALLOW_INSECURE;
  if (lws_client_connect_via_info(&to) == nullptr) failed = true;
  while (!finished && !failed) {
    if (lws_service(context, 0) < 0) break;
  }
  if (finished) one.report();
  lws_context_destroy(context);
  return finished ? 0 : 1;
}
