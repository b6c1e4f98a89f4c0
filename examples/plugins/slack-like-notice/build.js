// Makes `plugin.wasm` of `plugin.js`. The contract is taken from the sources of Guestpass, so it is always the present one.
import { componentize } from "@bytecodealliance/componentize-js";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";

const here = new URL(".", import.meta.url);
await mkdir(new URL("build/wit/deps", here), { recursive: true });
await cp(new URL("../../../wit/plugin", here), new URL("build/wit/deps/plugin", here), { recursive: true });
await cp(new URL("world.wit", here), new URL("build/wit/world.wit", here));

// One source is compiled, so what `plugin.js` imports of this directory is put before it.
const read = (name) => readFile(new URL(name, here), "utf8");
const source = (await read("words.js")) + (await read("plugin.js")).replace(/^import .* from "\.\/.*";$/m, "");

const { component } = await componentize(source, {
  witPath: new URL("build/wit", here).pathname,
  worldName: "notice",
  // A plugin is given the capabilities of the contract and nothing else.
  disableFeatures: ["stdio", "random", "clocks", "http", "fetch-event"],
});
await writeFile(new URL("plugin.wasm", here), component);
console.log(`${component.length} bytes are written to plugin.wasm`);
