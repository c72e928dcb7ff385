# Sourced by the scripts that people run. What a build needs is installed through apt on Debian and Ubuntu; on another
# system, what is missing is listed. Nothing is done where nothing is missing.
#
#   setup_machine          compiler ($CXX), cmake, ninja and the libraries
#   setup_boost VERSION    another Boost from the package archive, unpacked below build/, never installed; sets boost_dir
#   setup_build DIR PRESET [cmake arguments]   configures if that has not been done with the same arguments, then builds
#                          what is in the array `targets` (default: everything); WERROR=1 makes warnings errors

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else
    die "root or sudo is needed for: $*"
  fi
}

have_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

apt_updated=
apt_update() {
  [ -n "$apt_updated" ] && return
  as_root apt-get update -q >/dev/null || die "apt-get update failed"
  apt_updated=1
}
apt_install() {
  say "installing: $*"
  apt_update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null ||
    die "apt-get install failed for: $*"
}

cxx=${CXX:-c++}

# The package that has a compiler: clang++-14 is in clang-14, c++ and g++ are in g++.
compiler_package() {
  case $(basename "$cxx") in
    clang++*) basename "$cxx" | sed 's/++//' ;;
    g++-*) basename "$cxx" ;;
    *) echo g++ ;;
  esac
}

missing_tools() {
  command -v "$cxx" >/dev/null || compiler_package
  command -v cmake >/dev/null || echo cmake
  command -v ninja >/dev/null || echo ninja-build
}

# One run of the preprocessor tells which headers are not there; the lines it prints are Debian's package names.
missing_libraries() {
  "$cxx" -std=c++17 -E -P -x c++ - <<'HEADERS' 2>/dev/null | sed '/^$/d' || true
#if !__has_include(<boost/version.hpp>)
libboost-dev
#endif
#if !__has_include(<openssl/ssl.h>)
libssl-dev
#endif
#if !__has_include(<zlib.h>)
zlib1g-dev
#endif
#if !__has_include(<zstd.h>)
libzstd-dev
#endif
#if !__has_include(<nlohmann/json.hpp>)
nlohmann-json3-dev
#endif
#if !__has_include(<simdjson.h>)
libsimdjson-dev
#endif
#if !__has_include(<gtest/gtest.h>)
libgtest-dev
#endif
#if !__has_include(<CLI/CLI.hpp>)
libcli11-dev
#endif
HEADERS
}

setup_machine() {
  local missing
  missing=$(missing_tools)
  if [ -n "$missing" ]; then
    # Without a compiler the libraries cannot be asked for: all of them then.
    command -v "$cxx" >/dev/null || missing="$missing libboost-dev libssl-dev zlib1g-dev libzstd-dev nlohmann-json3-dev libsimdjson-dev libgtest-dev libcli11-dev libc6-dev"
    have_apt || die_with_list $missing
    # shellcheck disable=SC2086
    apt_install $missing
  fi
  missing=$(missing_libraries)
  if [ -n "$missing" ]; then
    have_apt || die_with_list $missing
    # shellcheck disable=SC2086
    apt_install $missing
  fi
}

die_with_list() {
  say "This system has no apt. Please install, with its own package manager (the names are Debian's):"
  printf '  %s\n' "$@" >&2
  say "lavapp needs a C++20 compiler, CMake 3.22, Ninja, Boost 1.74, OpenSSL 3, zlib, zstd, nlohmann/json 3.10, simdjson 3.0,"
  say "GoogleTest for its tests and CLI11 for its examples, or newer ones."
  exit 1
}

# Sanitizers and libFuzzer of clang are a package of their own.
setup_clang_runtime() {
  case $(basename "$cxx") in clang++*) ;; *) return 0 ;; esac
  local version
  version=$("$cxx" -dumpversion | cut -d. -f1)
  compgen -G "/usr/lib/llvm-$version/lib/clang/*/lib/linux/libclang_rt.asan-*.a" >/dev/null && return
  have_apt && apt_install "libclang-rt-$version-dev"
}

setup_boost() {
  local version=$1 place="$top/build/boost-$1"
  if [ ! -d "$place/usr/include/boost" ]; then
    have_apt || die "BOOST=$version takes Boost from Debian's or Ubuntu's archive, and this system has no apt."
    apt_update
    apt-cache show "libboost$version-dev" >/dev/null 2>&1 ||
      die "This system's archive has no Boost $version; it has: $(apt-cache pkgnames libboost | sed -n 's/^libboost\([0-9.]*\)-dev$/\1/p' | sort -V | tr '\n' ' ')"
    say "unpacking Boost $version below build/"
    mkdir -p "$place"
    (cd "$place" && apt-get download -q "libboost$version-dev" >/dev/null 2>&1 && dpkg -x libboost"$version"-dev_*.deb . &&
      rm -f ./*.deb) || die "could not download Boost $version"
  fi
  boost_dir=$(find "$place/usr/lib" -type d -name "Boost-$version*" | head -n 1)
  [ -n "$boost_dir" ] || die "Boost $version has no CMake configuration in $place"
}

setup_build() {
  local dir=$1 preset=$2 arguments
  shift 2
  command -v ccache >/dev/null && set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
  [ -n "${WERROR:-}" ] && set -- -DLAVAPP_WARNINGS_AS_ERRORS=ON "$@"
  arguments="$preset $cxx $*"
  if [ ! -f "$dir/build.ninja" ] || [ "$(cat "$dir/setup-arguments" 2>/dev/null)" != "$arguments" ]; then
    cmake --preset "$preset" -S "$top" -B "$dir" -DCMAKE_CXX_COMPILER="$cxx" "$@" >&2 || die "configuring failed"
    printf '%s' "$arguments" >"$dir/setup-arguments"
  fi
  cmake --build "$dir" ${targets:+--target "${targets[@]}"} >&2 || die "building failed"
}
