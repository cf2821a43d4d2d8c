#include "hinterland/serve/shell.hpp"

#include <sys/stat.h>

#include <boost/asio.hpp>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <optional>
#include <utility>

#include "hinterland/serve/connection.ipp"

namespace hinterland {

namespace {

using Tcp = asio::ip::tcp;

constexpr std::int64_t kAcceptAgain = 100;  // ms: no descriptor is free
constexpr std::int64_t kBeat = 15'000;      // ms

class AsioLoop final : public Loop {
 public:
  void post(std::function<void()> work) override { asio::post(context, std::move(work)); }
  void after(std::int64_t ms, std::function<void()> work) override {
    auto timer = std::make_shared<asio::steady_timer>(context, std::chrono::milliseconds(ms));
    timer->async_wait([timer, work = std::move(work)](const Trouble& trouble) {
      if (!trouble) work();
    });
  }
  void when_readable(int file, std::function<void()> work) override {
    auto watched = std::make_shared<asio::posix::stream_descriptor>(context, ::dup(file));
    watch(watched, std::make_shared<std::function<void()>>(std::move(work)));
  }
  void stop() override { context.stop(); }

  asio::io_context context{1};

 private:
  static void watch(const std::shared_ptr<asio::posix::stream_descriptor>& file,
                    const std::shared_ptr<std::function<void()>>& work) {
    file->async_wait(asio::posix::stream_descriptor::wait_read, [file, work](const Trouble& trouble) {
      if (trouble) return;
      (*work)();
      watch(file, work);
    });
  }
};

std::unexpected<Errors> cannot(const std::string& where, std::string what, std::string mend, bool outside) {
  return failure(
      {.what = std::move(what), .where = {.file = where}, .mend = std::move(mend), .outside = outside});
}

// The files as they are now.
Expected<std::shared_ptr<asio::ssl::context>> load(const TlsFiles& tls) {
  auto fresh = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  fresh->set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1 |
                     asio::ssl::context::default_workarounds);
  Trouble trouble;
  trouble = fresh->use_certificate_chain_file(tls.certificate, trouble);
  if (trouble)
    return cannot(tls.certificate, "It is no certificate: " + trouble.message() + ".", "Give a PEM file.",
                  false);
  trouble = fresh->use_private_key_file(tls.key, asio::ssl::context::pem, trouble);
  if (trouble)
    return cannot(tls.key, "It is not the certificate's key: " + trouble.message() + ".", "Give a PEM file.",
                  false);
  return fresh;
}

}  // namespace

bool NetworkAddress::is_loopback() const {
  Trouble trouble;
  const auto address = asio::ip::make_address(host, trouble);
  return !trouble && address.is_loopback();
}

Expected<NetworkAddress> NetworkAddress::parse(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  NetworkAddress address;
  bool good = colon != std::string::npos;
  if (good) {
    address.host = text.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']'))
      address.host = address.host.substr(1, address.host.size() - 2);
    if (address.host == "localhost") address.host = "127.0.0.1";
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
    Trouble trouble;
    asio::ip::make_address(address.host, trouble);
    good = read.ec == std::errc{} && read.ptr == end && !trouble;
  }
  if (!good)
    return cannot("--listen", "It is no address and port.",
                  "Write 127.0.0.1:8443, [::1]:8443, or 0.0.0.0:8443 for all of this machine's.", false);
  return address;
}

struct Shell::Body {
  Connections connections;  // outlives what the loop still holds
  AsioLoop loop;
  std::optional<asio::signal_set> signals;
  std::optional<Local::acceptor> local;
  std::optional<Tcp::acceptor> network;
  TlsFiles tls;
  std::shared_ptr<asio::ssl::context> tls_context;
  std::string tls_seen;  // when its files were changed
  std::function<void(const Errors&)> say;
  std::string socket;

  // Those of the files as they are now; the last that were good, if they are not.
  Expected<void> read_tls() {
    std::string seen;
    for (const std::string& file : {tls.certificate, tls.key}) {
      struct stat about{};
      if (::stat(file.c_str(), &about) != 0)
        return cannot(file, "There is no such file, or it cannot be read.", "", false);
      seen += std::to_string(about.st_mtim.tv_sec) + " " + std::to_string(about.st_mtim.tv_nsec) + " ";
    }
    if (seen == tls_seen) return {};
    tls_seen = seen;
    auto fresh = load(tls);
    if (!fresh) return std::unexpected(std::move(fresh.error()));
    tls_context = std::move(*fresh);
    return {};
  }

  void begin(Local::socket one, Api& api) {
    ucred user{};
    socklen_t size = sizeof user;
    const bool known = getsockopt(one.native_handle(), SOL_SOCKET, SO_PEERCRED, &user, &size) == 0;
    const Peer peer{.from_socket = true, .uid = known ? user.uid : kNobody, .address = ""};
    spawn(std::make_shared<Connection<Plain>>(Plain(std::move(one)), api, connections, peer));
  }
  void begin(Tcp::socket one, Api& api) {
    Trouble trouble;
    const auto remote = one.remote_endpoint(trouble);
    if (trouble) return;
    trouble = one.set_option(Tcp::no_delay(true), trouble);
    const Peer peer{.from_socket = false, .uid = 0, .address = remote.address().to_string()};
    if (tls.certificate.empty())
      return spawn(std::make_shared<Connection<Plain>>(Plain(std::move(one)), api, connections, peer));
    if (const auto fresh = read_tls(); !fresh) say(fresh.error());
    spawn(std::make_shared<Connection<Tls>>(Tls(Plain(std::move(one)), *tls_context), api, connections, peer,
                                            tls_context));
  }
  template <class Stream>
  void spawn(const std::shared_ptr<Connection<Stream>>& connection) {
    asio::co_spawn(loop.context, connection->serve(), [connection](const std::exception_ptr&) {});
  }

