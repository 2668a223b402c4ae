// SPDX-License-Identifier: Apache-2.0
// The bridge before 2026-07-28: a session of streamable HTTP is one process.
// What the server says while it works on a request goes to that request's
// stream; everything else to the stream that the client opened by GET.
import { randomUUID } from 'node:crypto';

import { EventStream, isRequest, sendError } from './http_exchange.mjs';
import { StdioChild } from './stdio_child.mjs';

class Session {
  constructor(command, onEnd) {
    this.streams = new Map(); // by request id
    this.listening = undefined;
    this.child = new StdioChild(command, (m) => this.deliver(m), onEnd);
  }

  deliver(message) {
    const answers = message.method === undefined;
    const stream = answers ? this.streams.get(message.id) : this.newest();
    stream?.send(message);
    if (!answers) return;
    this.streams.delete(message.id);
    stream?.end();
  }

  newest() {
    return [...this.streams.values()].at(-1) ?? this.listening;
  }

  ask(request, response, headers) {
    this.streams.set(request.id, new EventStream(response, headers));
    this.child.send(request);
  }

  async end() {
    for (const stream of this.streams.values()) stream.end();
    this.listening?.end();
    await this.child.end();
  }
}

export class LegacySessions {
  constructor(command) {
    this.command = command;
    this.sessions = new Map();
  }

  open(request, response) {
    const name = randomUUID();
    const gone = () => this.sessions.delete(name);
    const session = new Session(this.command, gone);
    this.sessions.set(name, session);
    session.ask(request, response, { 'Mcp-Session-Id': name });
  }

  async handle(request, response, body) {
    if (body?.method === 'initialize') return this.open(body, response);
    const name = request.headers['mcp-session-id'];
    const session = this.sessions.get(name);
    if (name === undefined) {
      return sendError(response, 400, body?.id, -32600, 'no session is named');
    }
    if (session === undefined) {
      return sendError(response, 404, body?.id, -32600, 'no such session');
    }
    if (request.method === 'GET') {
      session.listening = new EventStream(response);
      response.on('close', () => (session.listening = undefined));
      return;
    }
    if (request.method === 'DELETE') {
      this.sessions.delete(name);
      response.writeHead(200).end();
      return session.end();
    }
    if (isRequest(body)) return session.ask(body, response, {});
    session.child.send(body);
    response.writeHead(202).end();
  }

  async end() {
    await Promise.all([...this.sessions.values()].map((s) => s.end()));
  }
}
