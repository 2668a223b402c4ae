// SPDX-License-Identifier: Apache-2.0
// The fixture's tools and prompt that need something of the client: before
// 2026-07-28 by requests of the server, since then by answers that ask for
// input, in one round or several, with state that the server signed.
import { randomBytes } from 'node:crypto';

import { text } from './fixture_tools.mjs';

export function stateCodec(sdk) {
  return sdk.createRequestStateCodec({ key: randomBytes(32) });
}

function form(properties, required = Object.keys(properties)) {
  return { type: 'object', properties, required };
}

const kDefaults = form(
  {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: {
      type: 'string',
      enum: ['active', 'inactive', 'pending'],
      default: 'active',
    },
    verified: { type: 'boolean', default: true },
  },
  [],
);

const kTitled = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
  { const: 'value3', title: 'Third' },
];
const kEnums = form(
  {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: kTitled },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: {
      type: 'array',
      items: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    },
    titledMulti: { type: 'array', items: { anyOf: kTitled } },
  },
  [],
);

// What one round asks for.
function asksOf(sdk) {
  const ask = sdk.inputRequired;
  const elicit = (message, properties) =>
    ask.elicit({ message, requestedSchema: form(properties) });
  const sample = (words) =>
    ask.createMessage({
      messages: [{ role: 'user', content: text(words) }],
      maxTokens: 100,
    });
  return {
    name: () => elicit('Your name?', { name: { type: 'string' } }),
    color: () => elicit('Your colour?', { color: { type: 'string' } }),
    confirm: () => elicit('Sure?', { ok: { type: 'boolean' } }),
    context: () => elicit('Which context?', { context: { type: 'string' } }),
    capital: () => sample('What is the capital of France?'),
    greeting: () => sample('Say hello'),
    roots: () => ask.listRoots(),
  };
}

// Requests of the server's own, as revisions before 2026-07-28 have them.
function addPushTools(add, sdk) {
  const words = (name) =>
    sdk.fromJsonSchema(form({ [name]: { type: 'string' } }));
  add(
    'test_sampling',
    async ({ prompt }, context) => {
      const answer = await context.mcpReq.requestSampling({
        messages: [{ role: 'user', content: text(prompt) }],
        maxTokens: 100,
      });
      return { content: [text('model: ' + JSON.stringify(answer.content))] };
    },
    words('prompt'),
  );
  const elicit = (requestedSchema) => async (given, context) => {
    const answer = await context.mcpReq.elicitInput({
      message: given.message ?? 'Please fill in',
      requestedSchema,
    });
    return {
      content: [text(`${answer.action}: ${JSON.stringify(answer.content)}`)],
    };
  };
  add(
    'test_elicitation',
    elicit(form({ response: { type: 'string' } })),
    words('message'),
  );
  add('test_elicitation_sep1034_defaults', elicit(kDefaults));
  add('test_elicitation_sep1330_enums', elicit(kEnums));
}

// All rounds of a call: each asks for what is not answered yet; the state says
// how far the call has come.
function inRounds(sdk, codec, rounds, finish, withState = true) {
  return async (...args) => {
    const context = args[args.length - 1];
    const answers = context.mcpReq.inputResponses ?? {};
    const state = context.mcpReq.requestState();
    let round = state?.round ?? 0;
    const answered = Object.keys(rounds[round]).every((key) => key in answers);
    const known = state !== undefined || !withState;
    if (answered && known) ++round;
    if (round === rounds.length) return finish(answers);
    const asked = Object.entries(rounds[round]).map(([k, ask]) => [k, ask()]);
    return sdk.inputRequired({
      inputRequests: Object.fromEntries(asked),
      ...(withState
        ? { requestState: await codec.mint({ round, once: Math.random() }) }
        : {}),
    });
  };
}

const said = (answers) => ({
  content: [text('answered: ' + Object.keys(answers).sort().join(', '))],
});

export function addInputTools(server, sdk, codec) {
  const anything = sdk.fromJsonSchema({ type: 'object', properties: {} });
  const add = (name, run, inputSchema = anything) =>
    server.registerTool(name, { description: name, inputSchema }, run);
  addPushTools(add, sdk);

  const asks = asksOf(sdk);
  const prefix = 'test_input_required_result_';
  const stateless = {
    elicitation: [{ user_name: asks.name }],
    sampling: [{ capital_question: asks.capital }],
    list_roots: [{ client_roots: asks.roots }],
  };
  for (const [name, rounds] of Object.entries(stateless)) {
    add(prefix + name, inRounds(sdk, codec, rounds, said, false));
  }
  const stateful = {
    request_state: [{ confirm: asks.confirm }],
    tampered_state: [{ confirm: asks.confirm }],
    multi_round: [{ step1: asks.name }, { step2: asks.color }],
    multiple_inputs: [
      {
        user_name: asks.name,
        greeting: asks.greeting,
        client_roots: asks.roots,
      },
    ],
  };
  for (const [name, rounds] of Object.entries(stateful)) {
    add(prefix + name, inRounds(sdk, codec, rounds, said));
  }
  add('test_missing_capability', () =>
    sdk.inputRequired({ inputRequests: { question: asks.capital() } }),
  );
  add(prefix + 'capabilities', (_arguments, context) => {
    const declared =
      context.mcpReq.envelope?.[sdk.CLIENT_CAPABILITIES_META_KEY] ?? {};
    const inputRequests = {};
    if (declared.elicitation) inputRequests.elicit_input = asks.name();
    if (declared.sampling) inputRequests.sample_input = asks.capital();
    if (Object.keys(inputRequests).length === 0) return said({});
    return sdk.inputRequired({ inputRequests });
  });
  server.registerPrompt(
    prefix + 'prompt',
    { description: 'asks for a context first' },
    inRounds(sdk, codec, [{ user_context: asks.context }], () => ({
      messages: [{ role: 'user', content: text('in that context') }],
    }), false),
  );
}