  template <class Acceptor>
  void accept(Acceptor& acceptor, Api& api) {
    acceptor.async_accept([this, &acceptor, &api](const Trouble& trouble, auto one) {
      connections.make_room();
      if (trouble) return loop.after(kAcceptAgain, [this, &acceptor, &api] { accept(acceptor, api); });
      begin(std::move(one), api);
      accept(acceptor, api);
    });
  }
  void beat(Api& api) {
    loop.after(kBeat, [this, &api] {
      api.beat();
      beat(api);
    });
  }
};

Shell::Shell() : body_(std::make_unique<Body>()) {}
Shell::~Shell() {
  if (body_->socket.empty()) return;
  std::error_code ignored;
  std::filesystem::remove(body_->socket, ignored);
}
Loop& Shell::loop() { return body_->loop; }

Expected<void> Shell::listen(const std::string& socket) {
  if (socket.size() >= sizeof(sockaddr_un::sun_path))
    return cannot(socket, "The name is too long for a socket.", "Name a shorter one with --socket.", false);
  std::error_code ignored;
  if (std::filesystem::exists(socket, ignored)) {
    if (!std::filesystem::is_socket(socket, ignored))
      return cannot(socket, "It is there, and no socket.", "Name another with --socket.", false);
    Local::socket other(body_->loop.context);
    Trouble trouble;
    if (other.connect(Local::endpoint(socket), trouble) != asio::error::connection_refused)
      return cannot(socket, "Another broker listens there.",
                    "Stop that one, or name another socket with --socket.", false);
    std::filesystem::remove(socket, ignored);
  }
  const mode_t before = ::umask(0077);
  Trouble trouble;
  body_->local.emplace(body_->loop.context);
  trouble = body_->local->open(Local(), trouble);
  if (!trouble) trouble = body_->local->bind(Local::endpoint(socket), trouble);
  if (!trouble) trouble = body_->local->listen(asio::socket_base::max_listen_connections, trouble);
  ::umask(before);
  if (trouble) return cannot(socket, trouble.message() + ".", "", true);
  body_->socket = socket;
  return {};
}

Expected<void> TlsFiles::check() const {
  const auto context = load(*this);
  if (!context) return std::unexpected(context.error());
  const X509* const shown = SSL_CTX_get0_certificate((*context)->native_handle());
  if (shown == nullptr || X509_cmp_current_time(X509_get0_notAfter(shown)) > 0) return {};
  return cannot(certificate, "The certificate has ended.", "Renew it.", false);
}

Expected<std::uint16_t> Shell::listen(const NetworkAddress& address, const TlsFiles& tls,
                                      std::function<void(const Errors&)> say) {
  body_->say = std::move(say);
  body_->tls = tls;
  if (!tls.certificate.empty()) {
    if (auto read = body_->read_tls(); !read) return std::unexpected(std::move(read.error()));
  }
  const Tcp::endpoint place(asio::ip::make_address(address.host), address.port);
  Trouble trouble;
  body_->network.emplace(body_->loop.context);
  trouble = body_->network->open(place.protocol(), trouble);
  if (!trouble) trouble = body_->network->set_option(asio::socket_base::reuse_address(true), trouble);
  if (!trouble) trouble = body_->network->bind(place, trouble);
  if (!trouble) trouble = body_->network->listen(asio::socket_base::max_listen_connections, trouble);
  if (trouble)
    return cannot("--listen", "Nobody can listen there: " + trouble.message() + ".",
                  "Name another address or port.", true);
  return body_->network->local_endpoint(trouble).port();
}

bool Shell::wait(std::int64_t every_ms, const std::function<bool()>& there) {
  asio::io_context context{1};
  asio::signal_set signals(context, SIGINT, SIGTERM);
  bool stopped = false;
  signals.async_wait([&](const Trouble& trouble, int) {
    stopped = !trouble;
    context.stop();
  });
  asio::steady_timer timer(context);
  const std::function<void(const Trouble&)> look = [&](const Trouble& trouble) {
    if (trouble || there()) return context.stop();
    timer.expires_after(std::chrono::milliseconds(every_ms));
    timer.async_wait(look);
  };
  asio::post(context, [&] { look({}); });
  context.run();
  return !stopped;
}

void Shell::run(Api& api) {
  body_->signals.emplace(body_->loop.context, SIGINT, SIGTERM);  // until now they interrupt what is read
  body_->signals->async_wait([this](const Trouble& trouble, int) {
    if (!trouble) body_->loop.stop();
  });
  if (body_->local) body_->accept(*body_->local, api);
  if (body_->network) body_->accept(*body_->network, api);
  body_->beat(api);
  body_->loop.context.run();
}

}  // namespace hinterland
