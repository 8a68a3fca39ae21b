/**
 * The certificate library's container asks for three functions of the `reflect-metadata` proposal
 * when it is loaded. This is all of them, instead of one more dependency.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

function getOwnMetadata(key: unknown, target: object): unknown {
  return metadata.get(target)?.get(key);
}

function getMetadata(key: unknown, target: object | null): unknown {
  for (let owner = target; owner !== null; owner = Object.getPrototypeOf(owner) as object | null) {
    const value = getOwnMetadata(key, owner);
    if (value !== undefined) return value;
  }
  return undefined;
}

function defineMetadata(key: unknown, value: unknown, target: object): void {
  const values = metadata.get(target) ?? new Map<unknown, unknown>();
  values.set(key, value);
  metadata.set(target, values);
}

if (!('getMetadata' in Reflect)) Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
