#include "net/http_client.hpp"

#include <atomic>
#include <future>

#include "net/net_fixture.hpp"
#include "net/tls_context.hpp"
#include "support/test_certificates.hpp"

namespace lavapp::net {
namespace {

/// One connection of the scripted server: it remembers requests and answers when the test says so.
class ServerConnection final : public ByteStreamHandler, public std::enable_shared_from_this<ServerConnection> {
 public:
  explicit ServerConnection(std::shared_ptr<ByteStream> s) : stream(std::move(s)) {}
  void read() { stream->read_some(shared_from_this(), buffer_, sizeof(buffer_)); }
  void on_read(const std::error_code& error, std::size_t size) override {
    if (error) {
      ended = true;
      return;
    }
    std::string_view bytes(buffer_, size);
    while (!bytes.empty()) {
      const auto taken = parser_.feed(bytes).value();
      bytes.remove_prefix(taken);
      if (!parser_.done()) continue;
      requests.push_back(parser_.request());
      parser_ = HttpParser(HttpPart::request);
    }
    read();
  }
  void on_written(const std::error_code&) override { writing = false; }
  /// One write at a time.
  void send(std::string text) {
    EXPECT_FALSE(writing);
    writing = true;
    out_ = std::move(text);
    stream->write(shared_from_this(), out_);
  }
  void answer(std::string body, std::string more_headers = "") {
    send("HTTP/1.1 200 OK\r\n" + more_headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }

  std::shared_ptr<ByteStream> stream;
  std::vector<HttpRequest> requests;
  bool ended = false, writing = false;

 private:
  char buffer_[4096];
  HttpParser parser_{HttpPart::request};
  std::string out_;
};

class HttpClientTest : public NetTest {
 protected:
  using Outcome = Result<HttpResponse>;
  struct Call {
    std::vector<Outcome> ends;
    HttpClient::RequestId id = 0;
    const HttpResponse& response() const { return *ends.at(0); }
    const Error& error() const { return ends.at(0).error(); }
  };

  explicit HttpClientTest(test::Identity identity = {}) {
    listener =
        listen(
            strand, 0, [this](auto s) { accept(std::move(s)); }, identity.certificate_pem, identity.private_key_pem)
            .value();
  }
  ~HttpClientTest() override {
    client.reset();
    listener->close();
    for (const auto& connection : connections) connection->stream->close();
    poll();
  }
  void accept(std::shared_ptr<ByteStream> stream) {
    connections.push_back(std::make_shared<ServerConnection>(std::move(stream)));
    if (server_reads) connections.back()->read();
  }
  void start(std::size_t max_connections = 2, Endpoint endpoint = {"127.0.0.1", 0, false}, DialOptions options = {}) {
    if (endpoint.port == 0) endpoint.port = listener->port();
    client = std::make_unique<HttpClient>(strand, std::move(endpoint), std::move(options), max_connections);
  }
  std::shared_ptr<Call> send(std::string method, std::string target, HttpLane lane = HttpLane::shared,
                             std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    HttpClient::SendOptions options;
    options.lane = lane;
    options.limits.body = 1'000'000;
    return send(std::move(request), std::move(options));
  }
  std::shared_ptr<Call> send(HttpRequest request, HttpClient::SendOptions options = {}) {
    auto call = std::make_shared<Call>();
    call->id = client->send(std::move(request), std::move(options), [call](Outcome r) { call->ends.push_back(std::move(r)); });
    EXPECT_TRUE(call->ends.empty()) << "ended inside send()";
    return call;
  }
  bool ended(const std::shared_ptr<Call>& call) {
    return run_until([&] { return !call->ends.empty(); }) && call->ends.size() == 1;
  }
  /// Waits for the server's connection number `index` to have had `count` requests.
  ServerConnection& asked(std::size_t index, std::size_t count = 1) {
    EXPECT_TRUE(run_until([&] { return connections.size() > index && connections[index]->requests.size() >= count; }));
    return *connections.at(index);
  }
  /// One request has been answered on connection 0, which is idle now.
  void use_once() {
    const auto call = send("GET", "/first");
    asked(0).answer("first");
    ASSERT_TRUE(ended(call));
  }

