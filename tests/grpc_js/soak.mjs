// A client that asks again and again, and checks that each answer is, bit by bit, the first one.
//   node soak.mjs PROTO ADDRESS MODEL MINUTES
// Prints how many requests it sent, how many failed and how many answers differed, as JSON.
import {randomFillSync} from 'node:crypto';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [proto, address, model, minutes] = process.argv.slice(2);
const definition = loader.loadSync(proto, {keepCase: true, longs: Number});
const {GRPCInferenceService} = grpc.loadPackageDefinition(definition).inference;
const client = new GRPCInferenceService(address, grpc.credentials.createInsecure(), {
  'grpc.max_receive_message_length': -1,
});

function call(method, request) {
  const deadline = new Date(Date.now() + 30_000);
  return new Promise((resolve, reject) => {
    client[method](request, {deadline}, (error, answer) => error ? reject(error) : resolve(answer));
  });
}

const [input] = (await call('ModelMetadata', {name: model})).inputs;
const random = randomFillSync(new Uint32Array(input.shape.reduce((a, b) => a * b, 1)));
const values = Float32Array.from(random, integer => integer / 2 ** 32);
const request = {
  model_name: model,
  inputs: [{name: input.name, datatype: input.datatype, shape: input.shape}],
  raw_input_contents: [Buffer.from(values.buffer)],
};

const end = Date.now() + minutes * 60_000;
const result = {requests: 0, failed: 0, different: 0};
let expected;
while (Date.now() < end) {
  result.requests += 1;
  try {
    const answer = (await call('ModelInfer', request)).raw_output_contents[0];
    expected ??= answer;
    if (!answer.equals(expected)) result.different += 1;
  } catch (error) {
    result.failed += 1;
    console.error(`${new Date().toISOString()} ${error.code}: ${error.details}`);
  }
}
console.log(JSON.stringify(result));
client.close();
