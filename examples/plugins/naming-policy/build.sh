#!/bin/sh
# Makes plugin.wasm of app.py. The contract is taken from the sources of Guestpass, so it is always the present one.
set -eu
cd "$(dirname "$0")"
python3 -m venv build/venv
build/venv/bin/pip install --quiet "componentize-py==0.25.1"
mkdir -p build/wit/deps
rm -rf build/wit/deps/plugin
cp -r ../../../wit/plugin build/wit/deps/plugin
cp world.wit build/wit/world.wit
# No WASI: a plugin is given the capabilities of the contract and nothing else.
build/venv/bin/componentize-py --wit-path build/wit --world naming componentize --stub-wasi app -o plugin.wasm
