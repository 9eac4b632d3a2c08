/**
 * A reporter of `node --test --experimental-test-coverage`: which lines of web/ the tests ran, folder
 * by folder. It fails the run where a folder falls below its floor, and names what was not run.
 * A module that no test loads counts as not run at all.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * Least share of the lines of each folder, in %: what is reached, less what versions of Node count
 * differently. They rise, and never fall.
 */
const FLOORS = { audio: 99, chatkit: 99, client: 99, inspect: 99, peer: 99, probe: 99, report: 99 };

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type !== "test:coverage") continue;
    yield "\n";
    const { workingDirectory, files } = data.summary;
    const known = new Map(files.map((file) => [relative(workingDirectory, file.path), file]));
    yield* describe(workingDirectory, known);
  }
}

/** @param {string} root @param {Map<string, any>} known */
function* describe(root, known) {
  for (const [folder, floor] of Object.entries(FLOORS)) {
    const modules = modulesOf(root, folder).map((path) => linesOf(root, path, known.get(path)));
    const covered = sum(modules.map((module) => module.covered));
    const total = sum(modules.map((module) => module.total));
    const percent = (100 * covered) / total;
    yield `web: ${folder}/ ${percent.toFixed(1)} % of ${total} lines run by the tests (floor ${floor} %)\n`;
    if (percent >= floor) continue;
    process.exitCode = 1;
    for (const { path, missing } of modules) if (missing) yield `web: ${path}: not run: ${missing}\n`;
  }
}

/** @param {string} root @param {string} folder @returns {string[]} Paths below the root. */
function modulesOf(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => [folder, ...name.split(sep)].join(sep))
    .sort();
}

/** @param {string} root @param {string} path @param {any} file What the run knows of it, if it was loaded. */
function linesOf(root, path, file) {
  if (!file) {
    const total = readFileSync(join(root, path), "utf8").split("\n").length;
    return { path, total, covered: 0, missing: "all of it" };
  }
  const missing = file.lines.filter(({ count }) => count === 0).map(({ line }) => line);
  return { path, total: file.totalLineCount, covered: file.coveredLineCount, missing: ranges(missing) };
}

/** Lines that follow each other as one. @param {number[]} lines */
function ranges(lines) {
  const starts = lines.filter((line, i) => line - 1 !== lines[i - 1]);
  const ends = lines.filter((line, i) => line + 1 !== lines[i + 1]);
  return starts.map((start, i) => (start === ends[i] ? start : `${start}-${ends[i]}`)).join(" ");
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((all, value) => all + value, 0);
}
