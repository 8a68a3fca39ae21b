import * as v from 'valibot';
import type { Settings } from '../model/settings';
import { createStoredValue, type StorageArea } from './stored-value';

const SETTINGS_SCHEMA = v.object({
  isControlsAllowed: v.optional(v.boolean(), true),
  isProbeTabAllowed: v.optional(v.boolean(), true),
}) satisfies v.GenericSchema<unknown, Settings>;

/** What the person has switched; everything is allowed until they say otherwise. */
export interface SettingsStore {
  read(): Promise<Settings>;
  change(changes: Partial<Settings>): Promise<Settings>;
}

export function createSettingsStore(area: StorageArea): SettingsStore {
  const stored = createStoredValue<Settings>({
    area,
    key: 'settings',
    parse(value) {
      const parsed = v.safeParse(SETTINGS_SCHEMA, value);
      return parsed.success ? parsed.output : undefined;
    },
    empty: { isControlsAllowed: true, isProbeTabAllowed: true },
  });
  return {
    read: () => stored.read(),
    change: ({ isControlsAllowed, isProbeTabAllowed }) =>
      stored.update((settings) => ({
        isControlsAllowed: isControlsAllowed ?? settings.isControlsAllowed,
        isProbeTabAllowed: isProbeTabAllowed ?? settings.isProbeTabAllowed,
      })),
  };
}
