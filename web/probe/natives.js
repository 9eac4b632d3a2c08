/**
 * Replace native functions by proxies that a page cannot tell from the natives.
 *
 * A proxy keeps name, length, prototype and `instanceof`; only `Function.prototype.toString`
 * would print it differently, so that one is replaced too and answers for the native.
 */

/** Native function behind each of our proxies. @type {WeakMap<object, Function>} */
const nativeOf = new WeakMap();

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
  nativeOf.set(proxy, nativeOf.get(native) ?? native);
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
    apply: (native, self, args) => Reflect.apply(native, nativeOf.get(self) ?? self, args),
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
  const descriptor = owner && Object.getOwnPropertyDescriptor(owner, name);
  if (!descriptor || typeof descriptor.value !== "function") return () => {};
  const value = patch(descriptor.value, { apply });
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