  std::shared_ptr<Listener> listener;
  std::vector<std::shared_ptr<ServerConnection>> connections;
  bool server_reads = true;
  std::unique_ptr<HttpClient> client;
};

TEST_F(HttpClientTest, SendsARequestAndGetsItsResponse) {
  start();
  HttpRequest request;
  request.method = "PATCH";
  request.target = "/v4/sessions/x";
  request.headers = {{"Authorization", "pass word"}};
  request.body = "{}";
  const auto call = send(request);
  auto& server = asked(0);
  EXPECT_EQ(server.requests[0].method, "PATCH");
  EXPECT_EQ(server.requests[0].target, "/v4/sessions/x");
  EXPECT_EQ(server.requests[0].body, "{}");
  EXPECT_EQ(*find_header(server.requests[0].headers, "Authorization"), "pass word");
  EXPECT_EQ(*find_header(server.requests[0].headers, "Host"), "127.0.0.1:" + std::to_string(listener->port()));
  server.send("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX: y\r\n\r\nbody");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().status, 404);
  EXPECT_EQ(call->response().body, "body");
  EXPECT_EQ(*find_header(call->response().headers, "x"), "y");
}

TEST_F(HttpClientTest, KeepsTheConnectionForTheNextRequest) {
  start();
  use_once();
  const auto second = send("GET", "/second");
  asked(0, 2).answer("second");
  ASSERT_TRUE(ended(second));
  EXPECT_EQ(second->response().body, "second");
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(HttpClientTest, ReadsAChunkedBody) {
  start();
  const auto call = send("GET", "/");
  asked(0).send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body, "abcde");
}

TEST_F(HttpClientTest, ABodyUntilTheEndOfTheConnectionIsWhole) {
  start();
  const auto call = send("GET", "/");
  asked(0).send("HTTP/1.1 200 OK\r\n\r\nall of it");
  ASSERT_TRUE(run_until([&] { return !connections[0]->writing; }));
  connections[0]->stream->shutdown_send();
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body, "all of it");
}

TEST_F(HttpClientTest, HonoursConnectionClose) {
  start();
  const auto first = send("GET", "/1");
  asked(0).answer("1", "Connection: close\r\n");
  ASSERT_TRUE(ended(first));
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; })) << "the client closes too";
  const auto second = send("GET", "/2");
  asked(1).answer("2");
  ASSERT_TRUE(ended(second));
}

TEST_F(HttpClientTest, AnAnswerToHeadLeavesTheConnectionInOrder) {
  start();
  const auto head = send("HEAD", "/");
  asked(0).send("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  ASSERT_TRUE(ended(head));
  const auto next = send("DELETE", "/");
  asked(0, 2).send("HTTP/1.1 204 No Content\r\n\r\n");
  ASSERT_TRUE(ended(next));
  EXPECT_EQ(next->response().status, 204);
}

TEST_F(HttpClientTest, RequestsOverTheBoundWaitInOrder) {
  start(2);
  std::vector<std::shared_ptr<Call>> calls;
  for (int i = 0; i < 6; ++i) calls.push_back(send("GET", "/" + std::to_string(i)));
  asked(0);
  asked(1);
  poll();
  EXPECT_EQ(connections.size(), 2u);
  connections[0]->answer("a");
  EXPECT_EQ(asked(0, 2).requests[1].target, "/2");
  connections[1]->answer("b");
  EXPECT_EQ(asked(1, 2).requests[1].target, "/3");
  ASSERT_TRUE(run_until([&] { return !connections[0]->writing && !connections[1]->writing; }));
  connections[0]->answer("c");
  connections[1]->answer("d");
  asked(0, 3).answer("e");
  asked(1, 3).answer("f");
  for (const auto& call : calls) ASSERT_TRUE(ended(call));
  EXPECT_EQ(connections.size(), 2u);
}

TEST_F(HttpClientTest, TellsWhenARequestHasAConnection) {
  start(1);
  const auto get = [&](std::string target, int& started) {
    HttpRequest request;
    request.method = "GET";
    request.target = std::move(target);
    HttpClient::SendOptions options;
    options.started = [&started] { ++started; };
    return send(std::move(request), std::move(options));
  };
  int first = 0, second = 0;
  const auto one = get("/1", first), two = get("/2", second);
  EXPECT_EQ(first, 1) << "its connection is being opened";
  asked(0);
  EXPECT_EQ(second, 0);
  connections[0]->answer("1");
  ASSERT_TRUE(ended(one));
  EXPECT_EQ(second, 1);
  asked(0, 2).stream->close(true);  // sent again: told once
  asked(1).answer("2");
  ASSERT_TRUE(ended(two));
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 1);
}

