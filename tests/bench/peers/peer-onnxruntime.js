// ONNX Runtime: peer-onnxruntime.js FOLDER MODEL.onnx INPUT.npy THREADS RUNS [BATCH]
// FOLDER holds node_modules; the input is run BATCH times at once. Prints what the driver reads.
'use strict';
const fs = require('fs');
const path = require('path');

const [folder, model, data, threads, runs, batch = '1'] = process.argv.slice(2);
const modules = path.resolve(folder, 'node_modules', 'onnxruntime-node');
const ort = require(modules);
const version = require(path.join(modules, 'package.json')).version;

// NumPy's format, version 1: [1, H, W, 3] of float32, made channels first.
function readInput (file) {
  const bytes = fs.readFileSync(file);
  const size = bytes.readUInt16LE(8);
  const shape = /'shape': \(([^)]*)\)/.exec(bytes.toString('latin1', 10, 10 + size))[1]
    .split(',').map(Number);
  const [, height, width, channels] = shape;
  const last = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 10 + size));
  const first = new Float32Array(last.length);
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++)
      first[c * height * width + p] = last[p * channels + c];
  const all = new Float32Array(first.length * Number(batch));
  for (let i = 0; i < Number(batch); i++)
    all.set(first, i * first.length);
  return new ort.Tensor('float32', all, [Number(batch), channels, height, width]);
}

async function main () {
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: 'all',
  });
  const feeds = { [session.inputNames[0]]: readInput(data) };
  const output = (await session.run(feeds))[session.outputNames[0]].data;
  await session.run(feeds);
  const times = [];
  for (let i = 0; i < Number(runs); i++) {
    const start = process.hrtime.bigint();
    await session.run(feeds);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  console.log(JSON.stringify({
    name: `ONNX Runtime ${version}`, times_ms: times, output: Array.from(output),
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
  }));
}

main();
