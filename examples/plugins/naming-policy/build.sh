#!/bin/sh
# Tests app.py and makes plugin.wasm of it. What that takes is installed under target/, not here.
set -eu
cd "$(dirname "$0")"
room=../target/naming-policy
version=0.25.1
mkdir -p $room
if [ ! -x $room/venv/bin/componentize-py ] || [ "$($room/venv/bin/componentize-py --version)" != "componentize-py $version" ]; then
  python3 -m venv --clear $room/venv
  $room/venv/bin/pip install --quiet --disable-pip-version-check "componentize-py==$version"
fi
# The contract is that of this very Guestpass.
rm -rf $room/wit
mkdir -p $room/wit/deps
cp -R ../../../wit/plugin $room/wit/deps/plugin
cp world.wit $room/wit
PYTHONDONTWRITEBYTECODE=1 python3 -m unittest --quiet
# No WASI: a plugin is given the capabilities of the contract and nothing else.
$room/venv/bin/componentize-py --wit-path $room/wit --world naming componentize --stub-wasi app -o plugin.wasm
