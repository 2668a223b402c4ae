// SPDX-License-Identifier: Apache-2.0
// The bridge in 2026-07-28: no sessions, so all requests share one process.
// Ids of different HTTP clients may be equal, so each request gets one of the
// bridge's own on its way in, and its own back on its way out; the same with
// progress tokens. What HTTP alone asks of a server (headers, status codes) is
// done here.
import { EventStream, isRequest, sendError, sendJson } from './http_exchange.mjs';
import { StdioChild } from './stdio_child.mjs';

export const kModern = '2026-07-28';
const kVersion = 'io.modelcontextprotocol/protocolVersion';
const kCapabilities = 'io.modelcontextprotocol/clientCapabilities';
const kSubscription = 'io.modelcontextprotocol/subscriptionId';
const kLogLevel = 'io.modelcontextprotocol/logLevel';
const kHeaderMismatch = -32020;
const kUnsupported = -32022;

// The names that a request says twice: in its body and in a header.
const kNamed = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

function statusOf(code) {
  if (code === -32601) return 404;
  return code === -32602 || (code <= -32020 && code > -32100) ? 400 : 200;
}

function headerFault(request, body) {
  const meta = body.params?._meta ?? {};
  const version = request.headers['mcp-protocol-version'];
  if (version === undefined) return 'no MCP-Protocol-Version';
  if (meta[kVersion] !== undefined && meta[kVersion] !== version) {
    return 'another MCP-Protocol-Version than the body has';
  }
  if (request.headers['mcp-method'] !== body.method) return 'another Mcp-Method';
  const named = body.params?.[kNamed[body.method]];
  return named !== undefined && request.headers['mcp-name'] !== named
    ? 'another Mcp-Name'
    : '';
}

// One HTTP request, until it is answered.
class Exchange {
  constructor(request, response) {
    this.id = request.id;
    this.meta = request.params?._meta ?? {};
    this.response = response;
    this.stream = undefined;
  }

  send(message) {
    this.stream ??= new EventStream(this.response);
    this.stream.send(message);
  }

  // Errors before anything was streamed have an HTTP status of their own.
  answer(message) {
    const whole = { ...message, id: this.id };
    if (this.stream === undefined) {
      const status = message.error ? statusOf(message.error.code) : 200;
      return sendJson(this.response, status, whole);
    }
    this.stream.send(whole);
    this.stream.end();
  }
}

export class ModernRequests {
  constructor(command) {
    this.command = command;
    this.exchanges = new Map(); // by the bridge's id
    this.lastId = 0;
    this.child = undefined;
  }

  // The first message decides the era of some servers for good; discovery
  // alone does not.
  start() {
    const child = new StdioChild(
      this.command,
      (message) => this.deliver(message),
      () => (this.child = undefined),
    );
    child.send({
      jsonrpc: '2.0',
      id: 'bridge',
      method: 'tools/list',
      params: { _meta: { [kVersion]: kModern, [kCapabilities]: {} } },
    });
    return child;
  }

  exchangeOf(message) {
    const meta = message.params?._meta ?? {};
    const number = meta[kSubscription] ?? message.params?.progressToken;
    if (number !== undefined) return this.exchanges.get(Number(number));
    // A log line names no request: it belongs to one that wants them.
    const wanting = [...this.exchanges.values()];
    return wanting.findLast((exchange) => exchange.meta[kLogLevel]);
  }

  deliver(message) {
    if (message.method === undefined) {
      this.exchanges.get(message.id)?.answer(message);
      this.exchanges.delete(message.id);
      return;
    }
    const exchange = this.exchangeOf(message);
    if (exchange === undefined) return;
    const params = { ...message.params };
    if (params._meta?.[kSubscription] !== undefined) {
      params._meta = { ...params._meta, [kSubscription]: String(exchange.id) };
    } else if (params.progressToken !== undefined) {
      params.progressToken = exchange.meta.progressToken;
    }
    exchange.send({ ...message, params });
  }

  async handle(request, response, body) {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const fault = headerFault(request, body);
    if (fault !== '') {
      return sendError(response, 400, body.id, kHeaderMismatch, fault);
    }
    if (!isRequest(body)) return response.writeHead(202).end();
    // A server over stdio that has begun in one revision may never look again.
    const requested = request.headers['mcp-protocol-version'];
    if (requested !== kModern) {
      const data = { supported: [kModern], requested };
      const words = 'unsupported protocol version';
      return sendError(response, 400, body.id, kUnsupported, words, data);
    }
    this.child ??= this.start();
    const id = ++this.lastId;
    this.exchanges.set(id, new Exchange(body, response));
    // The client hung up: that is how it cancels.
    response.on('close', () => {
      if (!this.exchanges.has(id)) return;
      this.exchanges.delete(id);
      this.child?.send({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: { requestId: id },
      });
    });
    const params = body.params && { ...body.params };
    if (params?._meta?.progressToken !== undefined) {
      params._meta = { ...params._meta, progressToken: id };
    }
    this.child.send({ ...body, id, ...(params ? { params } : {}) });
  }

  async end() {
    await this.child?.end();
  }
}
