// SPDX-License-Identifier: Apache-2.0
// One process that speaks MCP over stdio (a server, or the guard around it),
// for the bridge: messages in, messages out, lines cut at "\n".
import { spawn } from 'node:child_process';

export class StdioChild {
  // `onMessage` gets every message of the process, in order; `onEnd` comes
  // once, when it is gone.
  constructor(command, onMessage, onEnd) {
    this.process = spawn(command[0], command.slice(1), {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise((done) => this.process.once('close', done));
    this.ended.then(onEnd);
    this.process.stdin.on('error', () => {});
    this.rest = '';
    this.process.stdout.setEncoding('utf8');
    this.process.stdout.on('data', (bytes) => {
      const lines = (this.rest + bytes).split('\n');
      this.rest = lines.pop();
      for (const line of lines) {
        if (line.trim() !== '') onMessage(JSON.parse(line));
      }
    });
  }

  send(message) {
    this.process.stdin.write(JSON.stringify(message) + '\n');
  }

  // As a client ends its server: no more input, then a signal.
  async end() {
    this.process.stdin.end();
    const impatient = setTimeout(() => this.process.kill('SIGTERM'), 1000);
    await this.ended;
    clearTimeout(impatient);
  }
}
