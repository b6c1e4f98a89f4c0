#!/bin/sh
# Tests plugin.js and makes plugin.wasm of it. What that takes is installed under target/, not here.
set -eu
cd "$(dirname "$0")"
room=../target/slack-like-notice
mkdir -p $room
cp package.json build.js plugin.js words.js words.test.js world.wit $room
if ! cmp -s package-lock.json $room/package-lock.json || [ ! -d $room/node_modules ]; then
  rm -rf $room/node_modules
  cp package-lock.json $room
  (cd $room && npm ci --silent --no-audit --no-fund)
fi
rm -rf $room/wit
mkdir -p $room/wit/deps
cp -R ../../../wit/plugin $room/wit/deps/plugin
cp world.wit $room/wit
(cd $room && npm test --silent && node build.js)
mv $room/plugin.wasm .
