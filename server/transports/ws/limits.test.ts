import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicAddressOf } from './address.ts';
import { createKeyedLimit, createSenderLimit } from './keyed-limit.ts';
import { createTokenBucket } from './rate-limit.ts';

describe('a token bucket', () => {
  test('never lets more through than burst plus rate times time', () => {
    const steps = fc.array(fc.nat(2_000), { maxLength: 200 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (pauses, burst, perSecond) => {
          const bucket = createTokenBucket({ burst, perSecond });
          let now = 0;
          let passed = 0;
          for (const pause of pauses) {
            now += pause;
            if (bucket.take(now) === 0) passed += 1;
            expect(passed).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6);
          }
        },
      ),
    );
  });

  test('lets through whoever waits as long as it was told', () => {
    const bucket = createTokenBucket({ burst: 1, perSecond: 3 });
    let now = 0;
    for (let index = 0; index < 50; index += 1) {
      now += bucket.take(now);
      if (index > 0) now += bucket.take(now);
    }
    expect(bucket.take(now)).toBeGreaterThan(0);
    expect(bucket.take(now + bucket.take(now))).toBe(0);
  });
});

describe('limits over connections', () => {
  test('CON-13 keys do not take from each other, and forgotten ones cost no memory', () => {
    const limit = createKeyedLimit({ burst: 1, perSecond: 1 });
    expect(limit.take('a', 0)).toBe(0);
    expect(limit.take('a', 0)).toBeGreaterThan(0);
    expect(limit.take('b', 0)).toBe(0);
    for (let index = 0; index < 10_000; index += 1) limit.take(`other ${String(index)}`, 0);
    expect(limit.take('a', 0)).toBe(0);
  });

  test('I3 CON-13 what one person is refused takes nothing from others of the address and the site', () => {
    const [few, shared] = [
      { burst: 2, perSecond: 1 },
      { burst: 10, perSecond: 1 },
    ];
    const limit = createSenderLimit({ person: few, address: shared, site: shared });
    const flooder = { personId: 'flooder', address: '203.0.113.7', siteId: 's' };
    const answers = Array.from({ length: 1_000 }, () => limit(flooder, 0));
    expect(answers.filter((waitMs) => waitMs === 0)).toHaveLength(2);
    expect(limit({ ...flooder, personId: 'other' }, 0)).toBe(0);
    expect(limit({ ...flooder, personId: 'elsewhere', address: '203.0.113.8' }, 0)).toBe(0);
  });

  test('CON-13 a person, an address and a site each have their own allowance', () => {
    const few = { burst: 2, perSecond: 1 };
    const most = { burst: 1e6, perSecond: 1e6 };
    const sender = { personId: 'p', address: '203.0.113.7', siteId: 's' };
    for (const tight of ['person', 'address', 'site'] as const) {
      const limit = createSenderLimit({ person: most, address: most, site: most, [tight]: few });
      expect([limit(sender, 0), limit(sender, 0)]).toEqual([0, 0]);
      expect(limit(sender, 0)).toBeGreaterThan(0);
    }
    const nameless = createSenderLimit({ person: most, address: few, site: most });
    const hidden = { ...sender, address: null };
    expect([1, 2, 3].map(() => nameless(hidden, 0))).toEqual([0, 0, 0]);
  });
});

describe('the address', () => {
  const from = (remoteAddress: string, forwarded?: string) => ({
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress },
  });

  test('is that of the connection; inner networks name nobody', () => {
    expect(publicAddressOf(from('203.0.113.7'), 0)).toBe('203.0.113.7');
    expect(publicAddressOf(from('::ffff:203.0.113.7'), 0)).toBe('203.0.113.7');
    expect(publicAddressOf(from('2001:db8::1'), 0)).toBe('2001:db8::1');
    for (const address of ['127.0.0.1', '::1', '10.1.2.3', '::ffff:192.168.0.9', 'fd00::1', 'nonsense']) {
      expect(publicAddressOf(from(address), 0)).toBeNull();
    }
  });

  test('comes from the header only as far as our own proxies wrote it', () => {
    const lied = '198.51.100.1, 203.0.113.7';
    expect(publicAddressOf(from('10.0.0.2', lied), 0)).toBeNull();
    expect(publicAddressOf(from('203.0.113.9', lied), 0)).toBe('203.0.113.9');
    expect(publicAddressOf(from('10.0.0.2', lied), 1)).toBe('203.0.113.7');
    expect(publicAddressOf(from('10.0.0.2', lied), 2)).toBe('198.51.100.1');
    expect(publicAddressOf(from('10.0.0.2'), 1)).toBeNull();
  });
});
