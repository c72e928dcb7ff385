// The routeplanner: off unless asked for, and then without addresses that ever fail.
#include "sandbox/rest_error.hpp"
#include "sandbox/route_table.hpp"

namespace lavapp::sandbox {
namespace {

void need_routeplanner(const RouteCall& call) {
  if (call.node.options().routeplanner != Routeplanner::off) return;
  throw RestError{500, "Can't access disabled route planner",
                  "lavalink.server.io.RoutePlannerRestHandler$RoutePlannerDisabledException", {}};
}

Reply status(const char* name, const char* type, const char* size, std::initializer_list<std::pair<const char*, const char*>> more) {
  Json details{{"ipBlock", Json{{"type", type}, {"size", size}}}, {"failingAddresses", Json::array()}};
  for (const auto& [key, value] : more) details[key] = value;
  return Reply::json(Json{{"class", name}, {"details", std::move(details)}});
}

}  // namespace

Reply routeplanner_status(RouteCall& call) {
  switch (call.node.options().routeplanner) {
    case Routeplanner::off: return Reply::no_content();
    case Routeplanner::balancing_ip: return status("BalancingIpRoutePlanner", "Inet4Address", "256", {});
    case Routeplanner::nano_ip:
      return status("NanoIpRoutePlanner", "Inet6Address", "18446744073709551616", {{"currentAddressIndex", "1887866098"}});
    case Routeplanner::rotating_nano_ip:
      return status("RotatingNanoIpRoutePlanner", "Inet6Address", "1208925819614629174706176",
                    {{"blockIndex", "0"}, {"currentAddressIndex", "999363243"}});
    case Routeplanner::rotating_ip: break;
  }
  if (!call.node.has_loaded) {
    // Lavalink's own mistake: there is no address before the first use.
    throw RestError::internal(
        "java.lang.NullPointerException",
        "Cannot invoke \"java.net.InetAddress.toString()\" because the return value of "
        "\"com.sedmelluq.lava.extensions.youtuberotator.planner.RotatingIpRoutePlanner.getCurrentAddress()\" is null");
  }
  return status("RotatingIpRoutePlanner", "Inet4Address", "256",
                {{"rotateIndex", "1"}, {"ipIndex", "7"}, {"currentAddress", "/192.0.2.7"}});
}

Reply routeplanner_free(RouteCall& call) {
  const auto body = json_body(call);
  if (!body.is_object() || !body.contains("address") || !body["address"].is_string()) throw RestError::undecodable();
  need_routeplanner(call);
  const auto address = body["address"].get<std::string>();
  // An empty name means this machine to Java.
  if (address.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos) {
    throw RestError::bad_request("Invalid address: " + address + ": Name or service not known");
  }
  return Reply::no_content();
}

Reply routeplanner_free_all(RouteCall& call) {
  need_routeplanner(call);
  return Reply::no_content();
}

}  // namespace lavapp::sandbox
