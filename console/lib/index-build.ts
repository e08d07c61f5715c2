import type { IndexBuild, IndexStatus } from '../../server/protocol/http-knowledge.ts';
import type { Tone } from './words.ts';

/** What an owner calls an embedder: `text-embedding-3-small`, `bge-m3 on models.example`, `the built-in model`. */
export const embedderName = (id: string): string => {
  if (id.startsWith('builtin')) return 'the built-in model';
  const [, model, url] = /^openai:(.+?):\d+(?:@(.+))?$/.exec(id) ?? [];
  if (model === undefined) return id;
  return url === undefined || !URL.canParse(url) ? model : `${model} on ${new URL(url).host}`;
};

/** How a build's state is shown. */
export const buildStates: Readonly<Record<IndexBuild['state'], { word: string; tone: Tone }>> = {
  waiting: { word: 'Waiting', tone: 'neutral' },
  embedding: { word: 'Building', tone: 'active' },
  indexing: { word: 'Nearly done', tone: 'active' },
  failed: { word: 'Broke off', tone: 'danger' },
};

/** A wait in words: `40 seconds`, `3 minutes`, `2 hours`. */
const inWords = (seconds: number): string => {
  const say = (value: number, word: string) => `${value} ${word}${value === 1 ? '' : 's'}`;
  if (seconds < 90) return say(Math.max(1, Math.ceil(seconds)), 'second');
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? say(minutes, 'minute') : say(Math.round(minutes / 60), 'hour');
};

/** Its pace and the time left: `41.5 per second, about 3 minutes left`; null while it cannot be told. */
export const paceOf = ({ perSecond, secondsLeft }: IndexBuild): string | null => {
  if (perSecond === null) return null;
  const left = secondsLeft === null ? '' : `, about ${inWords(secondsLeft)} left`;
  return `${perSecond.toFixed(1)} per second${left}`;
};

/** How far it is, in a sentence. */
export const describeBuild = ({ state, done, total, ann }: IndexBuild): string => {
  if (state === 'waiting') return 'Waiting for a worker to begin';
  if (state === 'indexing') {
    const made = `All ${total.toLocaleString()} passages are read; their index is being made`;
    const share = typeof ann?.share === 'number' ? `, ${Math.floor(100 * ann.share)} %` : '';
    return made + share;
  }
  return `${done.toLocaleString()} of ${total.toLocaleString()} passages`;
};

/** What the build is for, and what search does until it is whole. */
export const explainBuild = ({ state, embedder }: IndexBuild, live: IndexStatus['live']): string => {
  const isUnderWay = state === 'embedding' || state === 'indexing';
  const meanwhile = live === null ? 'goes by words alone' : `uses ${embedderName(live.embedder)}`;
  const task = `All passages are ${isUnderWay ? 'being' : 'to be'} read by ${embedderName(embedder)}.`;
  return `${task} Until it has them all, search ${meanwhile}; nothing is missing meanwhile.`;
};
