import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Let the collector take what nobody holds; what is held weakly is held to the end of a task. */
export async function collectGarbage() {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  await new Promise((resolve) => setImmediate(resolve));
}
