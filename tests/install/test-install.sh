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

echo 1..9
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

status=0
for command in $("$prefix/bin/resnet" --help | sed -n -E 's/^  ([a-z]+) .*/\1/p'); do
  grep -q -E "^\.(B|BI|BR) \"?$command" "$share/man/man1/resnet.1" ||
    { echo "# resnet.1 lacks $command"; status=1; }
done
check $status 'the manual names every command'

# complete WORD…: what bash offers for the last word.
complete () {
  PATH=$prefix/bin:$PATH bash -c '
    . "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _resnet; printf "%s\n" "${COMPREPLY[@]}"' \
    "$share/bash-completion/completions/resnet" "$@"
}
status=0
complete resnet pre | grep -qx predict || status=1
complete resnet predict --nam | grep -qx -e --names || status=1
complete resnet predict --names = keras | grep -qx keras3 || status=1
complete resnet summary resnet1 | grep -qx resnet18 || status=1
check $status 'the shell completes commands, options, values and models'

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
