import type { Peer } from './peer.ts';

/** Beats without any sign of life after which the line counts as dead. */
const missedBeats = 2;

/** Sends `ping` at every beat and calls `dead` when nothing was heard for two of them. */
export function createBeat(heartbeatMs: number, peer: Pick<Peer, 'send'>, dead: () => void) {
  let missed = 0;
  const timer = setInterval(() => {
    if (missed >= missedBeats) dead();
    else peer.send({ type: 'ping' });
    missed += 1;
  }, heartbeatMs);
  return {
    heard(): void {
      missed = 0;
    },
    stop(): void {
      clearInterval(timer);
    },
  };
}
