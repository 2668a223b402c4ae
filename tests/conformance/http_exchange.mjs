// SPDX-License-Identifier: Apache-2.0
// HTTP as the bridge needs it: read a body, answer in JSON, or keep an event
// stream open and put messages on it.

export async function readJson(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    return undefined;
  }
}

export function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendError(response, status, id, code, message, data) {
  const error = { code, message, ...(data ? { data } : {}) };
  sendJson(response, status, { jsonrpc: '2.0', id: id ?? null, error });
}

export class EventStream {
  constructor(response, headers = {}) {
    this.response = response;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache',
      ...headers,
    });
    response.flushHeaders();
  }

  send(message) {
    this.response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  }

  end() {
    this.response.end();
  }
}

// A page of a strange site must not reach a server on this machine.
export function isLocal(request) {
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
  const { host, origin } = request.headers;
  return (
    local.test(host ?? '') &&
    (origin === undefined || local.test(origin.replace(/^https?:\/\//, '')))
  );
}

export function isRequest(message) {
  return message?.method !== undefined && message.id !== undefined;
}
