// Run one batch: node web.mjs NODE_MODULES FILE FOLDER SHAPES
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, file, folder, shapes] = process.argv.slice(2);
const place = `${modules}/onnxruntime-web/dist/ort.wasm.min.mjs`;
const ort = await import(pathToFileURL(place));
ort.env.logLevel = "error";
ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(file)));
const feeds = {};
for (const [name, shape] of Object.entries(JSON.parse(shapes))) {
  const bytes = readFileSync(`${folder}/${name}`);
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  feeds[name] = new ort.Tensor("float32", numbers, shape);
}
const { images } = await session.run(feeds);
writeFileSync(`${folder}/images`, new Uint8Array(images.data.buffer));
console.log(JSON.stringify(images.dims));
