import { describe, expect, it } from 'vitest';
import { openSessionPort, type PortLike } from '../../src/messaging/session-port';
import type { SessionState, SessionView } from '../../src/model/session';

/** A browser whose worker can be killed. */
function createWorld() {
  const ports: { name: string; deliver(message: unknown): void; die(): void; isClosed: boolean }[] = [];
  const pauses: { run: () => void; afterMs: number; isCancelled: boolean }[] = [];
  const repaired: string[] = [];
  let failures = 0;
  return {
    repaired,
    ports,
    pauses,
    failNext(count: number) {
      failures = count;
    },
    doors: {
      connect(name: string): PortLike {
        if (failures > 0) {
          failures -= 1;
          throw new Error('Extension context invalidated.');
        }
        const onMessage: ((message: unknown) => void)[] = [];
        const onDisconnect: (() => void)[] = [];
        const port = {
          name,
          isClosed: false,
          deliver: (message: unknown) => onMessage.forEach((listener) => void listener(message)),
          die: () => onDisconnect.forEach((listener) => void listener()),
        };
        ports.push(port);
        return {
          postMessage: () => undefined,
          disconnect: () => {
            port.isClosed = true;
          },
          onMessage: { addListener: (listener) => void onMessage.push(listener) },
          onDisconnect: { addListener: (listener) => void onDisconnect.push(listener) },
        };
      },
      derive(state: SessionState): SessionView {
        if (state.id === 'broken') throw new TypeError('measurements.controls.results is not iterable');
        return { state } as SessionView;
      },
      async repair(sessionId: string) {
        repaired.push(sessionId);
      },
      later(run: () => void, afterMs: number) {
        const pause = { run, afterMs, isCancelled: false };
        pauses.push(pause);
        return () => {
          pause.isCancelled = true;
        };
      },
    },
  };
}
const message = (id: string) => ({ state: { id }, changes: [] });

describe('openSessionPort', () => {
  it('hands on views and connects again after the worker died', () => {
    const world = createWorld();
    const seen: string[] = [];
    openSessionPort(world.doors, 's1', (received) => seen.push(received.state.id));
    expect(world.ports.map(({ name }) => name)).toEqual(['session:s1']);
    world.ports[0]?.deliver(message('first'));
    world.ports[0]?.die();
    world.pauses[0]?.run();
    world.ports[1]?.deliver(message('second'));
    expect(seen).toEqual(['first', 'second']);
  });

  it('waits longer each time while nothing answers, then from the start again', () => {
    const world = createWorld();
    world.failNext(3);
    openSessionPort(world.doors, 's1', () => undefined);
    world.pauses[0]?.run();
    world.pauses[1]?.run();
    world.pauses[2]?.run();
    world.ports[0]?.deliver(message('back'));
    world.ports[0]?.die();
    expect(world.pauses.map(({ afterMs }) => afterMs)).toEqual([50, 100, 200, 50]);
  });

  it('says once that a session is unknown and stops', () => {
    const world = createWorld();
    let lost = 0;
    openSessionPort(
      world.doors,
      's1',
      () => undefined,
      () => {
        lost += 1;
      },
    );
    world.ports[0]?.deliver({ isUnknown: true });
    world.ports[0]?.die();
    expect({ lost, isClosed: world.ports[0]?.isClosed, pauses: world.pauses.length }).toEqual({ lost: 1, isClosed: true, pauses: 0 });
  });

  it('has a session measured anew that cannot be judged, and gives it up the second time', () => {
    const world = createWorld();
    const seen: string[] = [];
    let lost = 0;
    openSessionPort(
      world.doors,
      's1',
      (received) => seen.push(received.state.id),
      () => {
        lost += 1;
      },
    );
    world.ports[0]?.deliver(message('broken'));
    world.ports[0]?.deliver(message('mended'));
    expect({ seen, lost, repaired: world.repaired }).toEqual({ seen: ['mended'], lost: 0, repaired: ['s1'] });
    world.ports[0]?.deliver(message('broken'));
    expect({ lost, repaired: world.repaired, isClosed: world.ports[0]?.isClosed }).toEqual({ lost: 1, repaired: ['s1'], isClosed: true });
  });

  it('ends when told to', () => {
    const world = createWorld();
    const end = openSessionPort(world.doors, 's1', () => undefined);
    world.ports[0]?.die();
    end();
    world.pauses[0]?.run();
    expect({ isCancelled: world.pauses[0]?.isCancelled, ports: world.ports.length }).toEqual({ isCancelled: true, ports: 1 });
  });
});
