import { describe, expect, it } from 'vitest';
import { COPY_KEPT_MS, type CookieCopies, type CookieCopy, createCookieCopies, SURE_AFTER_MS } from '../../src/experiments/cookie-copies';
import { keyOf } from '../../src/experiments/cookie-jar';
import { cookie } from './samples';

const BIG = cookie('big', { partitionKey: { topLevelSite: 'https://shop.example' } });
const WIDE = cookie('wide', { domain: '.shop.example', hostOnly: false, httpOnly: false, sameSite: 'lax' });
const SESSION = cookie('session', { session: true, secure: false });
const OTHER = cookie('other');

/** A browser with a jar and a disk; its workers come and go. `operations` are all that touches either. */
function createBrowser() {
  const live = { now: 1_000_000, life: 1, operations: 0, killAt: Number.POSITIVE_INFINITY, isKilledAfter: false, isAllowed: true };
  const disk: { stored: unknown } = { stored: undefined };
  const jar = new Map([BIG, WIDE, SESSION, OTHER].map((one) => [keyOf(one), one]));
  const wakes: number[] = [];
  /** Nothing after the kill ever happens. */
  const touch = async (work: () => void) => {
    live.operations += 1;
    const never = new Promise<never>(() => undefined);
    if (live.operations > live.killAt || (live.operations === live.killAt && !live.isKilledAfter)) return never;
    work();
    return live.operations === live.killAt ? never : undefined;
  };
  const allowed = () => {
    if (!live.isAllowed) throw new Error('the permission was taken back');
  };
  return {
    live,
    disk,
    jar,
    wakes,
    stored: () => (disk.stored ?? []) as CookieCopy[],
    now: () => [...jar.values()].map(({ name }) => name).sort(),
    worker(): CookieCopies {
      live.operations = 0;
      return createCookieCopies({
        read: async () => structuredClone(disk.stored),
        write: async (copies) => {
          await touch(() => {
            disk.stored = structuredClone(copies);
          });
        },
        jar: {
          async all() {
            allowed();
            return [...jar.values()];
          },
          async remove(one) {
            allowed();
            await touch(() => jar.delete(keyOf(one)));
          },
          async put(one) {
            allowed();
            await touch(() => jar.set(keyOf(one), one));
          },
        },
        now: () => live.now,
        newId: () => 'd1',
        life: async () => `life${live.life}`,
        wakeAt: (atMs) => wakes.push(atMs),
      });
    },
  };
}
const ALL = ['big', 'other', 'session', 'wide'];
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('copies of deleted cookies', () => {
  it('delete just those, and bring them back as they were', async () => {
    const browser = createBrowser();
    const before = structuredClone([...browser.jar]);
    const copies = browser.worker();
    const deletion = await copies.remove('d1', 'shop.example', [BIG, WIDE, SESSION]);
    expect(browser.now()).toEqual(['other']);
    expect(deletion).toMatchObject({ state: 'removed', names: ['big', 'wide', 'session'], isUndoable: true });
    expect(JSON.stringify(await copies.deletions())).not.toContain('value of');
    const back = await copies.bringBack(deletion.id);
    expect(back).toMatchObject({ state: 'restored', isUndoable: false });
    expect(structuredClone([...browser.jar]).sort()).toEqual(before.sort());
    // Once the disk surely knows, the values are gone.
    browser.live.now += SURE_AFTER_MS;
    await copies.tidy();
    expect(JSON.stringify(browser.stored())).not.toContain('value of');
  });

  it('lose nothing, whoever is killed and whenever', async () => {
    let points = 0;
    for (const isUndo of [false, true]) {
      for (const isBrowser of [false, true]) {
        for (const isKilledAfter of [false, true]) {
          for (let killAt = 1; killAt <= 5; killAt += 1) {
            const browser = createBrowser();
            let id = '';
            if (isUndo) id = (await browser.worker().remove('d1', 'shop.example', [BIG, WIDE, SESSION])).id;
            const copies = browser.worker();
            Object.assign(browser.live, { killAt, isKilledAfter });
            void (isUndo ? copies.bringBack(id) : copies.remove('d1', 'shop.example', [BIG, WIDE, SESSION]));
            await settled();
            points += 1;
            browser.live.killAt = Number.POSITIVE_INFINITY;
            if (isBrowser) {
              browser.live.life += 1;
              // A browser that starts ends sessions by itself.
              browser.jar.delete(keyOf(SESSION));
            }
            const after = browser.worker();
            await after.tidy();
            const left = browser.now().filter((name) => name !== 'session');
            const isAsBefore = left.length === 3;
            const isAsChosen = left.length === 1;
            const at = `${isUndo ? 'undo' : 'deletion'}, ${isBrowser ? 'browser' : 'worker'} killed ${isKilledAfter ? 'after' : 'before'} ${killAt}`;
            expect(isAsBefore || isAsChosen, `${at}: ${left}`).toBe(true);
            if (!isBrowser) expect(browser.now().includes('session'), at).toBe(isAsBefore);
            // What is gone can still be brought back.
            const [deletion] = await after.deletions();
            if (isAsChosen) expect(deletion?.isUndoable, at).toBe(true);
          }
        }
      }
    }
    process.stdout.write(`copies of cookies: ${points} kill points, nothing lost\n`);
  });

  it('undo what the disk did not know, in the browser’s next life', async () => {
    const browser = createBrowser();
    const deletion = await browser.worker().remove('d1', 'shop.example', [BIG]);
    // Killed before the disk knew: the cookie is back, although the person had it deleted.
    browser.live.life += 1;
    browser.jar.set(keyOf(BIG), BIG);
    await browser.worker().tidy();
    expect(browser.now()).not.toContain('big');
    await browser.worker().bringBack(deletion.id);
    expect(browser.now()).toContain('big');
    // And the return was not on the disk either.
    browser.live.life += 1;
    browser.jar.delete(keyOf(BIG));
    await browser.worker().tidy();
    expect(browser.now()).toContain('big');
    // Later it is the person's or the site's own doing.
    browser.live.now += SURE_AFTER_MS;
    await browser.worker().tidy();
    browser.live.life += 1;
    browser.jar.delete(keyOf(BIG));
    await browser.worker().tidy();
    expect(browser.now()).not.toContain('big');
  });

  it('leave alone what the site has set anew, and what is over by itself', async () => {
    const browser = createBrowser();
    const short = cookie('short', { expirationDate: 2_000 });
    browser.jar.set(keyOf(short), short);
    const { id } = await browser.worker().remove('d1', 'shop.example', [BIG, WIDE, short]);
    browser.jar.set(keyOf(BIG), { ...BIG, value: 'new' });
    browser.live.now = 3_000_000;
    expect(await browser.worker().bringBack(id)).toMatchObject({ state: 'restored', leftAlone: 2 });
    expect(browser.jar.get(keyOf(BIG))?.value).toBe('new');
    expect(browser.now()).toEqual(ALL);
  });

  it('are gone after 24 hours, and cannot be undone then', async () => {
    const browser = createBrowser();
    const { id } = await browser.worker().remove('d1', 'shop.example', [BIG]);
    expect(browser.wakes.some((atMs) => atMs <= browser.live.now + COPY_KEPT_MS + 2000)).toBe(true);
    browser.live.now += SURE_AFTER_MS;
    await browser.worker().tidy();
    expect(browser.wakes.at(-1)).toBe(1_000_000 + COPY_KEPT_MS);
    browser.live.now = 1_000_000 + COPY_KEPT_MS;
    await browser.worker().tidy();
    expect(JSON.stringify(browser.stored())).not.toContain('value of');
    expect(await browser.worker().deletions()).toMatchObject([{ state: 'removed', names: ['big'], isUndoable: false }]);
    expect(await browser.worker().bringBack(id)).toBeUndefined();
    // A clock that was put back keeps no credential for years.
    const other = createBrowser();
    await other.worker().remove('d1', 'shop.example', [BIG]);
    other.live.now -= 2 * COPY_KEPT_MS;
    await other.worker().tidy();
    expect(JSON.stringify(other.stored())).not.toContain('value of');
  });

  it('wait for the permission where it was taken back in the middle, but not for ever', async () => {
    const browser = createBrowser();
    const copies = browser.worker();
    const { jar, live } = browser;
    const removing = copies.remove('d1', 'shop.example', [BIG, WIDE]);
    const original = jar.delete.bind(jar);
    jar.delete = (key) => {
      live.isAllowed = false;
      return original(key);
    };
    await expect(removing).rejects.toThrow('taken back');
    expect(browser.stored()[0]?.state).toBe('removing');
    await copies.tidy();
    live.isAllowed = true;
    jar.delete = original;
    await copies.tidy();
    expect(browser.now()).toEqual(ALL);
    expect(await copies.deletions()).toMatchObject([{ state: 'restored', wasBrokenOff: true }]);

    const lost = createBrowser();
    await lost.worker().remove('d1', 'shop.example', [BIG]);
    lost.live.isAllowed = false;
    lost.live.now += COPY_KEPT_MS;
    await lost.worker().tidy();
    expect(JSON.stringify(lost.stored())).not.toContain('value of');
  });

  it('bring back the others where the jar refuses one', async () => {
    const browser = createBrowser();
    const copies = browser.worker();
    await copies.remove('d1', 'shop.example', [BIG, WIDE]);
    const set = browser.jar.set.bind(browser.jar);
    browser.jar.set = (key, value) => {
      if (value.name === 'big') throw new Error('refused');
      return set(key, value);
    };
    await expect(copies.bringBack('d1')).rejects.toThrow('refused');
    expect(browser.now()).toEqual(['other', 'session', 'wide']);
    browser.jar.set = set;
    await copies.tidy();
    expect(browser.now()).toEqual(ALL);
  });

  it('keep no credential of a shape they do not know beyond its time', async () => {
    const browser = createBrowser();
    const strange = { id: 's', atMs: browser.live.now, secret: 'value of strange' };
    browser.disk.stored = [strange, { id: 'timeless', secret: 'value of timeless' }, 'value of text'];
    await browser.worker().tidy();
    expect(browser.disk.stored).toEqual([strange]);
    expect(browser.wakes.at(-1)).toBe(strange.atMs + COPY_KEPT_MS);
    await browser.worker().remove('d1', 'shop.example', [BIG]);
    expect(JSON.stringify(browser.disk.stored)).toContain('value of strange');
    browser.live.now += COPY_KEPT_MS;
    await browser.worker().tidy();
    expect(JSON.stringify(browser.disk.stored)).not.toContain('value of');
  });

  it('bear whatever is stored', async () => {
    for (const stored of [undefined, 'x', [1, null, {}], [{ id: 'a', cookies: [{ name: 1 }] }]]) {
      const browser = createBrowser();
      browser.disk.stored = stored;
      await browser.worker().tidy();
      expect(await browser.worker().deletions()).toEqual([]);
    }
  });
});
