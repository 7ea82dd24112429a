# Shared by app/run and tests/run: what both do before they part ways. Sourced, not run.

# say WORDS: progress, which goes to stderr as everywhere in this project.
say () {
  printf '%s\n' "$*" >&2
}

# die WORDS: one line on what is wrong, and out.
die () {
  say "$(basename "$0"): $*"
  exit 1
}

# list_missing FILE…: the packages that these lists name and dpkg does not know as installed.
list_missing () {
  sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@" | sort -u | while read -r package; do
    status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || printf '%s\n' "$package"
  done
}

# install_missing FILE…: apt is touched only where something is missing.
install_missing () {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "This is no Debian: nothing is installed here; $* say what is needed."
    return 0
  fi
  missing=$(list_missing "$@" | tr '\n' ' ')
  [ -n "$missing" ] || return 0

  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "as root, run: apt-get install $missing"
    as_root=sudo
  fi
  say "Installing $missing"
  $as_root apt-get update -q >&2 || die "apt-get update failed; is there a network?"
  # shellcheck disable=SC2086 # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing >&2 ||
    die "apt-get could not install $missing"
}

# build FOLDER OPTION…: configures FOLDER once and brings it up to date.
build () {
  folder=$1
  shift
  if [ ! -f "$folder/build.ninja" ]; then
    meson setup "$folder" "$root" "$@" >&2 || die "meson could not configure $folder"
  fi
  ninja -C "$folder" >&2 || die "$folder did not build"
}
