#define _WEBSOCKETPP_CPP11_STL_
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_client.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>

#include <cstdio>
#include <string>

#include "meter.hpp"
#include "peer.hpp"

namespace {

struct DeflateConfig : websocketpp::config::asio_client {
  struct permessage_deflate_config {};
  using permessage_deflate_type = websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config>;
};

template <class Client>
void allow_any_certificate(Client&) {}
void allow_any_certificate(websocketpp::client<websocketpp::config::asio_tls_client>& client) {
  client.set_tls_init_handler([](websocketpp::connection_hdl) {
    auto context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
    context->set_verify_mode(boost::asio::ssl::verify_none);
    return context;
  });
}

template <class Config>
int run(const PeerLoad& load) {
  using Client = websocketpp::client<Config>;
  bench::Meter meter(load.messages);
  const std::string text(load.size, 'x');
  bool finished = false;
  Client client;
  client.clear_access_channels(websocketpp::log::alevel::all);
  client.clear_error_channels(websocketpp::log::elevel::all);
  client.init_asio();
  allow_any_certificate(client);
  const auto send = [&](websocketpp::connection_hdl handle) { client.send(handle, text, websocketpp::frame::opcode::text); };
  client.set_tcp_post_init_handler([&](websocketpp::connection_hdl handle) {
    client.get_con_from_hdl(handle)->get_raw_socket().set_option(boost::asio::ip::tcp::no_delay(true));
  });
  if (load.echo()) client.set_open_handler(send);
  client.set_message_handler([&](websocketpp::connection_hdl handle, typename Client::message_ptr message) {
    finished = meter.hit(message->get_payload().size());
    if (finished) return client.stop();
    if (load.echo()) send(handle);
  });
  websocketpp::lib::error_code error;
  const auto connection =
      client.get_connection((load.tls() ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(load.port) + "/", error);
  if (error) return std::fprintf(stderr, "websocketpp: %s\n", error.message().c_str()), 1;
  client.connect(connection);
  client.run();
  if (!finished) return 1;
  meter.report();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto load = read_arguments(argc, argv);
  if (load.tls()) return run<websocketpp::config::asio_tls_client>(load);
  if (load.deflate()) return run<DeflateConfig>(load);
  return run<websocketpp::config::asio_client>(load);
}
