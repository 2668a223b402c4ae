// SPDX-License-Identifier: Apache-2.0
// The fixture's tools that answer at once, or while they report: content of
// each kind, errors, progress, log lines, schemas, changed lists.

// One red pixel, and a WAV header with no samples.
export const kPixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIA' +
  'X8jx0gAAAABJRU5ErkJggg==';
const kSilence =
  'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

export function text(words) {
  return { type: 'text', text: words };
}
const image = { type: 'image', data: kPixel, mimeType: 'image/png' };
function embedded(uri, mimeType, words) {
  return { type: 'resource', resource: { uri, mimeType, text: words } };
}

// Tools that always give the same content.
const kContent = {
  test_simple_text: [text('plain text')],
  test_image_content: [image],
  test_audio_content: [
    { type: 'audio', data: kSilence, mimeType: 'audio/wav' },
  ],
  test_embedded_resource: [
    embedded('test://embedded-resource', 'text/plain', 'embedded text'),
  ],
  test_multiple_content_types: [
    text('three kinds'),
    image,
    embedded('test://mixed-content-resource', 'application/json', '{"a":1}'),
  ],
};

// Every keyword of the 2020-12 dialect that a list must keep.
const kDialect = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: {
    properties: { contactMethod: { const: 'phone' } },
    required: ['contactMethod'],
  },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

async function reportProgress(_arguments, context) {
  const progressToken = context.mcpReq._meta?.progressToken;
  for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
    await context.mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken, progress, total: 100 },
    });
  }
  return { content: [text(String(progressToken))] };
}

async function reportLog(_arguments, context) {
  for (const line of ['started', 'working', 'done']) {
    await context.mcpReq.log('info', line);
  }
  return { content: [text('logged')] };
}

export function addTools(server, sdk) {
  const anything = sdk.fromJsonSchema({ type: 'object', properties: {} });
  const add = (name, run, inputSchema = anything) =>
    server.registerTool(name, { description: name, inputSchema }, run);

  for (const [name, content] of Object.entries(kContent)) {
    add(name, () => ({ content }));
  }
  add('test_error_handling', () => {
    throw new Error('this tool always fails');
  });
  add('test_tool_with_progress', reportProgress);
  add('test_streaming_elicitation', reportProgress);
  add('test_tool_with_logging', reportLog);
  add('test_logging_tool', reportLog);
  add(
    'json_schema_2020_12_tool',
    (given) => ({ content: [text(JSON.stringify(given))] }),
    sdk.fromJsonSchema(kDialect),
  );
  add('test_trigger_tool_change', () => {
    server.sendToolListChanged();
    return { content: [text('tools changed')] };
  });
  add('test_trigger_prompt_change', () => {
    server.sendPromptListChanged();
    return { content: [text('prompts changed')] };
  });
}
