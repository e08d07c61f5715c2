import { describe, expect, it } from 'vitest';
import { createMutex } from './mutex.ts';

describe('the lock of the one session', () => {
  it('lets in who is in a hurry, in order, before the patient who came first', async () => {
    const mutex = createMutex();
    const order: string[] = [];
    const release = await mutex.acquire();
    const enter = async (name: string, isPatient: boolean) => {
      const done = await mutex.acquire(isPatient);
      order.push(name);
      done();
    };
    const all = [enter('patient', true), enter('first', false), enter('second', false)];
    release();
    await Promise.all(all);
    expect(order).toEqual(['first', 'second', 'patient']);
  });

  it('lets nobody in beside a holder, and each only once', async () => {
    const mutex = createMutex();
    let inside = 0;
    let most = 0;
    const enter = async (isPatient: boolean) => {
      const release = await mutex.acquire(isPatient);
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
      release();
      release();
    };
    await Promise.all(Array.from({ length: 20 }, (_, place) => enter(place % 2 === 0)));
    expect({ inside, most }).toEqual({ inside: 0, most: 1 });
  });

  it('lets the patient in at last, although others never stop', async () => {
    let now = 0;
    const mutex = createMutex(() => now);
    const order: string[] = [];
    let release = await mutex.acquire();
    const patient = mutex.acquire(true).then((done) => {
      order.push('patient');
      done();
    });
    for (let turn = 0; turn < 5; turn += 1) {
      const next = mutex.acquire();
      now += 100;
      release();
      release = await next;
      order.push('hurried');
    }
    release();
    await patient;
    expect(order.indexOf('patient')).toBe(2);
  });
});
