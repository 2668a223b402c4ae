// SPDX-License-Identifier: Apache-2.0
// The extension io.modelcontextprotocol/tasks, which the SDK's server leaves to
// others: a transport in front of the SDK's own that answers calls of some
// tools with a task, and everything about tasks. All other messages pass.
import { randomUUID } from 'node:crypto';

import { text } from './fixture_tools.mjs';

export const kTasks = 'io.modelcontextprotocol/tasks';
const kCapabilities = 'io.modelcontextprotocol/clientCapabilities';
const kInvalidParams = -32602;
const kMissingCapability = -32021;
const kEnded = ['completed', 'failed', 'cancelled'];

const ask = (message, name) => ({
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message,
    requestedSchema: {
      type: 'object',
      properties: { [name]: { type: 'string' } },
      required: [name],
    },
  },
});

const done = (words, more = {}) => ({
  status: 'completed',
  result: { content: [text(words)], ...more },
});

// Per tool: what it asks for, how long it takes, how it ends.
const kJobs = {
  slow_compute: {
    seconds: ({ seconds }) => seconds,
    end: ({ label }) => done(`computed ${label}`),
  },
  failing_job: { end: () => done('the job failed', { isError: true }) },
  protocol_error_job: {
    end: () => ({ status: 'failed', error: { code: -32603, message: 'broke' } }),
  },
  confirm_delete: {
    asks: { confirm: ask('Delete it?', 'confirm') },
    end: () => done('deleted'),
  },
  multi_input: {
    asks: { first: ask('First?', 'name'), second: ask('Second?', 'name') },
    end: () => done('both are there'),
  },
  test_tool_with_task: {
    end: (_arguments, answers) =>
      done('for ' + JSON.stringify(answers.user_name.content)),
  },
};

class Task {
  constructor(job, given, answers) {
    this.job = job;
    this.given = given;
    this.answers = answers;
    this.asks = { ...job.asks };
    this.state = {};
    this.id = randomUUID();
    this.created = new Date().toISOString();
    this.resume();
  }

  resume() {
    if (Object.keys(this.asks).length > 0) {
      this.state = { status: 'input_required' };
      return;
    }
    this.state = { status: 'working' };
    const seconds = this.job.seconds?.(this.given) ?? 0.05;
    this.timer = setTimeout(() => {
      this.state = this.job.end(this.given, this.answers);
    }, seconds * 1000);
    this.timer.unref();
  }

  answer(answers) {
    for (const key of Object.keys(answers)) delete this.asks[key];
    if (this.state.status === 'input_required') this.resume();
  }

  cancel() {
    if (kEnded.includes(this.state.status)) return;
    clearTimeout(this.timer);
    this.state = { status: 'cancelled' };
  }

  head() {
    return {
      taskId: this.id,
      status: this.state.status,
      createdAt: this.created,
      lastUpdatedAt: new Date().toISOString(),
      ttlMs: 60_000,
      pollIntervalMs: 100,
    };
  }

  whole() {
    const asking = this.state.status === 'input_required';
    return {
      resultType: 'complete',
      ...this.head(),
      ...this.state,
      ...(asking ? { inputRequests: this.asks } : {}),
    };
  }
}

// Answers what is about tasks; `undefined`: not about tasks.
function answerOf(message, tasks) {
  const params = message.params ?? {};
  const declared =
    params._meta?.[kCapabilities]?.extensions?.[kTasks] !== undefined;
  const undeclared = {
    error: {
      code: kMissingCapability,
      message: 'the client does not declare tasks',
      data: { requiredCapabilities: { extensions: { [kTasks]: {} } } },
    },
  };
  if (message.method === 'tools/call') {
    const job = kJobs[params.name];
    if (job === undefined) return undefined;
    const asksFirst = params.name === 'test_tool_with_task';
    if (asksFirst && params.inputResponses === undefined) return undefined;
    if (!declared) return params.name === 'failing_job' ? undeclared : undefined;
    const task = new Task(job, params.arguments ?? {}, params.inputResponses);
    tasks.set(task.id, task);
    return { result: { resultType: 'task', ...task.head() } };
  }
  const methods = {
    'tasks/get': (task) => task.whole(),
    'tasks/update': (task) => task.answer(params.inputResponses),
    'tasks/cancel': (task) => task.cancel(),
  };
  const run = methods[message.method];
  if (run === undefined) return undefined;
  if (!declared) return undeclared;
  const task = tasks.get(params.taskId);
  if (task === undefined) {
    return { error: { code: kInvalidParams, message: 'no such task' } };
  }
  return { result: run(task) ?? { resultType: 'complete' } };
}

// `inner` is the SDK's transport; what comes back is one too.
export function withTasks(inner) {
  const tasks = new Map();
  const outer = {
    start: () => inner.start(),
    close: () => inner.close(),
    send: (message, options) => inner.send(message, options),
    setProtocolVersion: (version) => inner.setProtocolVersion?.(version),
  };
  inner.onmessage = (message, extra) => {
    const answer = answerOf(message, tasks);
    if (answer === undefined) return outer.onmessage?.(message, extra);
    inner.send({ jsonrpc: '2.0', id: message.id, ...answer });
  };
  inner.onclose = () => outer.onclose?.();
  inner.onerror = (error) => outer.onerror?.(error);
  return outer;
}

// The same tools as any other client sees them: they answer at once.
export function addTaskTools(server, sdk) {
  const anything = sdk.fromJsonSchema({ type: 'object', properties: {} });
  const add = (name, run) =>
    server.registerTool(name, { description: name, inputSchema: anything }, run);
  add('greet', ({ name }) => ({ content: [text(`Hello, ${name}!`)] }));
  for (const name of Object.keys(kJobs)) {
    if (name === 'test_tool_with_task') continue;
    add(name, () => ({ content: [text('done at once')] }));
  }
  add('test_tool_with_task', () =>
    sdk.inputRequired({ inputRequests: { user_name: ask('Name?', 'name') } }),
  );
}
