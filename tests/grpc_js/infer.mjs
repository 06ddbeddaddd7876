// A client of the Open Inference Protocol that shares no code with Scission.
//   node infer.mjs PROTO ADDRESS MODEL INPUT SHAPE FILE raw|typed
// Sends the float32 values in FILE as the input INPUT of MODEL and prints what it learnt as JSON; the
// first output's values go to FILE.out.
import {readFileSync, writeFileSync} from 'node:fs';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [proto, address, model, input, shape, file, way] = process.argv.slice(2);
const definition = loader.loadSync(proto, {keepCase: true, longs: Number});
const {GRPCInferenceService} = grpc.loadPackageDefinition(definition).inference;
const client = new GRPCInferenceService(address, grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
});

function call(method, request) {
  const deadline = new Date(Date.now() + 20_000);
  return new Promise((resolve, reject) => {
    client[method](request, {deadline}, (error, answer) => error ? reject(error) : resolve(answer));
  });
}

const values = readFileSync(file);
const tensor = {name: input, datatype: 'FP32', shape: shape.split('x').map(Number)};
const request = {model_name: model, id: 'from-js', inputs: [tensor]};
if (way === 'raw') {
  request.raw_input_contents = [values];
} else {
  const floats = new Float32Array(values.buffer, values.byteOffset, values.length / 4);
  tensor.contents = {fp32_contents: Array.from(floats)};
}

try {
  const live = await call('ServerLive', {});
  const ready = await call('ServerReady', {});
  const modelReady = await call('ModelReady', {name: model});
  const server = await call('ServerMetadata', {});
  const metadata = await call('ModelMetadata', {name: model});
  const answer = await call('ModelInfer', request);
  writeFileSync(`${file}.out`, answer.raw_output_contents[0]);
  console.log(JSON.stringify({
    live: live.live,
    ready: ready.ready,
    model_ready: modelReady.ready,
    server: server.name,
    metadata,
    model_name: answer.model_name,
    id: answer.id,
    outputs: answer.outputs.map(({name, datatype, shape}) => ({name, datatype, shape})),
  }));
} catch (error) {
  console.error(`${error.code}: ${error.details}`);
  process.exitCode = 1;
}
client.close();
