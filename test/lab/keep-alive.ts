import { Agent, createServer, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import type { App, Internet, Place } from './internet';

/**
 * A front that keeps connections to its backend open, and a backend that gives up idle ones sooner than the front thinks:
 * the next request on such a one meets a reset, which the front passes on. New connections are taken.
 */
export function racingFront(internet: Internet, options: { page: App; idleMs: number }): App {
  const place: Place = { address: internet.draw.privateV4(), port: 8080 };
  const lastUse = new WeakMap<Socket, number>();
  const backend = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const last = lastUse.get(request.socket);
    response.on('finish', () => lastUse.set(request.socket, performance.now()));
    if (last !== undefined && performance.now() - last > options.idleMs) request.socket.resetAndDestroy();
    else options.page(request, response, { reset: () => request.socket.resetAndDestroy(), ordinal: 0 });
  });
  internet.listen(
    place,
    ({ socket }) => {
      backend.emit('connection', socket);
      socket.resume();
    },
    { isLocal: true },
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  internet.onClose(() => agent.destroy());
  return (request, response, tools) => {
    const { host, port } = internet.reach(place);
    const { 'user-agent': agentName = '', accept = '' } = request.headers;
    httpRequest({ host, port, agent, path: request.url, method: request.method, headers: { 'user-agent': agentName, accept } })
      .on('response', (answer) => {
        response.statusCode = answer.statusCode ?? 502;
        for (const name of ['content-type', 'content-length', 'cache-control']) {
          const value = answer.headers[name];
          if (value !== undefined) response.setHeader(name, value);
        }
        answer.on('data', (chunk: Buffer) => response.write(chunk.toString())).on('end', () => response.end());
      })
      .on('error', () => tools.reset('the kept connection to the backend was gone'))
      .end();
  };
}
