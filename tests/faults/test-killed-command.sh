#!/bin/sh
# Readers that are killed: test-killed-command.sh RESNET DATA-DIR
#
# Beside a copy of the program lie readers that end themselves at once. Whatever the program would
# still make of a stranger's file is made by itself, and is wrong.
set -eu

export RN_DATA_DIR="$2"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/meson-private" "$work/app" "$work/pictures" "$work/pictures/a" "$work/pictures/b"
cp "$1" "$work/app/resnet"
resnet=$work/app/resnet
for reader in resnet-reader resnet-picture-reader; do
  # shellcheck disable=SC2016 # for the script itself
  printf '#!/bin/sh\nkill -KILL $$\n' >"$work/app/$reader"
  chmod +x "$work/app/$reader"
done

cp "$RN_DATA_DIR/samples/tench.png" "$work/stranger.png"
cp "$RN_DATA_DIR/samples/tench.png" "$work/pictures/a"
cp "$RN_DATA_DIR/samples/church.png" "$work/pictures/b"
cp "$RN_DATA_DIR/weights/resnet18.h5" "$work/stranger.h5"
"$1" export resnet18 -o "$work/stranger.onnx"
"$1" export resnet18 -o "$work/stranger.json"
"$1" activations "$RN_DATA_DIR/samples/tench.png" --model resnet18 --layer input_layer \
  -o "$work/stranger.npy"
n=0

# killed WORD…: fails with one line that names the stranger's file, and nothing on stdout.
killed () {
  n=$((n + 1))
  status=0
  "$resnet" "$@" >"$work/out" 2>"$work/err" || status=$?
  if [ "$status" -eq 1 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && [ ! -s "$work/out" ] &&
      grep -q "$work/" "$work/err"; then
    echo "ok $n - killed: resnet $*"
  else
    echo "# status $status"
    sed 's/^/# /' "$work/err" "$work/out"
    echo "not ok $n - killed: resnet $*"
  fi
}

for model in stranger.h5 stranger.onnx stranger.json; do
  killed summary "$work/$model"
done
killed plot "$work/stranger.onnx" -o "$work/plot.png"
killed export "$work/stranger.onnx" -o "$work/other.onnx"
killed compare resnet18 "$work/stranger.onnx"
killed compare nearest "$work/stranger.onnx"
killed bench --model "$work/stranger.onnx" --runs 1
killed weights check "$work/stranger.h5"
killed predict "$work/stranger.png"
killed predict "$work/stranger.npy" --model resnet18
killed predict "$work/pictures"
killed predict "$RN_DATA_DIR/samples/tench.png" --weights "$work/stranger.h5" --model resnet18
killed activations "$work/stranger.png" --model resnet18 --layer conv1_conv -o "$work/maps.npy"
killed gradients "$work/stranger.png" --class 0
killed sweep cut-shortcut "$work/stranger.png" --model resnet18
echo "1..$n"
