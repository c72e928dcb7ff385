#include "gateway_fuzz.hpp"

#include <cstdlib>
#include <iterator>
#include <nlohmann/json.hpp>

#include "discord/decompressor.hpp"
#include "discord/etf.hpp"
#include "discord/event_reader.hpp"
#include "discord/payload.hpp"

namespace lavapp::test {
namespace {

using namespace discord;

void require(bool good) {
  if (!good) std::abort();
}
void require_named(const Error& error) { require(error == Errc::bad_payload && !error.message.empty()); }

bool within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

constexpr std::size_t kLimit = 256 * 1024;

struct Decompressed {
  bool good = true, whole = false;
  std::string text;
};

Decompressed decompress(Compression compression, std::string_view bytes, std::size_t cut) {
  const auto decompressor = make_decompressor(compression, kLimit);
  Decompressed result;
  for (const auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    if (piece.empty()) continue;
    Scratch out;
    const auto whole = decompressor->feed(piece, *out);
    if (!whole) {
      require_named(whole.error());
      result.good = false;
      return result;
    }
    require(out->size() <= kLimit);
    result.whole = *whole;
    if (*whole) result.text.append(out->data(), out->size());
  }
  return result;
}

/// Whether `d`, with what it needs behind it, was read.
using ReadEvent = bool (*)(std::string_view d);

template <class Event>
bool read_as(std::string_view d) {
  const auto event = read_event<Event>(d);
  if (!event)
    require_named(event.error());
  else
    require(event->raw().data() == d.data() && event->raw().size() == d.size());
  return event.has_value();
}
template <class T, Result<T> (*Read)(std::string_view)>
bool read_with(std::string_view d) {
  const auto result = Read(d);
  if (!result) require_named(result.error());
  return result.has_value();
}

/// What is read within a payload is what its `d` gives.
template <class... Event>
void require_the_same_within(std::string_view payload, std::string_view d) {
  const auto check = [&](const auto& within, const auto& alone) {
    if (!within) return require_named(within.error());
    require(alone.has_value() && within->raw() == d);
  };
  (check(read_event_in<Event>(payload), read_event<Event>(d)), ...);
}

constexpr ReadEvent event_readers[] = {
    read_with<std::chrono::milliseconds, read_hello>,
    read_with<Snowflake, read_id>,
    read_as<GatewayReady>,
    read_as<VoiceStateUpdate>,
    read_as<VoiceServerUpdate>,
    read_as<VoiceChannelStatusUpdate>,
    read_as<GuildCreate>,
    read_as<GuildDelete>,
    read_as<MessageCreate>,
    read_as<InteractionCreate>,
};

bool read_padded(ReadEvent read, std::string_view text) {
  Scratch bytes;
  bytes->append(text.data(), text.size());
  return read({bytes->data(), bytes->size()});
}

}  // namespace

bool fuzz_etf(std::string_view term) {
  const auto envelope = etf::scan(term);
  if (envelope)
    require(envelope->op >= 0 && within(envelope->t, term) && within(envelope->d, term));
  else
    require_named(envelope.error());
  const auto text = etf::to_json(term, {kLimit, 64});
  if (!text) {
    require_named(text.error());
    return false;
  }
  require(nlohmann::json::accept(*text));
  return true;
}

bool fuzz_event(std::string_view input) {
  if (input.empty()) return false;
  const auto read = event_readers[static_cast<unsigned char>(input[0]) % std::size(event_readers)];
  const auto text = input.substr(1);
  if (!read_padded(read, text)) return false;
  // What another library makes of it, and writes anew, must be readable too.
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_discarded()) require(read_padded(read, json.dump()));
  return true;
}

bool fuzz_payload(std::string_view text) {
  Scratch bytes;
  bytes->append(text.data(), text.size());
  PayloadReader reader;
  const std::string_view whole(bytes->data(), bytes->size());
  auto payload = reader.read(whole, Encoding::json);
  if (!payload) {
    require_named(payload.error());
    return false;
  }
  if (!payload->unread.empty()) {
    require(payload->op == Op::dispatch && payload->s && !payload->t.empty() && payload->d.empty() && payload->unread == whole);
    const auto d = find_d(whole);
    if (!d) {
      require_named(d.error());
      return false;
    }
    payload->d = *d;
    if (!d->empty()) {
      require_the_same_within<GatewayReady, VoiceStateUpdate, VoiceServerUpdate, VoiceChannelStatusUpdate, GuildCreate, GuildDelete,
                              MessageCreate, InteractionCreate>(whole, *d);
    }
  }
  require(within(payload->d, whole));
  // As data of any event it must be read or refused, where it lies.
  for (const auto read : event_readers) read(payload->d);
  return true;
}

bool fuzz_decompressor(std::string_view input) {
  if (input.size() < 2) return false;
  const auto compression = static_cast<Compression>(1 + static_cast<unsigned char>(input[0]) % 3);
  const auto bytes = input.substr(2);
  const std::size_t cut = bytes.empty() ? 0 : static_cast<unsigned char>(input[1]) % bytes.size();
  const auto at_once = decompress(compression, bytes, 0);
  if (compression == Compression::zlib_stream) {
    const auto in_two = decompress(compression, bytes, cut);
    if (at_once.good && in_two.good) require(at_once.whole == in_two.whole && (!at_once.whole || at_once.text == in_two.text));
  }
  return at_once.good && at_once.whole;
}

}  // namespace lavapp::test
