// A server process that takes connections from its parent and dies at its first request. Plain Node, to be up in an instant.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

const until = process.argv[2];
const die = () => process.kill(process.pid, 'SIGKILL');
const crash = (_request, response) => {
  if (until === 'read') die();
  response.writeHead(200, { 'content-type': 'text/html', 'content-length': 50_000 });
  response.write(`<!doctype html><title>Half</title>${'x'.repeat(9_000)}`, () => setTimeout(die, 20));
};
process.on('message', ({ certificate }, socket) => {
  if (socket === undefined) return;
  socket.on('error', () => undefined);
  // Nobody has read the request: the kernel makes a reset of what is left behind.
  if (until === 'unread') {
    socket.pause();
    setTimeout(die, 40);
    return;
  }
  const server = certificate === undefined ? createServer(crash) : createSecureServer(certificate, crash);
  server.emit('connection', socket);
});
process.send('ready');
