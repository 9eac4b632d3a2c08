import { markProxy, nativeBehind } from "./shared-natives.js";

/**
 * Replace native functions by proxies that a page cannot tell from the natives.
 *
 * A proxy keeps name, length, prototype and `instanceof`; only `Function.prototype.toString`
 * would print it differently, so that one is replaced too and answers for the native.
 */

/**
 * A proxy over a native function that prints like the native.
 *
 * @template {Function} F
 * @param {F} native The function to stand in for.
 * @param {ProxyHandler<F>} handler What it does instead.
 * @returns {F}
 */
export function patch(native, handler) {
  const proxy = new Proxy(native, handler);
  markProxy(proxy, nativeBehind(native) ?? native);
  return proxy;
}

/**
 * Make `Function.prototype.toString` print our proxies as the natives they stand for.
 *
 * @param {{ Function: FunctionConstructor }} target The window.
 * @returns {() => void} Puts the original back.
 */
export function patchToString(target) {
  const prototype = target.Function.prototype;
  const original = prototype.toString;
  prototype.toString = patch(original, {
    apply: (native, self, args) => Reflect.apply(native, nativeBehind(self) ?? self, args),
  });
  return () => {
    prototype.toString = original;
  };
}

/**
 * Put a patched function in the place of a method.
 *
 * @param {any} owner The object that has the method, usually a prototype.
 * @param {string} name The method's name.
 * @param {(native: any, self: any, args: any[]) => any} apply What a call does.
 * @returns {() => void} Puts the original back; does nothing where there was no such method.
 */
export function replaceMethod(owner, name, apply) {
  const native = owner && Object.getOwnPropertyDescriptor(owner, name)?.value;
  return typeof native === "function" ? replaceValue(owner, name, patch(native, { apply })) : () => {};
}

/**
 * Put a patched class in the place of a constructor, under each of its names.
 *
 * @param {any} target The window.
 * @param {string[]} names Those that the window does not have are passed over.
 * @param {(instance: any, args: any[]) => void} onMade Told of each instance, the browser's own.
 * @returns {() => void} Puts the originals back.
 */
export function replaceConstructor(target, names, onMade) {
  const native = target[names[0]];
  if (typeof native !== "function") return () => {};
  const value = patch(native, {
    construct: (original, args, newTarget) => {
      const instance = Reflect.construct(original, args, newTarget);
      quietly(() => onMade(instance, args));
      return instance;
    },
  });
  const undo = names.map((name) => replaceValue(target, name, value));
  // The prototype of Audio is HTMLAudioElement's, and names that one.
  if (native.prototype.constructor === native) undo.push(replaceValue(native.prototype, "constructor", value));
  return () => undo.forEach((back) => back());
}

/** @param {any} owner @param {string} name @param {any} value @returns {() => void} Puts the original back. */
function replaceValue(owner, name, value) {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (!descriptor) return () => {};
  Object.defineProperty(owner, name, { ...descriptor, value });
  return () => Object.defineProperty(owner, name, descriptor);
}

/**
 * Put patched functions in the place of an attribute's getter and setter.
 *
 * @param {any} owner The prototype that has the attribute.
 * @param {string} name The attribute's name.
 * @param {{ get?: (native: any, self: any, args: any[]) => any,
 *           set?: (native: any, self: any, args: any[]) => any }} handlers
 * @returns {() => void} Puts the original back.
 */
export function replaceAttribute(owner, name, handlers) {
  const descriptor = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (!descriptor) return () => {};
  const { get, set } = descriptor;
  Object.defineProperty(owner, name, {
    ...descriptor,
    get: get && handlers.get ? patch(get, { apply: handlers.get }) : get,
    set: set && handlers.set ? patch(set, { apply: handlers.set }) : set,
  });
  return () => Object.defineProperty(owner, name, descriptor);
}

/**
 * Whether the browser sent an event; a page can make up its own, and they are none of ours.
 *
 * @param {{ isTrusted?: boolean } | undefined} event
 */
export function isReal(event) {
  return event?.isTrusted !== false;
}

/**
 * The getter of an attribute, as it is before a page may replace it.
 *
 * @param {any} owner The prototype that has the attribute; undefined where the browser has no such class.
 * @param {string} name
 * @returns {any}
 */
export function getterOf(owner, name) {
  return owner && Object.getOwnPropertyDescriptor(owner, name)?.get;
}

/** What we look at must not break what the page does. @param {() => void} work */
export function quietly(work) {
  try {
    work();
  } catch {
    // a node of another window, a context that is closed, details with getters that throw
  }
}
