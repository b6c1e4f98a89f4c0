// Makes plugin.wasm of plugin.js; run by build.sh, which puts the contract of this very Guestpass beside it.
import { componentize } from "@bytecodealliance/componentize-js";
import { readFile, writeFile } from "node:fs/promises";

// One source is compiled, so what plugin.js imports of this directory is put before it.
const plugin = (await readFile("plugin.js", "utf8")).replace(/^import .* from "\.\/.*";$/m, "");
const source = (await readFile("words.js", "utf8")) + plugin;

const { component } = await componentize(source, {
  witPath: "wit",
  worldName: "notice",
  // A plugin is given the capabilities of the contract and nothing else.
  disableFeatures: ["stdio", "random", "clocks", "http", "fetch-event"],
});
await writeFile("plugin.wasm", component);
console.log(`${component.length} bytes are written to plugin.wasm`);
