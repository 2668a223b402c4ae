// SPDX-License-Identifier: Apache-2.0
// What the suite found, as text that can be compared: one line for each check,
// in order, with the message of a failure. What differs from run to run
// (times, ports, ids, signed state) is masked.
import fs from 'node:fs';
import path from 'node:path';

function masked(words) {
  return words
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(127\.0\.0\.1|localhost):\d+/g, 'HOST')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/v1\.[\w-]+\.[\w-]+/g, 'STATE');
}

// {scenario: [line, ...]}, by the folders that the suite wrote.
export function readChecks(folder) {
  const scenarios = {};
  for (const entry of fs.readdirSync(folder).sort()) {
    const name = entry.replace(/^server-/, '').replace(/-\d{4}-\d\d-.*$/, '');
    const file = path.join(folder, entry, 'checks.json');
    const checks = JSON.parse(fs.readFileSync(file, 'utf8'));
    scenarios[name] = checks.map((check) =>
      masked(
        `${check.status} ${check.id} ${check.name}` +
          (check.errorMessage ? `: ${check.errorMessage}` : ''),
      ),
    );
  }
  return scenarios;
}

export function count(scenarios, status) {
  const lines = Object.values(scenarios).flat();
  return lines.filter((line) => line.startsWith(status + ' ')).length;
}

// "" where both say the same; else the lines that only one of them has.
export function difference(bare, guarded) {
  const names = new Set([...Object.keys(bare), ...Object.keys(guarded)]);
  const lines = [];
  for (const name of names) {
    const [one, other] = [bare[name] ?? [], guarded[name] ?? []];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    lines.push(`${name}:`);
    one.filter((l) => !other.includes(l)).forEach((l) => lines.push('  - ' + l));
    other.filter((l) => !one.includes(l)).forEach((l) => lines.push('  + ' + l));
  }
  return lines.join('\n');
}