TEST_F(HttpClientTest, TellsEachTimeThatARequestIsWrittenAndThenOthersMayBeCancelled) {
  start(1);
  const auto first = send("GET", "/1"), waits = send("GET", "/2");
  const auto hanging = send("PATCH", "/voice", HttpLane::own);
  HttpRequest request;
  request.method = "DELETE";
  request.target = "/3";
  HttpClient::SendOptions options;
  int written = 0;
  options.written = [&] {
    if (++written == 1) client->cancel(hanging->id);
  };
  const auto call = send(std::move(request), std::move(options));
  const auto behind = send("GET", "/4");
  asked(0);
  asked(1);
  EXPECT_EQ(written, 0) << "it waits for a connection";
  const auto first_of = connections[0]->requests[0].target == "/1" ? 0u : 1u;
  connections[first_of]->answer("1");
  ASSERT_TRUE(ended(first));
  EXPECT_EQ(written, 0) << "another is before it";
  asked(first_of, 2).answer("2");
  ASSERT_TRUE(ended(waits));
  EXPECT_EQ(written, 1);
  ASSERT_TRUE(ended(hanging));
  EXPECT_TRUE(hanging->error() == Errc::cancelled);
  asked(first_of, 3).stream->close(true);  // sent again
  asked(2).answer("3");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(written, 2);
  asked(2, 2).answer("4");
  ASSERT_TRUE(ended(behind));
}

TEST_F(HttpClientTest, WhatIsNotToBeSentAgainByTheClientIsNot) {
  start();
  use_once();
  HttpRequest request;
  request.method = "DELETE";
  request.target = "/";
  HttpClient::SendOptions options;
  bool may = true;
  options.may_go_again = [&may] { return may; };
  const auto call = send(std::move(request), std::move(options));
  asked(0, 2);
  may = false;
  connections[0]->stream->close(true);
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::connection_lost);
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(HttpClientTest, ARequestOnItsOwnLaneDoesNotHoldUpOthers) {
  start(1);
  const auto hanging = send("PATCH", "/voice", HttpLane::own);
  const auto other_hanging = send("PATCH", "/voice", HttpLane::own);
  asked(0);
  asked(1);
  const auto call = send("GET", "/");
  asked(2).answer("here");
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(hanging->ends.empty());
  connections[0]->answer("at last");
  ASSERT_TRUE(ended(hanging));
}

TEST_F(HttpClientTest, AConnectionClosedWhileIdleIsNotUsedAgain) {
  start();
  use_once();
  connections[0]->stream->close();
  poll();
  const auto call = send("PATCH", "/");
  asked(1).answer("again");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body, "again");
}

TEST_F(HttpClientTest, BytesThatNobodyAskedForEndTheConnection) {
  start();
  use_once();
  connections[0]->send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
  const auto call = send("GET", "/");
  asked(1).answer("right");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body, "right");
}

TEST_F(HttpClientTest, AGetThatMeetsAClosedKeptConnectionIsSentAgain) {
  start();
  use_once();
  const auto call = send("GET", "/again");
  asked(0, 2).stream->close(true);
  EXPECT_EQ(asked(1).requests[0].target, "/again");
  connections[1]->answer("done");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body, "done");
}

TEST_F(HttpClientTest, APatchThatMayHaveBeenDoneIsNotSentAgain) {
  start();
  use_once();
  const auto call = send("PATCH", "/again");
  asked(0, 2).stream->close();
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::connection_lost);
  poll();
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(HttpClientTest, AFreshConnectionThatIsCutIsNotTriedAgain) {
  start();
  const auto call = send("GET", "/");
  asked(0).stream->close();
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::connection_lost);
  EXPECT_EQ(connections.size(), 1u);
}

