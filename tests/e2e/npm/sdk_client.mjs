// SPDX-License-Identifier: Apache-2.0
// node sdk_client.mjs PACKAGES KIND COMMAND [ARG...]: an official SDK client
// (KIND: v1, legacy, auto or modern) on the far side of COMMAND, driven by
// lines. Each line on standard input is {"method", "params", "do"?}; each line
// on standard output says what the SDK gave back: {"result"} or {"threw"}, and
// {"heard"}: how many progress notifications came. "do": "cancel" gives up as
// soon as the request is out.
import { createRequire } from 'node:module';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const [packages, kind, command, ...rest] = process.argv.slice(2);
const require = createRequire(packages + '/');
async function load(name) {
  return import(pathToFileURL(require.resolve(name)).href);
}

const kInfo = { name: 'sdk-' + kind, version: '1' };
const kNegotiation = {
  legacy: undefined, // as it is without the option
  auto: { mode: 'auto' },
  modern: { mode: { pin: '2026-07-28' } },
};

async function makeClient() {
  if (kind === 'v1') {
    const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
    const stdio = await load('@modelcontextprotocol/sdk/client/stdio.js');
    return [new Client(kInfo), stdio.StdioClientTransport];
  }
  const { Client } = await load('@modelcontextprotocol/client');
  const stdio = await load('@modelcontextprotocol/client/stdio');
  const versionNegotiation = kNegotiation[kind];
  return [
    new Client(kInfo, versionNegotiation ? { versionNegotiation } : {}),
    stdio.StdioClientTransport,
  ];
}

const [client, StdioClientTransport] = await makeClient();
// A notification that stands in one read with the answer comes too late for
// the SDK's own callback, and is reported here.
let heard = 0;
let problem = '';
client.onerror = (error) => {
  if (error.message.includes('a progress notification')) ++heard;
  else problem ||= error.message;
};

async function ask(method, params, options) {
  switch (method) {
    case 'tools/list':
      return client.listTools(params);
    case 'tools/call':
      return kind === 'v1'
        ? client.callTool(params, undefined, options)
        : client.callTool(params, options);
    case 'prompts/get':
      return client.getPrompt(params);
    case 'resources/read':
      return client.readResource(params);
    case 'ping':
      return client.ping();
    default:
      throw new Error('unknown here: ' + method);
  }
}

async function answer({ method, params, do: how }) {
  heard = 0;
  problem = '';
  const giveUp = new AbortController();
  const options = {
    signal: giveUp.signal,
    onprogress: () => ++heard,
  };
  try {
    const asked = ask(method, params, options);
    if (how === 'cancel') setImmediate(() => giveUp.abort('given up'));
    return { result: await asked, heard, problem };
  } catch (error) {
    const { code, message, data } = error;
    return { threw: { code, message: message ?? String(error), data }, problem };
  }
}

function say(what) {
  process.stdout.write(JSON.stringify(what) + '\n');
}

try {
  await client.connect(
    new StdioClientTransport({
      command,
      args: rest,
      env: process.env,
      stderr: 'ignore',
    }),
  );
  say({
    result: {
      server: client.getServerVersion(),
      revision: client.getNegotiatedProtocolVersion?.() ?? '',
    },
  });
} catch (error) {
  say({ threw: { message: String(error) } });
}
for await (const line of readline.createInterface({ input: process.stdin })) {
  say(await answer(JSON.parse(line)));
}
await client.close();
process.exit(0);
