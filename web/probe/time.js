/**
 * Time that a page cannot touch.
 *
 * Pages are tested with clocks of their own (fake timers, a frozen date), and what installs those
 * may run before us: the first script of a document is not always ours. So a function is taken as
 * it is only where the browser made it; where it is no native any more, another native that
 * nobody fakes says the same: the start of a performance mark, the date of a new file, a
 * scheduled task.
 *
 * @typedef {object} Time
 * @property {() => number} pageMs Page time, ms since the epoch; never goes back.
 * @property {() => number} wallMs The wall clock, cut to whole ms, as `Date.now` of a worklet.
 * @property {(task: () => void, afterMs: number) => void} defer Runs a task later.
 * @property {(task: () => void) => void} soon Runs a task at the end of the running one.
 */

const FIND_EDGE_STEPS = 20_000;

/**
 * @param {any} target The window.
 * @returns {Time}
 */
export function nativeTime(target) {
  const isNative = createCheck(target);
  const wallMs = nativeWall(target, isNative);
  return { pageMs: nativePageMs(target, isNative, wallMs), wallMs, defer: nativeDefer(target, isNative), soon };
}

/** @param {any} target @returns {(value: any, name: string) => boolean} */
function createCheck(target) {
  const print = target.Function?.prototype.toString;
  return (value, name) =>
    typeof value === "function" &&
    Boolean(print) &&
    Reflect.apply(print, value, []) === `function ${name}() { [native code] }`;
}

/** @param {any} target @param {(value: any, name: string) => boolean} isNative */
function nativeWall(target, isNative) {
  const { File } = target;
  const now = target.Date?.now ?? Date.now;
  if (isNative(now, "now") || !isNative(File, "File")) return () => now();
  return () => new File([], "").lastModified;
}

/**
 * @param {any} target @param {(value: any, name: string) => boolean} isNative
 * @param {() => number} wallMs
 */
function nativePageMs(target, isNative, wallMs) {
  const { performance, PerformanceMark } = target;
  const { now } = performance;
  if (isNative(now, "now") || !isNative(PerformanceMark, "PerformanceMark")) {
    const { timeOrigin } = performance;
    return () => timeOrigin + Reflect.apply(now, performance, []);
  }
  const sinceStartMs = () => new PerformanceMark("").startTime;
  const originMs = findOriginMs(sinceStartMs, wallMs);
  return () => originMs + sinceStartMs();
}

/** When page time began, by a tick of the wall clock. @param {() => number} sinceStartMs @param {() => number} wallMs */
function findOriginMs(sinceStartMs, wallMs) {
  const firstMs = wallMs();
  let tickMs = firstMs;
  for (let i = 0; tickMs === firstMs && i < FIND_EDGE_STEPS; i++) tickMs = wallMs();
  return tickMs - sinceStartMs();
}

/**
 * @param {any} target @param {(value: any, name: string) => boolean} isNative
 * @returns {(task: () => void, afterMs: number) => void}
 */
function nativeDefer(target, isNative) {
  const { setTimeout, scheduler } = target;
  const postTask = scheduler?.postTask;
  if (isNative(setTimeout, "setTimeout") || !isNative(postTask, "postTask")) {
    return (task, afterMs) => Reflect.apply(setTimeout, target, [task, afterMs]);
  }
  return (task, afterMs) => {
    Reflect.apply(postTask, scheduler, [task, { delay: afterMs }]).catch(() => {});
  };
}

/** `await` needs no global that could be replaced. @param {() => void} task */
async function soon(task) {
  await undefined;
  task();
}
