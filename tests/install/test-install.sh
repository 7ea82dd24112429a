#!/bin/sh
# Installs into a prefix that then moves, and runs from there: test-install.sh SOURCE BUILD
#
# The programs may use nothing of the source or build tree: the data folder that was compiled in is
# hidden from them in a namespace of mounts where that is permitted.
set -eu

source=$1
build=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0

check () {
  n=$((n + 1))
  if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

meson install -C "$build" --no-rebuild --quiet --destdir "$work/stage" >"$work/log" 2>&1 ||
  { cat "$work/log" >&2; exit 1; }
prefix=$(find "$work/stage" -type f -name resnet -path '*/bin/*' | head -n 1)
prefix=${prefix%/bin/resnet}
mv "$prefix" "$work/moved"
prefix=$work/moved
share=$prefix/share

echo 1..11
missing=
for file in bin/resnet bin/resnet-explorer share/resnet-explorer/weights/resnet50.h5 \
    share/resnet-explorer/lessons/en/01-reading-the-map.xml share/man/man1/resnet.1 \
    share/man/man1/resnet-explorer.1 share/bash-completion/completions/resnet \
    share/zsh/site-functions/_resnet share/metainfo/org.resnet_explorer.ResNetExplorer.metainfo.xml \
    share/applications/org.resnet_explorer.ResNetExplorer.desktop \
    share/mime/packages/org.resnet_explorer.ResNetExplorer.xml \
    share/icons/hicolor/scalable/apps/org.resnet_explorer.ResNetExplorer.svg \
    share/glib-2.0/schemas/org.resnet_explorer.ResNetExplorer.gschema.xml \
    share/locale/zh_CN/LC_MESSAGES/resnet-explorer.mo; do
  [ -f "$prefix/$file" ] || missing="$missing $file"
done
for reader in resnet-reader resnet-picture-reader; do
  [ -n "$(find "$prefix" -name $reader -type f)" ] || missing="$missing $reader"
done
echo "# missing: ${missing:-nothing}"
[ -z "$missing" ] && status=0 || status=1
check $status 'everything is installed'

# alone COMMAND…: runs it where neither the sources nor the build can be seen.
cat >"$work/alone" <<'SCRIPT'
#!/bin/sh
mount -t tmpfs none "$1" && mount -t tmpfs none "$2" 2>/dev/null
shift 2
exec "$@"
SCRIPT
chmod +x "$work/alone"
unset RN_DATA_DIR RN_READER RN_RESNET
alone () {
  if unshare --mount --map-root-user true 2>/dev/null; then
    unshare --mount --map-root-user "$work/alone" "$source" "$build" "$@"
  else
    echo '# no namespaces here: the source tree stays in sight' >&2
    "$@"
  fi
}

cp "$source/data/samples/parachute.png" "$work/picture.png"
cp "$source/data/weights/resnet18.h5" "$work/strange.h5"
cd "$work"
status=0; alone "$prefix/bin/resnet" predict picture.png --top 1 >"$work/answer" || status=1
grep -q parachute "$work/answer" || status=1
check $status 'resnet predicts with the bundled weights'
status=0; alone "$prefix/bin/resnet" weights check strange.h5 >"$work/answer" || status=1
check $status 'resnet reads a stranger’s file through resnet-reader'
status=0; alone "$prefix/bin/resnet" lessons >"$work/answer" || status=1
grep -q zh_CN "$work/answer" || status=1
check $status 'resnet finds the lessons'

# A checkout that moved, build folder and all.
mkdir -p "$work/checkout/build/app" "$work/checkout/build/meson-private"
cp "$build/app/resnet" "$build"/app/resnet*reader "$work/checkout/build/app"
ln -s "$share/resnet-explorer" "$work/checkout/data"
status=0
alone "$work/checkout/build/app/resnet" predict picture.png --weights strange.h5 \
  --model resnet18 --top 1 >"$work/answer" || status=1
alone "$work/checkout/build/app/resnet" lessons >"$work/answer" || status=1
check $status 'a build folder that moved finds data and reader'

status=0
for page in "$share"/man/man1/*.1; do
  groff -man -Tutf8 -ww -z "$page" 2>"$work/warnings" || status=1
  [ ! -s "$work/warnings" ] || { sed 's/^/# /' "$work/warnings"; status=1; }
done
check $status 'the manual pages are without faults'

# explain COMMAND: the manual's words on it, and on the options that most commands take.
explain () {
  sed 's/\\-/-/g' "$share/man/man1/resnet.1" |
    awk -v command="$1" '/^\.S[HS]/ { on = $0 ~ "^.SS \"" command "[ \"]" || /^.SH MODEL OPTIONS/ } on'
}
commands=$("$prefix/bin/resnet" --help | sed -n -E 's/^  ([a-z]+) .*/\1/p')
status=0
for command in $commands; do
  explain "$command" | grep -q -E "^\.SS \"$command\b" || { echo "# resnet.1 lacks $command"; status=1; }
  for option in $("$prefix/bin/resnet" "$command" --help | sed -n -E 's/^ *(-., )?(--[a-z-]+).*/\2/p'); do
    [ "$option" = --help ] || explain "$command" | grep -q -E -e "[ \"]$option([ \"]|\$)" ||
      { echo "# resnet.1 lacks $command $option"; status=1; }
  done
done
check $status 'the manual names every command and option'

status=0
version=$(sed -n "s/^ *version: '\([0-9.]*\)',/\1/p" "$source/meson.build")
for program in resnet resnet-explorer; do
  answer=$(env -u DISPLAY -u WAYLAND_DISPLAY "$prefix/bin/$program" --version) || status=1
  [ "$answer" = "$program $version" ] || { echo "# $program --version: $answer"; status=1; }
done
for option in $(env -u DISPLAY -u WAYLAND_DISPLAY "$prefix/bin/resnet-explorer" --help |
    sed -n -E 's/^ *(-., )?(--[a-z-]+).*/\2/p'); do
  sed 's/\\-/-/g' "$share/man/man1/resnet-explorer.1" | grep -q -E -e "[ \"]$option([ \"]|\$)" ||
    { echo "# resnet-explorer.1 lacks $option"; status=1; }
done
check $status 'both programs say their version and their options, without a display too'

# complete WORD…: what bash offers for the last word.
complete () {
  PATH=$prefix/bin:$PATH bash -c '
    . "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _resnet; printf "%s\n" "${COMPREPLY[@]}"' \
    "$share/bash-completion/completions/resnet" "$@"
}
status=0
for command in $commands; do
  complete resnet "$command" | grep -qx "$command" || { echo "# bash: no $command"; status=1; }
  "$prefix/bin/resnet" "$command" --help | sed -n -E 's/^ *(-., )?(--[a-z-]+).*/\2/p' |
    sort >"$work/options"
  complete resnet "$command" -- | sort | cmp -s - "$work/options" ||
    { echo "# bash: not the options of $command"; status=1; }
done
complete resnet predict --names = keras | grep -qx keras3 || status=1
complete resnet summary resnet1 | grep -qx resnet18 || status=1
check $status 'bash completes every command and option, values and models'

# What zsh would describe to the user, its own functions replaced by ones that print.
cat >"$work/zsh" <<'SCRIPT'
compdef () { }
_files () { }
_describe () { print -l -- ${(P)2} }
completions=$1
shift
words=("$@")
CURRENT=$#
PREFIX=$words[-1]
. $completions
SCRIPT
complete_zsh () {
  PATH=$prefix/bin:$PATH zsh -f "$work/zsh" "$share/zsh/site-functions/_resnet" "$@" | cut -d: -f1
}
if command -v zsh >/dev/null; then
  status=0
  printf '%s\n' "$commands" >"$work/commands"
  complete_zsh resnet '' | cmp -s - "$work/commands" || { echo '# zsh: not the commands'; status=1; }
  for command in $commands; do
    "$prefix/bin/resnet" "$command" --help | sed -n -E 's/^ *(-., )?(--[a-z-]+).*/\2/p' >"$work/options"
    complete_zsh resnet "$command" -- | cmp -s - "$work/options" ||
      { echo "# zsh: not the options of $command"; status=1; }
  done
  complete_zsh resnet summary '' | grep -qx resnet18 || status=1
  check $status 'zsh completes every command and option'
else
  check 0 'zsh completes every command and option # SKIP no zsh'
fi

status=0
if command -v appstreamcli >/dev/null; then
  appstreamcli validate --no-net "$share"/metainfo/*.xml >"$work/log" 2>&1 || status=1
  sed 's/^/# /' "$work/log"
fi
if command -v desktop-file-validate >/dev/null; then
  desktop-file-validate "$share"/applications/*.desktop >"$work/log" || status=1
  sed 's/^/# /' "$work/log"
fi
check $status 'desktop file and metainfo are valid'
