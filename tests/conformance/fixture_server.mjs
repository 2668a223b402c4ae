// SPDX-License-Identifier: Apache-2.0
// The server under test: the official TypeScript SDK over stdio, in every
// revision that it speaks, with the tools, resources and prompts that the
// official conformance suite asks for. What the suite says of this server
// alone is what it must say of it behind the guard. No Kubernetes here.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { addInputTools, stateCodec } from './fixture_inputs.mjs';
import { addPrompts, addResources } from './fixture_reads.mjs';
import { addTaskTools, kTasks, withTasks } from './fixture_tasks.mjs';
import { addTools } from './fixture_tools.mjs';

// The packages are where the tests put them, not beside this file.
const require = createRequire(process.env.CONFORMANCE_PACKAGES + '/');
async function load(name) {
  return import(pathToFileURL(require.resolve(name)).href);
}

const sdk = await load('@modelcontextprotocol/server');
const stdio = await load('@modelcontextprotocol/server/stdio');
const codec = stateCodec(sdk);

function makeServer() {
  const server = new sdk.McpServer(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
        extensions: { [kTasks]: {} },
      },
      requestState: { verify: codec.verify },
    },
  );
  addTools(server, sdk);
  addInputTools(server, sdk, codec);
  addTaskTools(server, sdk);
  addResources(server, sdk);
  addPrompts(server, sdk);
  return server;
}

stdio.serveStdio(makeServer, {
  transport: withTasks(new stdio.StdioServerTransport()),
  onerror: (error) => console.error('fixture:', error.message),
});
