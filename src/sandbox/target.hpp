// Target: the path and query of a request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lavapp::sandbox {

class Target {
 public:
  /// Nothing if a percent sign is not followed by two hexadecimal digits.
  static std::optional<Target> parse(std::string_view target);

  const std::string& path() const { return path_; }  ///< as it came
  /// The parts between slashes, decoded: "/v4/info" has "", "v4" and "info".
  const std::vector<std::string>& parts() const { return parts_; }
  /// The value of a parameter; one given twice is joined with commas, as Spring does for text.
  std::optional<std::string> parameter(std::string_view name) const;

 private:
  std::string path_;
  std::vector<std::string> parts_;
  std::vector<std::pair<std::string, std::string>> query_;
};

}  // namespace lavapp::sandbox