TEST_F(HttpClientTest, IdleConnectionsAreClosedBeforeTheServerDoesIt) {
  start();
  use_once();
  clock->advance(49s);
  poll();
  EXPECT_FALSE(connections[0]->ended);
  clock->advance(1s);
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(HttpClientTest, AWaitingRequestCanBeCancelled) {
  start(1);
  const auto first = send("GET", "/1"), second = send("GET", "/2"), third = send("GET", "/3");
  asked(0);
  client->cancel(second->id);
  EXPECT_TRUE(second->ends.empty()) << "never inside the call";
  ASSERT_TRUE(ended(second));
  EXPECT_TRUE(second->error() == Errc::cancelled);
  connections[0]->answer("1");
  EXPECT_EQ(asked(0, 2).requests[1].target, "/3");
  client->cancel(second->id);
  client->cancel(12345);
  poll();
  EXPECT_EQ(second->ends.size(), 1u);
}

TEST_F(HttpClientTest, CancellingARequestUnderWayClosesItsConnectionAndLetsTheNextGo) {
  start(1);
  const auto first = send("GET", "/never"), second = send("GET", "/2");
  asked(0);
  client->cancel(first->id);
  ASSERT_TRUE(ended(first));
  EXPECT_TRUE(first->error() == Errc::cancelled);
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
  asked(1).answer("2");
  ASSERT_TRUE(ended(second));
}

TEST_F(HttpClientTest, ARequestIsCancelledWhileItsConnectionIsBeingOpened) {
  DialOptions options;
  const auto resolver = std::make_shared<FakeResolver>();
  options.resolver = resolver;
  start(1, {"name", 0, false}, options);
  const auto call = send("GET", "/");
  poll();
  ASSERT_EQ(resolver->waiting.size(), 1u);
  client->cancel(call->id);
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::cancelled);
  poll();
  resolver->waiting[0](Resolver::Addresses{"127.0.0.1"});
  poll();
  EXPECT_TRUE(connections.empty());
}

TEST_F(HttpClientTest, WhatDiallingFailsWithIsTheError) {
  const auto port = listener->port();
  listener->close();
  poll();
  start(1, {"127.0.0.1", port, false});
  const auto first = send("GET", "/"), second = send("GET", "/");
  ASSERT_TRUE(ended(first));
  ASSERT_TRUE(ended(second));
  EXPECT_TRUE(second->error() == Errc::connect_failed);
}

TEST_F(HttpClientTest, ATruncatedBodyIsConnectionLost) {
  start();
  use_once();
  for (const std::string head : {"Content-Length: 10\r\n", "Transfer-Encoding: chunked\r\n"}) {
    const auto call = send("GET", "/");
    const auto last = connections.size() == 1 && connections[0]->requests.size() == 1 ? 0u : 1u;
    auto& server = asked(last, last == 0 ? 2 : 1);
    server.send("HTTP/1.1 200 OK\r\n" + head + "\r\n5\r\nab");
    ASSERT_TRUE(run_until([&] { return !server.writing; }));
    server.stream->close();
    ASSERT_TRUE(ended(call));
    EXPECT_TRUE(call->error() == Errc::connection_lost) << call->error().what();
  }
}

TEST_F(HttpClientTest, AServerThatSpeaksNoHttpIsBadResponse) {
  start();
  const auto call = send("GET", "/");
  asked(0).send("SSH-2.0-OpenSSH_9.2p1 Debian\r\n");
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::bad_response) << call->error().what();
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
}

TEST_F(HttpClientTest, ASwitchOfProtocolsIsBadResponse) {
  start();
  const auto call = send("GET", "/");
  asked(0).send("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::bad_response);
}

TEST_F(HttpClientTest, ABodyOverTheLimitIsMessageTooBig) {
  start();
  const auto call = send("GET", "/");
  asked(0).send("HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n");
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::message_too_big);
}

TEST_F(HttpClientTest, AResponseThatComesBeforeTheRequestIsOutIsTakenAndTheConnectionClosed) {
  server_reads = false;
  start();
  const auto call = send("POST", "/", HttpLane::shared, std::string(14'000'000, 'x'));
  ASSERT_TRUE(run_until([&] { return !connections.empty(); }));
  connections[0]->send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().status, 413);
  connections[0]->read();
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
}

TEST_F(HttpClientTest, WhatWouldBreakTheHeadIsRefusedAndNoValueTold) {
  start();
  HttpRequest method, target, name, value;
  method.method = "GET /";
  target.target = "/a b";
  name.headers = {{"A\r\nB", "secret"}};
  value.headers = {{"Authorization", "secret\r\nX: y"}};
  for (const auto& [request, code] :
       {std::pair(method, Errc::invalid_argument), std::pair(target, Errc::invalid_argument),
        std::pair(name, Errc::invalid_header), std::pair(value, Errc::invalid_header)}) {
    const auto call = send(request);
    ASSERT_TRUE(ended(call));
    EXPECT_TRUE(call->error() == code);
    EXPECT_EQ(call->error().what().find("secret"), std::string::npos);
  }
  EXPECT_TRUE(connections.empty());
}

