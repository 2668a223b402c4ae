// SPDX-License-Identifier: Apache-2.0
// node agree.mjs ROOT: the published schema and the reader agree. Good: the
// presets, the policies that the pages show, and what the golden cases hold
// without an error must be valid. Bad: what has an error must not be, unless
// all its errors are of a kind that a schema cannot see.
import {createRequire} from 'node:module';
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

const root = process.argv[2];
const require = createRequire(join(root, 'build/npm/package.json'));
const Ajv = require('ajv/dist/2020').default;
const {LineCounter, parseDocument} = require('yaml');

const text = (path) => readFileSync(join(root, path), 'utf8');
const schema = JSON.parse(text('docs/policy.schema.json'));
const validate =
    new Ajv({strict: true, strictTypes: false, strictRequired: false})
        .compile(schema);

// Of a text with YAML faults, other files, the tables or the whole list of
// rules: P001–P011, duplicate ids, resources, expressions, settings that are
// not given, extends, zones, and what belongs to another layer.
const kUnseen = new Set(
    ['P001', 'P002', 'P003', 'P004', 'P005', 'P006', 'P007', 'P008', 'P009',
     'P010', 'P011', 'P017', 'P020', 'P021', 'P027', 'P028', 'P029', 'P031',
     'P033', 'P034']);

// Of lengths and dates a schema sees the form only.
const kFormOnly = new Set(['bad-bounds.yaml']);

const kHead = {apiVersion: 'gatehouse/v1', kind: 'Policy', name: 'p'};
const kRule = {id: 'a', allow: 'get'};

let checked = 0;
let failed = 0;
function fail(name, why) {
  failed += 1;
  console.error(`${name}: ${why}`);
}

function read(yaml) {
  const lines = new LineCounter();
  const document = parseDocument(
      yaml, {version: '1.2', schema: 'core', lineCounter: lines});
  return {document, lines};
}

function expectGood(name, policy) {
  checked += 1;
  if (!validate(policy)) fail(name, JSON.stringify(validate.errors[0]));
}

// `codes`: of the reader's errors.
function expectAs(name, policy, codes) {
  if (codes.length === 0) return expectGood(name, policy);
  if (codes.every((code) => kUnseen.has(code))) return;
  checked += 1;
  if (validate(policy)) fail(name, `the schema takes it, not the reader`);
}

function checkGood(name, yaml) {
  const {document} = read(yaml);
  if (document.errors.length > 0) return fail(name, document.errors[0].message);
  expectGood(name, document.toJS());
}

// Each rule on its own, and the document without its rules: a file of many
// faults is refused for any one of them.
function checkGolden(name, yaml, expected) {
  const {document, lines} = read(yaml);
  const errors = [...expected.matchAll(/:(\d+):\d+: error\[(P\d+)\]/g)].map(
      (match) => ({line: Number(match[1]), code: match[2]}));
  if (document.errors.length > 0) return;
  const policy = document.toJS();
  const rules = document.get?.('rules', true)?.items;
  if (!Array.isArray(rules)) {
    return expectAs(name, policy, errors.map(({code}) => code));
  }
  const inRules = new Set();
  rules.forEach((rule, index) => {
    const from = lines.linePos(rule.range[0]).line;
    const to = lines.linePos(rule.range[1] - 1).line;
    const own = errors.filter(({line}) => line >= from && line <= to);
    own.forEach((error) => inRules.add(error));
    expectAs(`${name}:${from}`, {...kHead, rules: [policy.rules[index]]},
             own.map(({code}) => code));
  });
  const rest = errors.filter((error) => !inRules.has(error));
  const sample = rules.length === 0 ? [] : [kRule];
  expectAs(name, {...policy, rules: sample}, rest.map(({code}) => code));
}

const presets = 'rules/presets';
for (const file of readdirSync(join(root, presets))) {
  checkGood(file, text(join(presets, file)));
}
const pages = ['README.md', 'rules/README.md'];
for (const file of readdirSync(join(root, 'docs'))) {
  if (file.endsWith('.md')) pages.push(join('docs', file));
}
for (const page of pages) {
  for (const [, block] of text(page).matchAll(/^```yaml\n(.*?)^```/gms)) {
    if (block.includes('kind: Policy\n')) checkGood(page, block);
  }
}
for (const folder of ['tests/golden/policy', 'tests/golden/lint']) {
  for (const file of readdirSync(join(root, folder))) {
    if (!file.endsWith('.yaml') || kFormOnly.has(file)) continue;
    const expected = text(join(folder, file.replace(/yaml$/, 'expected')));
    checkGolden(file, text(join(folder, file)), expected);
  }
}
console.log(`${checked} policies, ${failed} on which they disagree`);
process.exit(failed === 0 && checked > 80 ? 0 : 1);
