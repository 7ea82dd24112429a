#!/bin/sh
# Disks that are full and folders that cannot be read: test-disk.sh RESNET DATA-DIR
#
# A full disk is a limit on the size of files, below what each command has to write; the signal that
# the limit sends is ignored, so that writing fails as it does on a full disk.
set -eu

resnet=$1
export RN_DATA_DIR="$2"
work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
picture=$RN_DATA_DIR/samples/tench.png
n=0

check () {
  n=$((n + 1))
  if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

# judge STATUS: 1, with one line on stderr and nothing on stdout?
judge () {
  [ "$1" -eq 1 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && [ ! -s "$work/out" ] && return 0
  echo "# status $1"
  sed 's/^/# /' "$work/err"
  return 1
}

# full COMMAND -o FILE: fails, leaves an older FILE as it was, and nothing beside it.
full () {
  folder=$work/full
  eval "target=\${$#}"
  for before in absent present; do
    rm -rf "$folder"
    mkdir "$folder"
    [ $before = absent ] || echo precious >"$target"
    status=0
    (trap '' XFSZ; ulimit -f 4; exec "$resnet" "$@") >"$work/out" 2>"$work/err" || status=$?
    good=0
    judge $status || good=1
    if [ $before = present ]; then
      [ "$(cat "$target")" = precious ] || { echo '# the older file is damaged'; good=1; }
      rm -f "$target"
    fi
    left=$(ls -A "$folder")
    [ -z "$left" ] || { echo "# left behind: $left"; good=1; }
    check $good "full disk, file $before: resnet $1 … $(basename "$target")"
  done
}

full plot resnet18 -o "$work/full/plot.png"
full plot resnet18 -o "$work/full/plot.svg"
full plot resnet18 -o "$work/full/plot.pdf"
full plot resnet50 -o "$work/full/plot.dot"
full activations "$picture" --model resnet18 --layer conv1_conv -o "$work/full/maps.npy"
full activations "$picture" --model resnet18 --layer conv1_conv -o "$work/full/maps.h5"
full activations "$picture" --model resnet18 --layer conv1_conv -o "$work/full/maps.png"
full export resnet18 -o "$work/full/model.onnx"
full export resnet18 -o "$work/full/model.h5"
full export resnet18 -o "$work/full/model.json"

# A training run that cannot keep its moments goes on and says so; the network at its end is a file
# like others.
for before in absent present; do
  target=$work/full/net.h5
  rm -rf "$work/full"
  mkdir "$work/full"
  [ $before = absent ] || echo precious >"$target"
  status=0
  (trap '' XFSZ; ulimit -f 4; exec "$resnet" train plain8 --data shapes --shapes 20 --batch 10 \
    --epochs 1 -o "$target") >"$work/out" 2>"$work/err" || status=$?
  good=0
  [ "$status" -eq 1 ] && grep -q 'the run goes on' "$work/err" &&
    [ "$(grep -c "net.h5: cannot be written" "$work/err")" -eq 1 ] || good=1
  [ $before = absent ] || { [ "$(cat "$target")" = precious ] && rm "$target"; } || good=1
  [ -z "$(ls -A "$work/full")" ] || good=1
  check $good "full disk, file $before: resnet train … net.h5"
done

for command in 'summary resnet50' 'models' "predict $picture --model resnet18 --json" lessons; do
  status=0
  # shellcheck disable=SC2086 # words
  "$resnet" $command >/dev/full 2>"$work/err" || status=$?
  : >"$work/out"
  judge $status && good=0 || good=1
  check $good "a full disk behind stdout: resnet $command"
done

# As somebody who may not read it; root may read everything.
mkdir "$work/locked"
cp "$picture" "$work/locked/a.png"
chmod 711 "$work"
chmod 000 "$work/locked"
touch "$work/out" "$work/err"
nobody=
if [ "$(id -u)" -eq 0 ]; then nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'; fi
# shellcheck disable=SC2086 # words
if [ -n "$nobody" ] && ! $nobody "$resnet" models >/dev/null 2>&1; then
  for what in folder picture weights model; do
    n=$((n + 1)); echo "ok $n - unreadable $what # SKIP only root can run this program here"
  done
else
  for line in "predict $work/locked" "predict $work/locked/a.png" \
      "weights check $work/locked/a.png" "summary $work/locked/a.h5"; do
    status=0
    # shellcheck disable=SC2086 # words
    $nobody "$resnet" $line >"$work/out" 2>"$work/err" || status=$?
    judge $status && grep -q "$work/locked" "$work/err" && good=0 || good=1
    check $good "unreadable: resnet $line"
  done
fi
echo "1..$n"
