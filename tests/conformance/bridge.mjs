// SPDX-License-Identifier: Apache-2.0
// node bridge.mjs COMMAND [ARG...]: streamable HTTP in front of a server that
// speaks stdio, since the conformance suite knows servers by their URL only.
// Prints the URL, serves until its standard input ends. What revisions before
// 2026-07-28 ask of HTTP is in legacy_sessions.mjs, the rest in
// modern_requests.mjs.
import http from 'node:http';

import { isLocal, readJson, sendError } from './http_exchange.mjs';
import { LegacySessions } from './legacy_sessions.mjs';
import { ModernRequests } from './modern_requests.mjs';

const command = process.argv.slice(2);
const legacy = new LegacySessions(command);
const modern = new ModernRequests(command);

function isModern(request, body) {
  const version = request.headers['mcp-protocol-version'];
  if (request.headers['mcp-session-id'] !== undefined) return false;
  return body?.params?._meta !== undefined || !/^202[45]-/.test(version ?? '2025-');
}

async function handle(request, response) {
  if (!isLocal(request)) {
    return sendError(response, 403, null, -32600, 'not from this machine');
  }
  const body = request.method === 'POST' ? await readJson(request) : {};
  if (body === undefined || Array.isArray(body)) {
    return sendError(response, 400, null, -32700, 'not one JSON message');
  }
  await (isModern(request, body) ? modern : legacy).handle(
    request,
    response,
    body,
  );
}

const server = http.createServer((request, response) => {
  handle(request, response).catch((error) => {
    console.error('bridge:', error);
    if (!response.headersSent) sendError(response, 500, null, -32603, 'bridge');
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/mcp`);
});

process.stdin.resume();
process.stdin.on('end', async () => {
  server.close();
  server.closeAllConnections();
  await Promise.all([legacy.end(), modern.end()]);
  process.exit(0);
});
