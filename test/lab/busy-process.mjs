// A server with one thread and little room: it looks after its queue of connections once in a round and computes for the rest of it.
// Plain Node, for nothing else on the machine may hold its rounds up.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** How long it takes connections in, and answers those that it has, each round, ms. */
const TURN_MS = 24;

if (isMainThread) {
  process.once('message', (options) => {
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const answer = (_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('connection', 'close');
      response.end('<!doctype html><title>Here</title><link rel="icon" href="data:,"><p>Text</p>');
    };
    const server = options.certificate === undefined ? createServer(answer) : createSecureServer(options.certificate, answer);
    server.on('tlsClientError', () => undefined);
    server.listen({ host: options.address, port: options.port, backlog: options.backlog }, () => {
      const crowd = new Worker(new URL(import.meta.url), { workerData: { ...options, gate } });
      crowd.once('message', () => {
        process.send('ready');
        const round = () => {
          Atomics.wait(gate, 0, Atomics.load(gate, 1));
          Atomics.store(gate, 1, Atomics.load(gate, 0));
          setTimeout(round, TURN_MS);
        };
        round();
      });
    });
  });
} else {
  // Other clients: enough to fill the queue, in the middle of each round.
  const { address, port, backlog, from, roundMs, gate } = workerData;
  let clients = [];
  const rush = () => {
    clients = Array.from({ length: backlog + 1 }, () => connect({ host: address, port, localAddress: from }).on('error', () => undefined));
  };
  const begin = () => {
    for (const client of clients.splice(0)) client.destroy();
    Atomics.add(gate, 0, 1);
    Atomics.notify(gate, 0);
    setTimeout(rush, roundMs / 2);
  };
  let next = performance.now();
  const tick = () => {
    next += roundMs;
    begin();
    setTimeout(tick, next - performance.now());
  };
  import('node:worker_threads').then(({ parentPort }) => {
    parentPort.postMessage('here');
    tick();
  });
}