TEST_F(HttpClientTest, CloseEndsAllWithClosed) {
  start(1);
  const auto under_way = send("GET", "/1"), waiting = send("GET", "/2"), own = send("PATCH", "/3", HttpLane::own);
  asked(0);
  client->close();
  EXPECT_TRUE(under_way->ends.empty());
  const auto late = send("GET", "/4");
  for (const auto& call : {under_way, waiting, own, late}) {
    ASSERT_TRUE(ended(call));
    EXPECT_TRUE(call->error() == Errc::closed);
  }
  ASSERT_TRUE(run_until([&] { return connections[0]->ended; }));
  EXPECT_EQ(clock->pending(), 0u);
}

TEST_F(HttpClientTest, MayBeDestroyedInsideACompletion) {
  start(1);
  bool done = false;
  client->send({}, [&](Outcome) {
    client.reset();
    done = true;
  });
  const auto other = send("GET", "/");
  asked(0).answer("x");
  ASSERT_TRUE(run_until([&] { return done; }));
  ASSERT_TRUE(ended(other));
  EXPECT_TRUE(other->error() == Errc::closed);
}

class HttpClientOverTlsTest : public HttpClientTest {
 protected:
  HttpClientOverTlsTest() : HttpClientTest(authority().issue()) {}
  static const test::CertificateAuthority& authority() {
    static const test::CertificateAuthority one;
    return one;
  }
};

TEST_F(HttpClientOverTlsTest, KeepsItsConnectionToo) {
  DialOptions options;
  options.tls.ca_pem = authority().pem();
  start(1, {"localhost", 0, true}, options);
  use_once();
  const auto call = send("GET", "/");
  asked(0, 2).answer(std::string(300'000, 'x'));
  ASSERT_TRUE(ended(call));
  EXPECT_EQ(call->response().body.size(), 300'000u);
}

TEST_F(HttpClientOverTlsTest, ARejectedCertificateIsTheError) {
  start(1, {"localhost", 0, true});
  const auto call = send("GET", "/");
  ASSERT_TRUE(ended(call));
  EXPECT_TRUE(call->error() == Errc::certificate_rejected);
}

/// Answers each request at once, on its own.
class Answering final : public ByteStreamHandler, public std::enable_shared_from_this<Answering> {
 public:
  explicit Answering(std::shared_ptr<ByteStream> s) : stream_(std::move(s)) {}
  void read() { stream_->read_some(shared_from_this(), buffer_, sizeof(buffer_)); }
  void on_read(const std::error_code& error, std::size_t size) override {
    if (error) return;
    if (parser_.feed({buffer_, size}).value() < size || !parser_.done()) return read();
    parser_ = HttpParser(HttpPart::request);
    out_ = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    stream_->write(shared_from_this(), out_);
  }
  void on_written(const std::error_code& error) override {
    if (!error) read();
  }

 private:
  std::shared_ptr<ByteStream> stream_;
  char buffer_[4096];
  HttpParser parser_{HttpPart::request};
  std::string out_;
};

TEST(HttpClientThreads, ClientsOfManyStrandsShareARuntimeOfManyThreads) {
  RuntimeOptions options;
  options.threads = 4;
  Runtime runtime(options);
  const test::CertificateAuthority authority;
  const auto identity = authority.issue();
  const detail::Strand server_strand(runtime.impl());
  const auto listener =
      listen(
          server_strand, 0, [](auto stream) { std::make_shared<Answering>(std::move(stream))->read(); },
          identity.certificate_pem, identity.private_key_pem)
          .value();
  DialOptions dial_options;
  dial_options.tls.ca_pem = authority.pem();

  constexpr int kClients = 6, kRequests = 20;
  std::atomic<int> good{0}, ended{0};
  std::promise<void> all;
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < kClients; ++i) {
    const detail::Strand strand(runtime.impl());
    clients.push_back(
        std::make_unique<HttpClient>(strand, Endpoint{"localhost", listener->port(), true}, dial_options, 2));
    strand.post([&, client = clients.back().get()] {
      for (int k = 0; k < kRequests; ++k) {
        client->send({}, [&](Result<HttpResponse> response) {
          if (response && response->body == "ok") ++good;
          if (++ended == kClients * kRequests) all.set_value();
        });
      }
    });
  }
  ASSERT_EQ(all.get_future().wait_for(10s), std::future_status::ready);
  EXPECT_EQ(good, kClients * kRequests);
  clients.clear();
  listener->close();
}

}  // namespace
}  // namespace lavapp::net
