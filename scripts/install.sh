#!/bin/sh
# Installs gs-telemetry: picks the binary for this machine, checks its checksum, puts it into a folder.
#
#     sh install.sh [--dir DIR] [--version VERSION] [--toolchain bun|deno]
#
# GS_TELEMETRY_RELEASES names another place for the releases than the project's own.
set -eu

releases=${GS_TELEMETRY_RELEASES:-https://github.com/giantswarm/gs-telemetry/releases}
dir=${HOME:+$HOME/.local/bin}
version=
toolchain=bun
work=

fail() {
  echo "install: $1" >&2
  exit 1
}

clean_up() {
  [ -z "$work" ] || rm -rf "$work"
}

has() {
  command -v "$1" >/dev/null 2>&1
}

parse_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --dir | --version | --toolchain) [ $# -gt 1 ] || fail "$1 needs a value" ;;
      *) fail "unknown option '$1'; there are --dir, --version and --toolchain" ;;
    esac
    case $1 in
      --dir) dir=$2 ;;
      --version) version=${2#v} ;;
      --toolchain) toolchain=$2 ;;
    esac
    shift 2
  done
  [ -n "$dir" ] || fail "--dir is needed where HOME is not set"
  case $toolchain in bun | deno) ;; *) fail "--toolchain is '$toolchain' but should be bun or deno" ;; esac
}

# The platform as the files are named: operating system, architecture, C library.
platform() {
  case $(uname -s) in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) fail "there is no binary for $(uname -s); see $releases" ;;
  esac
  case $(uname -m) in
    x86_64 | amd64) architecture=x64 ;;
    aarch64 | arm64) architecture=arm64 ;;
    *) fail "there is no binary for $(uname -m); see $releases" ;;
  esac
  [ "$os" = linux ] || { echo "$os-$architecture"; return; }
  if is_musl; then echo "$os-$architecture-musl"; return; fi
  echo "$os-$architecture-gnu$(variant "$architecture")"
}

is_musl() {
  # Alpine Linux may have the loader of glibc too, for what its gcompat can run.
  [ ! -e /etc/alpine-release ] || return 0
  for loader in /lib/ld-musl-*; do
    # Other systems may have musl beside their own C library.
    [ -e "$loader" ] && [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ] && return 0
  done
  return 1
}

# Bun's ordinary x64 binary needs AVX2.
variant() {
  [ "$1" = x64 ] && [ "$toolchain" = bun ] && [ -r /proc/cpuinfo ] || return 0
  grep -q avx2 /proc/cpuinfo || echo "-baseline"
}

download() {
  if has curl; then
    curl --fail --silent --show-error --location --output "$2" "$1"
  elif has wget; then
    # By itself it would try for minutes, without a word.
    wget -q -t 3 -O "$2" "$1"
  else
    fail "curl or wget is needed"
  fi || fail "cannot download $1"
}

checksum() {
  if has sha256sum; then
    sum=$(sha256sum "$1")
  elif has shasum; then
    sum=$(shasum -a 256 "$1")
  elif has openssl; then
    sum=$(openssl dgst -sha256 -r "$1")
  else
    fail "sha256sum, shasum or openssl is needed"
  fi
  echo "${sum%% *}"
}

tell_path() {
  case :$PATH: in
    *:"$dir":*) ;;
    *) echo "$dir is not on PATH; add it: export PATH=\"$dir:\$PATH\"" ;;
  esac
}

main() {
  parse_arguments "$@"
  name=$toolchain-$(platform)
  from=$releases/${version:+download/v$version}
  [ -n "$version" ] || from=$releases/latest/download
  mkdir -p "$dir" || fail "cannot make $dir"
  dir=$(CDPATH='' cd "$dir" && pwd)
  [ ! -d "$dir/gs-telemetry" ] || fail "$dir/gs-telemetry is a folder; choose another one with --dir"
  work=$(mktemp -d "$dir/.gs-telemetry.XXXXXX") || fail "cannot write to $dir"
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  line=$(grep -e "-$name\$" "$work/SHA256SUMS") || fail "the release has no binary for $name"
  file=${line##* }
  download "$from/$file" "$work/binary"
  sum=$(checksum "$work/binary")
  [ "$sum" = "${line%% *}" ] || fail "the checksum of $file is wrong; nothing was installed"
  chmod 755 "$work/binary"
  mv -f "$work/binary" "$dir/gs-telemetry"
  echo "installed $file as $dir/gs-telemetry"
  tell_path
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
# Everything is in functions, so that a cut-off script does nothing.
main "$@"
