// SPDX-License-Identifier: Apache-2.0
// The fixture's resources (fixed, templated, watched) and prompts, and the
// methods around them: subscriptions and completion.
import { kPixel, text } from './fixture_tools.mjs';

export function addResources(server, sdk) {
  const add = (name, uri, mimeType, body) =>
    server.registerResource(name, uri, { mimeType }, () => ({
      contents: [{ uri, mimeType, ...body }],
    }));
  add('static-text', 'test://static-text', 'text/plain', { text: 'fixed' });
  add('static-binary', 'test://static-binary', 'image/png', { blob: kPixel });
  add('watched', 'test://watched-resource', 'text/plain', { text: 'watched' });
  server.registerResource(
    'template',
    new sdk.ResourceTemplate('test://template/{id}/data', {
      list: undefined,
      complete: { id: (start) => [start + '1', start + '2'] },
    }),
    { mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id }),
        },
      ],
    }),
  );
  for (const method of ['resources/subscribe', 'resources/unsubscribe']) {
    server.server.setRequestHandler(method, () => ({}));
  }
}

export function addPrompts(server, sdk) {
  const strings = (...names) =>
    sdk.fromJsonSchema({
      type: 'object',
      properties: Object.fromEntries(names.map((n) => [n, { type: 'string' }])),
      required: names,
    });
  const user = (content) => ({ role: 'user', content });
  const add = (name, argsSchema, messages) =>
    server.registerPrompt(
      name,
      { description: name, ...(argsSchema ? { argsSchema } : {}) },
      (given) => ({ messages: messages(given) }),
    );
  add('test_simple_prompt', undefined, () => [user(text('a simple prompt'))]);
  add('test_prompt_with_arguments', strings('arg1', 'arg2'), (given) => [
    user(text(`first ${given.arg1}, second ${given.arg2}`)),
  ]);
  add('test_prompt_with_embedded_resource', strings('resourceUri'), (given) => [
    user({
      type: 'resource',
      resource: { uri: given.resourceUri, mimeType: 'text/plain', text: 'in' },
    }),
    user(text('read the above')),
  ]);
  add('test_prompt_with_image', undefined, () => [
    user({ type: 'image', data: kPixel, mimeType: 'image/png' }),
    user(text('look at the above')),
  ]);
  // By hand: completable arguments would want a schema library.
  server.server.setRequestHandler('completion/complete', () => ({
    completion: { values: ['one', 'two'], total: 2, hasMore: false },
  }));
}
